"""Every page of the sidebar speaks of the day asked for, or says on the page that it speaks of today, or is no matter of days."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from linli.access.models import User
from linli.demo.testing import build_small
from linli.pages import nav

DAY = "2025-12-31"
SPEAKS = f"正在看 {DAY} 的情况"
SAYS_TODAY = "这一页只有现在的情况，不能看过去的某一天。"

# What is no state of the base on a day, with the reason. A page that shows facts of the registry does not belong here.
NO_MATTER_OF_DAYS = {
    "forms": "forms are uploaded and filled; each says its own day",
    "lists:index": "lists are definitions; each says its own day",
    "jobs": "work that was asked for, each with its time",
    "notices": "what waits for one now",
    "calendar": "a calendar of years",
    "dictionary": "what can be known, not what is so",
    "intake:import": "a file to be imported now",
    "returns:list": "files that came back, each with its time",
}


@pytest.mark.django_db
def test_every_page_of_the_sidebar_speaks_of_a_day_or_says_that_it_does_not() -> None:
    build_small(communities=2, homes=60)
    clients = []
    for name in ("dongwai", "jiedao", "guanli", "shenji"):
        client = Client()
        client.force_login(User.objects.get(username=name))
        clients.append(client)
    silent = {}
    for item in nav.registered():
        # What the gate lets in, what is certified: things with days of their own, listed by them.
        if item.url_name in NO_MATTER_OF_DAYS or item.section == nav.GATE:
            continue
        address = f"{reverse(item.url_name)}?on={DAY}"
        answer = next((one for client in clients if (one := client.get(address)).status_code == 200), None)
        assert answer is not None, f"{item.url_name}: nobody of the demonstration may open it"
        text = answer.content.decode()
        if SPEAKS not in text and SAYS_TODAY not in text:
            silent[item.url_name] = str(item.label)
    assert silent == {}


def test_the_reasons_are_of_pages_that_there_are() -> None:
    assert NO_MATTER_OF_DAYS.keys() <= {item.url_name for item in nav.registered()}
