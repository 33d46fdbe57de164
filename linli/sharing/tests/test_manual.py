"""The documentation: every call as a command that runs, every choice named."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from linli.sharing import manual, serializers


def by_id() -> dict[str, dict[str, object]]:
    return {str(one["id"]): one for one in manual.operations("https://linli.example")}


def test_every_operation_is_shown_as_a_command() -> None:
    for one in by_id().values():
        command = str(one["call"])
        assert command.startswith("curl ")
        assert f"https://linli.example{one['path']}" in command
        assert "-H 'Authorization: Bearer 密钥'" in command


@pytest.mark.parametrize(
    ("name", "serializer"), [("lookup", serializers.LookupRequest), ("batch", serializers.BatchRequest)]
)
def test_the_body_of_the_command_is_accepted(name: str, serializer: type) -> None:
    found = re.search(r"-d '(.+)'", str(by_id()[name]["call"]))
    assert found is not None
    asked = serializer(data=json.loads(found.group(1)))
    assert asked.is_valid(), asked.errors


def test_the_parameters_of_the_command_are_those_of_the_operation() -> None:
    for name in manual.QUERIES:
        one = by_id()[name]
        known = {row["name"]: row for row in one["parameters"]}  # type: ignore[attr-defined]
        assert set(manual.QUERIES[name]) <= set(known)
        assert {key for key, row in known.items() if row["required"]} <= set(manual.QUERIES[name])


def test_choices_are_named() -> None:
    (by,) = [row for row in by_id()["counts"]["parameters"] if row["name"] == "by"]  # type: ignore[attr-defined]
    assert "可填 street、community、grid。" in by["description"]


@pytest.mark.django_db
def test_the_page_shows_the_commands_of_this_installation(client: Client) -> None:
    text = client.get(reverse("sharing:docs")).content.decode()
    assert "curl -X POST http://testserver/api/v1/people/lookup" in text
    assert "--data-urlencode" in text
