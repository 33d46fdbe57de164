"""Addresses of the outbox."""

from django.urls import path

from linli.outbox import pages

urlpatterns = [
    path("me/reach", pages.EditReach.as_view(), name="reach"),
    path("outbox", pages.MessageList.as_view(), name="outbox"),
    path("outbox/<int:pk>/again", pages.TryAgain.as_view(), name="outbox_again"),
]
