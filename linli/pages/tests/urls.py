"""Addresses of the kit's own tests: the catalogue stands for the pages of the rooms."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import TemplateView

from linli.pages import errors, kit

urlpatterns = [
    path("", kit.page, name="home"),
    path("login", TemplateView.as_view(template_name="pages/error.html"), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("", include("linli.pages.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
