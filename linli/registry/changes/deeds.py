"""What a proposal may ask that is no single value: that somebody has moved, belongs to another household, or that a shop has closed.

The owner of the facts does it on the record's own pages, by the actions that keep spells and families whole; accepting says that it is
done. Where the record tells, it must have changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel import codes
from linli.registry.changes.models import About
from linli.registry.people.actions.steps import Place, place_text
from linli.registry.people.models import Person, ResidenceKind


@dataclass(frozen=True)
class Deed:
    """`label` as it is chosen, `how` the owner does it, `now` what the record says of it (None: the record alone does not tell)."""

    label: Any
    how: Any
    now: Callable[[Any], str] | None = None


def _place(kind: str) -> Callable[[Person], str]:
    def now(person: Person) -> str:
        spell = (
            person.residences.filter(kind=kind, period__contains=timezone.localdate())
            .select_related("home")
            .order_by("pk")
            .first()
        )
        if spell is None:
            return ""
        if spell.home is not None:
            return str(spell.home.full_address)
        return place_text(Place(region_code=spell.region_code, address=spell.address))

    return now


def _household(person: Person) -> str:
    member = (
        person.memberships.filter(period__contains=timezone.localdate())
        .select_related("household")
        .order_by("pk")
        .first()
    )
    return f"{member.household.number} {codes.KINSHIP.label(member.relation)}" if member is not None else ""


def _standing(person: Person) -> str:
    return str(person.get_standing_display())


DEEDS: dict[str, dict[str, Deed]] = {
    About.PERSON: {
        "living": Deed(
            _("现住址"), _("在居民的页面办“辖区内移动”“迁入”或“更正现住址”。"), _place(ResidenceKind.LIVING)
        ),
        "hukou": Deed(
            _("户籍地址"), _("在居民的页面办“迁移户籍”或“更正户籍”。"), _place(ResidenceKind.HUKOU)
        ),
        "household": Deed(
            _("所在的户、与户主关系"), _("在居民和家庭户的页面办“加入家庭户”“分户”“更正关系”等。"), _household
        ),
        "left": Deed(_("已搬离、已去世"), _("在居民的页面办“迁出”或“登记去世”。"), _standing),
        "groups": Deed(_("所属人群、补贴待遇"), _("在居民的“人群”页签里列入、修改或退出。")),
    },
    About.HOME: {
        "residents": Deed(_("住在这里的人"), _("在各位居民的页面办搬入、搬离。")),
        "letting": Deed(_("出租情况"), _("在房屋的页面登记出租或退租。")),
    },
    About.ORGANISATION: {
        "closed": Deed(_("已关停、已搬走"), _("在单位的页面办“注销或迁出”，或改场所。")),
        "people": Deed(_("负责人、任职的人"), _("在单位的“人员”页签里改。")),
    },
}


def find(about: str, element: str) -> Deed | None:
    """The deed of that name; None for a fact."""
    return DEEDS[about].get(element)
