"""Addresses of cases, under /cases/."""

from django.urls import path

from linli.flow import kind_pages, pages

app_name = "flow"
urlpatterns = [
    path("", pages.Inbox.as_view(), name="inbox"),
    path("kinds/", kind_pages.KindList.as_view(), name="kinds"),
    path("kinds/<str:key>/", kind_pages.KindPage.as_view(), name="kind"),
    path("kinds/<str:key>/limits/", kind_pages.EditLimits.as_view(), name="kind_limits"),
    path("kinds/<str:key>/publish/", kind_pages.Publish.as_view(), name="kind_publish"),
    path("<int:pk>/", pages.CasePage.as_view(), name="case"),
    path("<int:pk>/follow/", pages.Follow.as_view(), name="follow"),
    path("<int:pk>/units/", pages.AddUnits.as_view(), name="add_units"),
    path("<int:pk>/steps/<str:step>/", pages.TakeStep.as_view(), name="step"),
    path("<int:pk>/clocks/<int:clock>/", pages.ExtendClock.as_view(), name="extend"),
    path("<int:pk>/papers/<int:file>/", pages.PaperFile.as_view(), name="paper"),
    path("<int:pk>/tasks/<int:task>/claim/", pages.Claim.as_view(), name="claim"),
    path("<int:pk>/tasks/<int:task>/report/", pages.Report.as_view(), name="report"),
    path("<int:pk>/tasks/<int:task>/back/", pages.SendBack.as_view(), name="send_back"),
    path("<int:pk>/tasks/<int:task>/withdraw/", pages.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/tasks/<int:task>/hand-over/", pages.HandOver.as_view(), name="hand_over"),
]
