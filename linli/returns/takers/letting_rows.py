"""What a row about a home says of its letting and of hazards found in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel import codes, phone
from linli.registry.lettings.models import Hazard, Letting, Severity
from linli.registry.places.models import Home
from linli.returns import rules
from linli.returns.saying import Coded, Row, differs
from linli.returns.takers.base import HELD, Taker, hidden_number

# What the landlord is told by, and what it is compared with: the letting's, its resident's, the owner's.
_OWNERS = {
    "landlord_name": "owner_name",
    "landlord_phone": "owner_phone",
    "landlord_number": "owner_id_number",
}
_OF_PERSON = {
    "landlord_name": "name",
    "landlord_phone": "phone",
    "landlord_number": "id_number",
    "tenant_name": "name",
}
# Of several lettings that run beside each other, these are added up by the dictionary.
_SUMMED = ("rent", "rooms", "most")
_SAFE = "safe"


class LettingRows(Taker):
    """The part of homes' rows that is about letting and hazards."""

    def load_lettings(self, ids: Iterable[int]) -> None:
        """The running lettings and open hazards of these homes."""
        wanted = list(ids)
        self.running: dict[int, list[Letting]] = {}
        rows = Letting.objects.filter(home__in=wanted, period__endswith__isnull=True, period__isempty=False)
        for one in rows.select_related("landlord", "tenant").order_by("period__startswith", "pk"):
            self.running.setdefault(one.home_id, []).append(one)
        self.open: dict[int, list[Hazard]] = {}
        for hazard in Hazard.objects.filter(home__in=wanted, fixed_on__isnull=True).order_by("pk"):
            self.open.setdefault(hazard.home_id, []).append(hazard)
        self.holding.load(Letting, [one.pk for some in self.running.values() for one in some])
        self.holding.load(Hazard, [one.pk for some in self.open.values() for one in some])

    # -- the letting ---------------------------------------------------------------------------------------------

    def plan_letting(
        self, row: Row, said: Mapping[str, Any], home: Home, *, is_let: bool, owner: str
    ) -> None:
        """Of a home that is let: what differs from its letting; a letting that is not on record yet."""
        running = self.running.get(home.pk, [])
        own = {name: value for name, value in said.items() if not self._is_owners(name, value, home)}
        if not own or not (is_let or running):
            return
        if not running:
            self.plan_new_letting(row, own, owner)
        elif len(running) == 1:
            self._plan_change(row, own, running[0])
        else:
            self._hold(row, own, running)

    @staticmethod
    def _is_owners(name: str, value: Any, home: Home) -> bool:
        """Whether what is said of the landlord is what is known of the owner: forms ask for both, and most owners let."""
        return name in _OWNERS and not differs(getattr(home, _OWNERS[name]), value)

    def plan_new_letting(self, row: Row, said: Mapping[str, Any], owner: str) -> None:
        """A letting that is not on record yet; its landlord is the owner unless the row names another."""
        given = {name: value for name, value in said.items() if name != "since"}
        if not given and not said:
            return
        landlord = str(given.get("landlord_name", "")) or owner
        if not landlord:
            row.wrong(_("租约"), _("登记租约要写明出租人或房主姓名，这一项没有入库。"))
            return
        self.new_values(row, "letting", Letting, given | {"landlord_name": landlord})
        if row.do.get("letting") is not None and (since := said.get("since")):
            row.do["letting"]["since"] = f"{since:%Y-%m-%d}"
            row.change(_("起租日期"), "", f"{since:%Y-%m-%d}")

    def _plan_change(self, row: Row, said: Mapping[str, Any], letting: Letting) -> None:
        wanted: dict[str, Any] = {}
        for name, value in said.items():
            if name == "since":
                if letting.period.lower != value:
                    begun = f"{letting.period.lower:%Y-%m-%d}" if letting.period.lower else ""
                    row.change(_("起租日期"), begun, f"{value:%Y-%m-%d}", HELD)
                continue
            if isinstance(value, Coded) and value.word == "个人" and letting.landlord_kind != "unit":
                continue
            who = letting.tenant if name.startswith("tenant") else letting.landlord
            if who is not None and name in _OF_PERSON:
                have = getattr(who, _OF_PERSON[name])
                if differs(have, value):
                    told: Any = Letting._meta.get_field(name)
                    label = str(told.verbose_name)
                    hide = _masks(name)
                    row.change(label, hide(str(have or "")), hide(str(value)), HELD)
                continue
            wanted[name] = value
        before = len(row.do)
        self.propose(row, "letting", letting, wanted)
        if len(row.do) > before:
            row.do["letting"]["letting"] = letting.pk

    def _hold(self, row: Row, said: Mapping[str, Any], running: list[Letting]) -> None:
        """Several run beside each other: a row cannot say which it means."""
        for name, value in said.items():
            field: Any = Letting._meta.get_field(name) if name != "since" else None
            values = [one.period.lower if name == "since" else getattr(one, name) for one in running]
            known = [one for one in values if one not in (None, "")]
            have: Any = sum(known) if name in _SUMMED and known else known[0] if known else None
            if isinstance(value, Coded):
                if value.says(str(have or "")):
                    continue
                value = value.codes.label(str(value))
            if name == "tenant_name" and str(value) == "、".join(str(one) for one in known):
                continue
            if differs(have, value):
                label = str(field.verbose_name) if field is not None else _("起租日期")
                hide = _masks(name)
                row.change(
                    label,
                    hide("" if have is None else str(have)),
                    hide(str(value)),
                    _("有几份租约，请到房屋页面改"),
                )

    # -- hazards -------------------------------------------------------------------------------------------------

    def plan_hazard(self, row: Row, said: Mapping[str, Any], home: Home | None) -> None:
        """A hazard that is not on record is reported; one that is may be described anew; that a home is safe is noted with the
        letting, unless a hazard is open: it is closed on the home's page, with what was done."""
        if not said:
            return
        level = str(said.get("level", ""))
        kind = str(said.get("kind", ""))
        told = str(said.get("told", ""))
        safe = level == _SAFE or kind == "00"
        found = self.open.get(home.pk, []) if home is not None else []
        if safe and not told:
            self._plan_safe(row, found, home)
            return
        if not (level or told or kind) or level == _SAFE:
            return
        label, shown = _("隐患"), "，".join(one for one in (_severity(level), _kind(kind), told) if one)
        if not found:
            row.do["hazard"] = {
                "kind": kind or rules.hazard_kind(told),
                "severity": level or Severity.ORDINARY,
                "description": told,
                "found_on": f"{self.returned.on:%Y-%m-%d}",
            }
            row.change(label, "", shown)
        elif len(found) == 1:
            wanted = {"severity": level, "description": told, "kind": kind}
            before = len(row.do)
            self.propose(row, "hazard", found[0], {key: value for key, value in wanted.items() if value})
            if len(row.do) > before:
                row.do["hazard"]["hazard"] = found[0].pk
        else:
            worst = (
                Severity.SEVERE
                if any(one.severity == Severity.SEVERE for one in found)
                else Severity.ORDINARY
            )
            texts = "；".join(one.description for one in found if one.description)
            if (level and level != worst) or (told and told != texts):
                row.change(label, texts, shown, _("有几处隐患，请到房屋页面改"))

    def _plan_safe(self, row: Row, found: list[Hazard], home: Home | None) -> None:
        if found:
            row.change(_("隐患"), found[0].get_kind_display(), _("安全"), _("整改完成请到房屋页面登记"))
            return
        running = self.running.get(home.pk, []) if home is not None else []
        if len(running) == 1 and running[0].checked_on is None:
            row.do.setdefault("letting", {})["checked_on"] = f"{self.returned.on:%Y-%m-%d}"
            row.do["letting"]["letting"] = running[0].pk
            row.change(_("最近检查日期"), "", f"{self.returned.on:%Y-%m-%d}（{_('安全')}）")


def _masks(name: str) -> Any:
    if name.endswith("phone"):
        return lambda value: phone.mask(value) if value else ""
    return hidden_number if name.endswith("number") and name.startswith("landlord") else str


def _severity(level: str) -> str:
    return str(dict(Severity.choices).get(level, ""))


def _kind(kind: str) -> str:
    return codes.HAZARD.label(kind) if kind else ""
