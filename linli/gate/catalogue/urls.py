from django.urls import path

from linli.gate.catalogue import pages

app_name = "catalogue"
urlpatterns = [path("editions/<int:pk>/", pages.edition, name="edition")]
