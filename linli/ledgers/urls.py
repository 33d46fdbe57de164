"""Addresses of the forms."""

from django.urls import path

from linli.ledgers import pages

urlpatterns = [
    path("forms/", pages.FormList.as_view(), name="forms"),
    path("forms/<int:pk>/", pages.FormPage.as_view(), name="form"),
    path("forms/<int:pk>/columns/<int:column>/", pages.CorrectColumn.as_view(), name="form_column"),
    path(
        "forms/<int:pk>/columns/<int:column>/forget", pages.ForgetColumn.as_view(), name="form_column_forget"
    ),
    path("forms/<int:pk>/columns/<int:column>/values/", pages.ChooseValues.as_view(), name="form_values"),
    path(
        "forms/<int:pk>/columns/<int:column>/values/forget",
        pages.ForgetValues.as_view(),
        name="form_values_forget",
    ),
    path("forms/<int:pk>/again", pages.FillAgain.as_view(), name="form_again"),
    path("forms/<int:pk>/scope/", pages.ChooseScope.as_view(), name="form_scope"),
    path("forms/<int:pk>/scope/<int:part>/", pages.ChooseScope.as_view(), name="form_scope_part"),
    path("forms/filled/<int:pk>/", pages.FilledPage.as_view(), name="filled_form"),
    path("forms/filled/<int:pk>/file", pages.FilledFile.as_view(), name="filled_file"),
    path("forms/filled/<int:pk>/paper", pages.FilledPaper.as_view(), name="filled_paper"),
]
