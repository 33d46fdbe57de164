"""What matching adds to the shell: an entry of the sidebar, and the way from a merged record's number to the survivor."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages import moved, nav
from linli.registry.matching.models import Pair, PairState, SubjectKind, successor
from linli.registry.matching.subjects import SUBJECTS

EDIT = Permission.EDIT_PEOPLE


def waiting(user: Any) -> int:
    """How many pairs wait in the user's area."""
    return Pair.objects.permitted(user, EDIT).filter(state=PairState.OPEN).count()


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(nav.CHECKING, _("查重合并"), "matching:list", "git-merge", EDIT, 41, badge=waiting)
    )
    for subject in (SubjectKind.PERSON, SubjectKind.HOUSEHOLD, SubjectKind.ORGANISATION):
        moved.register(SUBJECTS[subject].model, partial(successor, subject))
