"""Findings in words: what each record is called, its page, and the page that mends it. One or two statements for a page of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.pages import html
from linli.registry.groups.models import Membership
from linli.registry.lettings.models import Letting
from linli.registry.organisations.models import Organisation
from linli.registry.people.models import HEAD, HouseholdMember
from linli.registry.places.models import Building, Estate, EstateManagement, Home
from linli.registry.quality import rules
from linli.registry.quality.models import Finding

LISTS: Final = frozenset({"matching:list"})
"""Pages that mend which are lists, and take no number."""


def _homes(ids: Sequence[int]) -> dict[int, str]:
    found = Home.objects.filter(pk__in=ids).values_list("pk", "full_address", "door")
    return {pk: address or door for pk, address, door in found}


def _buildings(ids: Sequence[int]) -> dict[int, str]:
    return {one.pk: str(one) for one in Building.objects.filter(pk__in=ids).select_related("estate")}


def _estates(ids: Sequence[int]) -> dict[int, str]:
    return dict(Estate.objects.filter(pk__in=ids).values_list("pk", "name"))


def _lettings(ids: Sequence[int]) -> dict[int, str]:
    found = Letting.objects.filter(pk__in=ids).values_list("pk", "home__full_address", "tenant_name")
    return {pk: f"{address}（{tenant}）" if tenant else address for pk, address, tenant in found}


def _households(ids: Sequence[int]) -> dict[int, str]:
    found = {pk: _("没有户主的户") for pk in ids}
    heads = HouseholdMember.objects.filter(
        household__in=ids, relation=HEAD, period__contains=timezone.localdate()
    )
    for pk, name in heads.values_list("household_id", "person__name"):
        found[pk] = _("%(name)s户") % {"name": name}
    return found


def _organisations(ids: Sequence[int]) -> dict[int, str]:
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))


def _memberships(ids: Sequence[int]) -> dict[int, str]:
    found = Membership.objects.filter(pk__in=ids).values_list("pk", "person__name", "group__name")
    return {pk: f"{name} · {group}" for pk, name, group in found}


_TITLES: Final[dict[str, tuple[Callable[[Sequence[int]], dict[int, str]], str]]] = {
    "home": (_homes, "places:home"),
    "building": (_buildings, "places:building"),
    "estate": (_estates, "places:estate"),
    "letting": (_lettings, "lettings:letting"),
    "household": (_households, "people:household"),
    "organisation": (_organisations, "organisations:organisation"),
    "membership": (_memberships, "groups:membership"),
}


def describe(check: rules.Check, findings: Sequence[Any], *, can_edit: Callable[[str], bool]) -> None:
    """Give each finding of a check its `title`, `url` and `mend_url`; a record that is gone has none of the latter."""
    titles_of, page = _TITLES[check.subject]
    titles = titles_of([one.row for one in findings])
    managements = _managements([one.row for one in findings]) if check.key == "estate_no_company" else {}
    for one in findings:
        one.title = titles.get(one.row, _("（已不在）"))
        one.may_open = one.row in titles
        one.url = html.record_url(page, one.row) if one.may_open else ""
        one.mend_url = ""
        if one.may_open and can_edit(one.region_code):
            one.mend_url = _mends(check, one, managements)


def _managements(estates: Sequence[int]) -> dict[int, int]:
    found = EstateManagement.objects.filter(estate__in=estates, period__contains=timezone.localdate())
    return dict(found.values_list("estate_id", "pk"))


def _mends(check: rules.Check, finding: Finding, managements: dict[int, int]) -> str:
    if finding.row in managements:
        return reverse("places:management_edit", args=[managements[finding.row]])
    if not check.fix:
        page = _TITLES[check.subject][1]
        return reverse(page, args=[finding.row]) + (f"?tab={check.tab}" if check.tab else "")
    return reverse(check.fix, args=[] if check.fix in LISTS else [finding.row])
