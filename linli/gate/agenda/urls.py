"""Addresses of the agenda, under /agenda/."""

from django.urls import path, re_path

from linli.gate.agenda import calendar_pages, feed_pages, pages, tour_pages, visit_pages

REGION = r"(?P<region_code>\d{6,12})"
app_name = "agenda"
urlpatterns = [
    path("", calendar_pages.Home.as_view(), name="home"),
    path("year/", calendar_pages.Year.as_view(), name="year"),
    path("ceilings/", calendar_pages.Ceilings.as_view(), name="ceilings"),
    re_path(rf"^ceilings/{REGION}/$", calendar_pages.EditCeiling.as_view(), name="ceiling"),
    path("propose/", pages.Choose.as_view(), name="choose"),
    path("propose/<int:pk>/", pages.Propose.as_view(), name="propose"),
    path("proposals/", pages.ProposalList.as_view(), name="proposals"),
    path("proposals/<int:pk>/", pages.ProposalPage.as_view(), name="proposal"),
    path("proposals/<int:pk>/fix/", pages.Fix.as_view(), name="fix"),
    path("proposals/<int:pk>/consent/", pages.Consent.as_view(), name="consent"),
    path("proposals/<int:pk>/refuse/", pages.Refuse.as_view(), name="refuse"),
    path("proposals/<int:pk>/cancel/", pages.Cancel.as_view(), name="cancel"),
    path("visits/", visit_pages.VisitList.as_view(), name="visits"),
    path("visits/<int:pk>/", visit_pages.VisitPage.as_view(), name="visit"),
    path("visits/<int:pk>/answer/", visit_pages.Answer.as_view(), name="answer"),
    path("visits/<int:pk>/move/", visit_pages.Move.as_view(), name="move"),
    path("visits/<int:pk>/hours/", visit_pages.Hours.as_view(), name="hours"),
    path("visits/<int:pk>/findings/", visit_pages.Findings.as_view(), name="findings"),
    path("visits/<int:pk>/files/<int:file>/", visit_pages.File.as_view(), name="file"),
    re_path(rf"^tour/{REGION}/$", tour_pages.PlanTour.as_view(), name="plan_tour"),
    path("tours/<int:pk>/", tour_pages.TourPage.as_view(), name="tour"),
    path("feeds/", feed_pages.Feeds.as_view(), name="feeds"),
    path("feeds/<int:pk>/renew/", feed_pages.RenewFeed.as_view(), name="feed_renew"),
    path("feeds/<int:pk>/revoke/", feed_pages.RevokeFeed.as_view(), name="feed_revoke"),
    path("feed/<slug:token>.ics", feed_pages.ReadFeed.as_view(), name="feed"),
    re_path(rf"^{REGION}/$", calendar_pages.Month.as_view(), name="month"),
    re_path(rf"^{REGION}/week/$", calendar_pages.WeekPage.as_view(), name="week"),
    re_path(rf"^{REGION}/calendar\.ics$", calendar_pages.Ics.as_view(), name="ics"),
    re_path(rf"^{REGION}/unlisted/$", visit_pages.Unlisted.as_view(), name="unlisted"),
    re_path(rf"^{REGION}/join/$", visit_pages.Join.as_view(), name="join"),
]
