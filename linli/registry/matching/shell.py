"""What matching adds to the shell: an entry of the sidebar, and the way from a merged record's number to the survivor."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import citizen_number, phone
from linli.pages import moved, nav
from linli.registry.matching import candidates, rules
from linli.registry.matching.models import Pair, PairState, SubjectKind, successor
from linli.registry.matching.subjects import SUBJECTS
from linli.registry.people import extensions

EDIT = Permission.EDIT_PEOPLE


def waiting(user: Any) -> int:
    """How many pairs wait in the user's area."""
    return Pair.objects.permitted(user, EDIT).filter(state=PairState.OPEN).count()


def before_registering(wanted: dict[str, Any]) -> list[extensions.Likeness]:
    """Who may be the person that somebody is about to register: the scores of `rules` over all hits, none who only lives in the
    same home."""
    number = citizen_number.normalise(str(wanted.get("id_number") or ""))
    born, sex = wanted.get("birth_date"), "0"
    if citizen_number.is_valid(number):
        read = citizen_number.parse(number)
        born, sex = born or read.birth_date, read.sex
    home = wanted.get("home")
    party = candidates.party_from(
        name="".join(str(wanted.get("name") or "").split()),
        number=number,
        sex=sex,
        born=born,
        phone=_phone(str(wanted.get("phone") or "")),
        homes=[home] if home else [],
    )
    return [
        extensions.Likeness(pk, rules.band(score), "、".join(one.said for one in reasons if one.points > 0))
        for pk, score, reasons in candidates.candidates_for(party)[:10]
    ]


def _phone(text: str) -> str:
    try:
        return phone.normalise(text) if text else ""
    except phone.InvalidPhone:
        return ""


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(nav.CHECKING, _("查重合并"), "matching:list", "git-merge", EDIT, 41, badge=waiting)
    )
    extensions.register_finder(before_registering)
    for subject in (SubjectKind.PERSON, SubjectKind.HOUSEHOLD, SubjectKind.ORGANISATION):
        moved.register(SUBJECTS[subject].model, partial(successor, subject))
