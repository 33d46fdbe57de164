"""Addresses of sharing: the pages of those who run it under /sharing/, the departments' systems under /api/v1/."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from linli.sharing import api, edits, pages

app_name = "sharing"
urlpatterns = [
    path("sharing/", pages.ClientList.as_view(), name="clients"),
    path("sharing/add", edits.ClientAdd.as_view(), name="client_add"),
    path("sharing/<int:pk>/", pages.ClientPage.as_view(), name="client"),
    path("sharing/<int:pk>/edit", edits.ClientEdit.as_view(), name="client_edit"),
    path("sharing/<int:pk>/key", edits.IssueKey.as_view(), name="key_issue"),
    path("sharing/<int:pk>/grant", edits.Grant.as_view(), name="grant"),
    path("sharing/keys/<int:pk>/revoke", edits.RevokeKey.as_view(), name="key_revoke"),
    path("sharing/entitlements/<int:pk>/confirm", edits.Confirm.as_view(), name="confirm"),
    path("sharing/entitlements/<int:pk>/end", edits.End.as_view(), name="end"),
    path("sharing/calls", pages.CallList.as_view(), name="calls"),
    path("sharing/docs", pages.Documentation.as_view(), name="docs"),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/v1/entitlements", api.Entitlements.as_view(), name="api_entitlements"),
    path("api/v1/people/lookup", api.Lookup.as_view(), name="api_lookup"),
    path("api/v1/people/batch", api.Batch.as_view(), name="api_batch"),
    path("api/v1/people/changes", api.Changes.as_view(), name="api_changes"),
    path("api/v1/counts", api.Counts.as_view(), name="api_counts"),
    re_path(r"^api/.*$", api.Unknown.as_view(), name="api_unknown"),
]
