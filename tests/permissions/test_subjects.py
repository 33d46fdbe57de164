"""Every subject of the dictionary says by which permission its rows are seen."""

from __future__ import annotations

from django.urls import get_resolver

from linli.facts.dictionary import dictionary
from tests.permissions.test_table import _names


def test_every_subject_names_its_permission_and_its_page() -> None:
    silent = [one.key for one in dictionary.subjects() if one.permission is None]
    assert not silent, "subjects without `permission=` in their facts.py cannot be listed, counted or shared"
    pages = {one.page for one in dictionary.subjects() if one.page}
    assert pages <= set(_names(get_resolver())), "a subject's `page` is not a URL name"
    for one in dictionary.subjects():
        for path in (*one.columns, one.page_by):
            dictionary.permissions(one.key, path)
