"""Addresses of adjustments, under /adjustment/."""

from django.urls import path

from linli.registry.adjustment import pages, plan_pages

app_name = "adjustment"
urlpatterns = [
    path("", pages.CommunitySizes.as_view(), name="sizes"),
    path("norms/", pages.NormList.as_view(), name="norms"),
    path("norms/add/", pages.NormAdd.as_view(), name="norm_add"),
    path("norms/<int:pk>/edit/", pages.NormEdit.as_view(), name="norm_edit"),
    path("plans/", pages.PlanList.as_view(), name="plans"),
    path("plans/add/", pages.PlanAdd.as_view(), name="plan_add"),
    path("plans/<int:pk>/", plan_pages.PlanPage.as_view(), name="plan"),
    path("plans/<int:pk>/export/", plan_pages.PlanExport.as_view(), name="plan_export"),
    path("plans/<int:pk>/buildings/", plan_pages.PickBuildings.as_view(), name="buildings"),
    path("plans/<int:pk>/found/", plan_pages.FoundCommunity.as_view(), name="found"),
    path("plans/<int:pk>/merge/", plan_pages.MergeCommunity.as_view(), name="merge"),
    path("plans/<int:pk>/rename/<slug:key>/", plan_pages.RenameCommunity.as_view(), name="rename"),
    path("plans/<int:pk>/edit/", plan_pages.QuickEdit.as_view(), name="quick"),
    path("plans/<int:pk>/propose/", plan_pages.Propose.as_view(), name="propose"),
    path("plans/<int:pk>/submit/", plan_pages.Submit.as_view(), name="submit"),
    path("plans/<int:pk>/withdraw/", plan_pages.Withdraw.as_view(), name="withdraw"),
    path("plans/<int:pk>/discard/", plan_pages.Discard.as_view(), name="discard"),
    path("plans/<int:pk>/approve/", plan_pages.Approve.as_view(), name="approve"),
    path("plans/<int:pk>/carry-out/", plan_pages.CarryOut.as_view(), name="carry_out"),
]
