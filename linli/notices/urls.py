"""Addresses of the bell."""

from django.urls import path

from linli.notices import pages

urlpatterns = [
    path("notices", pages.NoticeList.as_view(), name="notices"),
    path("notices/read", pages.SettleAll.as_view(), name="notices_read"),
    path("notices/<int:pk>", pages.OpenNotice.as_view(), name="notice"),
    path("notices/<int:pk>/done", pages.SettleNotice.as_view(), name="notice_done"),
]
