"""Addresses of the kit."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.generic import RedirectView

from linli.pages import html, kit, saved, search


class Favicon(RedirectView):
    """Browsers ask for /favicon.ico by themselves where a page names no icon."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        """The seal."""
        return html.asset("seal.svg")


urlpatterns = [
    path("search", login_required(search.page), name="search"),
    path("search/suggest", login_required(search.suggest), name="search_suggest"),
    path("views/save", saved.save, name="save_view"),
    path("views/<int:pk>/delete", saved.delete, name="delete_view"),
    path("favicon.ico", Favicon.as_view()),
    path("kit", kit.page, name="kit"),
    path("kit/list", kit.KitList.as_view(), name="kit_list"),
    path("kit/edit", kit.KitEdit.as_view(), name="kit_edit"),
    path("kit/upload", kit.KitUpload.as_view(), name="kit_upload"),
    path("kit/people/<int:pk>", kit.KitPerson.as_view(), name="kit_person"),
]
