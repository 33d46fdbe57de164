"""Organisations on returned rosters (实有单位, 社会组织, 消防重点单位登记表): matched by credit code, registration number, or name and
place; their facts, and who answers for security and fire."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.kernel import credit_code
from linli.registry.matching.rules import Firm, bare_name, compare_firms, total
from linli.registry.organisations import actions as organisations
from linli.registry.organisations import dealings
from linli.registry.organisations import rules as firm_rules
from linli.registry.organisations.models import Organisation, OrganisationKind, Position, PositionRole
from linli.registry.places.models import Home
from linli.returns import rules
from linli.returns.reading import Column
from linli.returns.saying import Coded, Row, differs
from linli.returns.takers import lists
from linli.returns.takers.base import HELD, Option, Parts, Said, Taker, same_address, values_of

EDIT = Permission.EDIT_ORGANISATIONS
_FIELDS: Final = (
    "credit_code",
    "industry",
    "address",
    "legal_person",
    "contact",
    "staff",
    "founded_on",
    "landline",
    "supervisor",
    *sorted(firm_rules.KIND_FIELDS),
)
_ROLES: Final = ("security_head", "fire_head", "chair", "project_manager", "party_secretary", "president")
# A score from which one of several of the same name is meant, and below which none is.
_MEANT, _POSSIBLE = 60, 35
# What the title of a roster says of the kind of those who are not in the base.
_KINDS_OF: Final = tuple(str(one.value) for one in OrganisationKind)


class OrganisationTaker(Taker):
    """Rows of organisations."""

    subject = "organisation"
    noun = "单位"
    page = "organisations:organisation"
    permission = EDIT
    measure_word = "个单位"
    paths: ClassVar[Mapping[str, str]] = {
        "name": "who.name",
        "kind": "firm.kind",
        "phone": "firm.contact_phone",
        "community": "where.community",
        "grid": "where.grid",
        **{field: f"firm.{field}" for field in _FIELDS},
        **{role: f"post.{role}" for role in _ROLES},
    }
    left: ClassVar[Mapping[str, str]] = {
        "closed_on": "注销、迁出请在单位页面办理",
        "positions": "由登记的任职算出",
        "next_due": "由登记的检查算出",
        "estates_managed": "由小区的物业合同算出",
        "home.hazard_told": "隐患记在所在房屋上，请用房屋名册或在房屋页面登记",
        "home.hazard": "隐患记在所在房屋上，请用房屋名册或在房屋页面登记",
        "home.hazard_level": "隐患记在所在房屋上，请用房屋名册或在房屋页面登记",
    }
    lists = lists.FIRM
    phones = hotlines = frozenset(("firm.contact_phone",))
    telling = frozenset(("who", "firm"))

    def options(self) -> list[Option]:
        """Newcomers, what they are, and taking what is held."""
        return [
            Option("register", _("库里没有、写明了社区或选定了社区的，登记为新单位")),
            Option(
                "kind",
                _("新单位没有写明种类的，登记为"),
                self._usual_kind(),
                tuple((str(one.value), str(one.label)) for one in OrganisationKind),
            ),
            Option("override", _("与库里不同的，都按名册改"), False),
        ]

    def _usual_kind(self) -> str:
        named = [one for one in self.recognition.population.conditions if one in _KINDS_OF]
        if named:
            return named[0]
        social = any(one.endswith("_social") for one in self.recognition.population.conditions)
        return "social" if social else "resident_unit"

    # -- reading -------------------------------------------------------------------------------------------------

    def value(self, column: Column, raw: Any) -> Any:
        """Credit codes in their one way of writing. Of old licences and organisation codes the latter are compared, the former
        have been replaced and say nothing any more."""
        if column.target.detail != "credit_code":
            found = super().value(column, raw)
            # The kinds of a form (商场, 国有企业) are rarely ours: what is not understood says nothing of the kind.
            return (
                "" if isinstance(found, Coded) and found.error and column.target.detail == "kind" else found
            )
        text = "".join(rules.plain(raw).split()).upper().replace("-", "")
        if rules.is_masked(text):
            raise rules.Unreadable("代码打了星号，认不出是哪个单位，请填完整的。")
        if len(text) == 15 and text.isdigit():
            return ""
        if len(text) == 9:
            return f"+{text}"
        if not text:
            return ""
        try:
            return credit_code.parse(text).number
        except credit_code.InvalidCreditCode as error:
            raise rules.Unreadable(str(error)) from None

    def tidy(self, parts: Parts) -> Parts:
        """An organisation code is looked for, never kept: it is part of the credit code."""
        firm = parts.get("firm", {})
        if str(firm.get("credit_code", "")).startswith("+"):
            parts.setdefault("who", {})["old_code"] = firm.pop("credit_code")[1:]
        return parts

    def _asks(self, field: str) -> bool:
        return any(column.target.detail == field for column in self.columns)

    # -- planning ------------------------------------------------------------------------------------------------

    def plan(self, said: Said) -> None:
        """Which organisation each row means, and what would change."""
        self._load()
        for row, parts in said:
            row.who = str(parts.get("who", {}).get("name", ""))
            self._find(row, parts)
        wanted = [row.record for row, _parts in said if row.record]
        known = {one.pk: one for one in Organisation.objects.filter(pk__in=wanted)}
        self.holding.load(Organisation, known)
        self.holders: dict[tuple[int, str], list[Position]] = {}
        rows = Position.objects.filter(
            organisation__in=known, period__endswith__isnull=True, period__isempty=False
        )
        for one in rows.select_related("person"):
            self.holders.setdefault((one.organisation_id, one.role), []).append(one)
        seen: dict[int, int] = {}
        new: dict[tuple[str, str], int] = {}
        for row, parts in said:
            if self.is_second(row, seen):
                continue
            if row.record is not None:
                self._plan_known(row, parts, known[row.record])
                self.settle_kind(row)
            elif row.kind == rules.NEW:
                key = (bare_name(row.who), str(parts.get("firm", {}).get("address", "")))
                if key in new:
                    row.kind = rules.WRONG
                    row.wrong("", f"与第 {new[key]} 行是同一{self.measure_word}，只取前一行。")
                    continue
                new[key] = row.row
                self._plan_new(row, parts)

    def _load(self) -> None:
        """The organisations of the region, by what they are found by."""
        self.by_code: dict[str, tuple[int, str]] = {}
        self.by_old: dict[str, list[int]] = {}
        self.by_number: dict[str, list[int]] = {}
        self.by_name: dict[str, list[int]] = {}
        self.firms: dict[int, Firm] = {}
        self.where: dict[int, tuple[str, str]] = {}
        for one in Organisation.objects.in_region(self.returned.region_code).filter(closed_on=None):
            self.firms[one.pk] = Firm(
                one.name, one.kind, one.credit_code, one.contact_phone, one.premises_id, one.legal_person
            )
            self.where[one.pk] = (one.region_code, one.address)
            if one.credit_code:
                self.by_old.setdefault(one.credit_code[8:17], []).append(one.pk)
            if one.registration_number:
                self.by_number.setdefault(one.registration_number, []).append(one.pk)
            self.by_name.setdefault(bare_name(one.name), []).append(one.pk)
        codes = Organisation.objects.exclude(credit_code="").values_list("credit_code", "pk", "region_code")
        asked = self._asks("credit_code")
        self.by_code = {code: (pk, region) for code, pk, region in codes} if asked else {}

    def _find(self, row: Row, parts: Parts) -> None:
        """By the credit code; else by the registration number, the organisation code, name and what else agrees."""
        if row.record is not None:
            return
        who, firm = parts.get("who", {}), parts.get("firm", {})
        code = str(firm.get("credit_code", ""))
        if code in self.by_code:
            pk, region = self.by_code[code]
            if self.user.can(EDIT, region):
                row.record = pk
            else:
                row.kind = rules.UNKNOWN
                row.wrong("", "这个统一社会信用代码已在您负责的区域以外登记，请交给那里更新。")
            return
        number = str(firm.get("registration_number", ""))
        for found in (self.by_number.get(number, []), self.by_old.get(str(who.get("old_code", "")), [])):
            if len(found) == 1 and self.user.can(EDIT, self.where[found[0]][0]):
                row.record = found[0]
                return
        if not row.who:
            row.kind = rules.WRONG
            row.wrong("", "没有单位名称，也没有库里有的代码，不知道是哪个单位。")
            return
        self._find_by_name(row, firm)

    def _find_by_name(self, row: Row, firm: Mapping[str, Any]) -> None:
        address = str(firm.get("address", ""))
        asked = Firm(
            name=row.who,
            credit_code=str(firm.get("credit_code", "")),
            phone=str(firm.get("contact_phone", "")),
            home=self.places.by_text(address) if address else None,
            legal_person=str(firm.get("legal_person", "")),
        )
        hits = []
        for pk in self.by_name.get(bare_name(row.who), []):
            if not self.user.can(EDIT, self.where[pk][0]):
                continue
            reasons = compare_firms(asked, self.firms[pk])
            score = total(reasons)
            if same_address(address, self.where[pk][1]):
                score += 25
            if score >= _POSSIBLE:
                told = "、".join(one.said for one in reasons if one.points > 0)
                hits.append(rules.Hit(pk, self.firms[pk].name, score, told))
        hits.sort(key=lambda one: (-one.score, one.pk))
        alone = len(hits) == 1 and hits[0].name == row.who
        if alone or (
            hits and hits[0].score >= _MEANT and (len(hits) == 1 or hits[1].score + 20 <= hits[0].score)
        ):
            row.record = hits[0].pk
        elif hits:
            row.kind, row.hits = rules.UNSURE, [[hit.pk, hit.name, hit.said] for hit in hits]
            row.wrong("", f"可能是库里的{hits[0].name}（{hits[0].said}），请核对后补上统一社会信用代码再传。")
        elif row.problems and any(self._is_code(label) for label, _said in row.problems):
            row.kind = rules.WRONG
        elif self.chosen("register"):
            row.kind = rules.NEW
        else:
            row.kind = rules.UNKNOWN
            row.wrong("", "库里没有这个单位，这次没有选登记新单位。")

    def _is_code(self, label: str) -> bool:
        """Whether a column is the credit code's: nobody is registered anew whose code is written wrong."""
        return any(one.label == label and one.target.detail == "credit_code" for one in self.columns)

    def _plan_known(self, row: Row, parts: Parts, one: Organisation) -> None:
        if row.who and differs(one.name, row.who):
            row.change(_("单位名称"), one.name, row.who, _("名称不由名册改，请核对后在单位页面改"))
        row.who = one.name
        said = dict(parts.get("firm", {}))
        said.pop("kind", None)
        self._drop_foreign(row, said, one.kind)
        if (said.get("credit_code") and one.credit_code) and said["credit_code"] != one.credit_code:
            row.change(_("统一社会信用代码"), one.credit_code, str(said.pop("credit_code")), HELD)
        named = said.get("legal_person")
        if named and self.holders.get((one.pk, PositionRole.LEGAL_PERSON)):
            said.pop("legal_person")
            if differs(one.legal_person, named):
                row.change(_("法定代表人"), one.legal_person, str(named), _("换人请在单位的人员里办理"))
        self.propose(row, "firm", one, said)
        self._plan_posts(row, parts.get("post", {}), one.kind, one.pk)

    def _drop_foreign(self, row: Row, said: dict[str, Any], kind: str) -> None:
        """What the kind of an organisation does not have."""
        own = firm_rules.FIELDS_OF.get(kind, frozenset())
        for name in [one for one in said if one in firm_rules.KIND_FIELDS and one not in own]:
            value = said.pop(name)
            if value not in (False, 0):
                label = str(getattr(Organisation._meta.get_field(name), "verbose_name", name))
                row.change(label, "", _word(value), _("这类单位没有这一项"))

    def _plan_posts(self, row: Row, said: Mapping[str, Any], kind: str, pk: int | None) -> None:
        for role, name in said.items():
            if role not in firm_rules.roles_of(kind):
                continue
            held = self.holders.get((pk or 0, role), [])
            names = "、".join(one.who for one in held)
            label = str(PositionRole(role).label)
            if not held:
                row.do.setdefault("post", {})[role] = str(name)
                row.change(label, "", str(name))
            elif differs(names, str(name)):
                row.change(label, names, str(name), _("换人请在单位的人员里办理"))

    def _plan_new(self, row: Row, parts: Parts) -> None:
        said = dict(parts.get("firm", {}))
        kind = str(said.pop("kind", "") or self.chosen("kind"))
        address = str(said.get("address", ""))
        home = self.places.by_text(address) if address else None
        region = self._region_of(parts.get("where", {}), home)
        if not region:
            row.kind = rules.UNKNOWN
            row.wrong("", "库里没有这个单位。要登记的话，请写明社区或网格，或者选一个社区再传。")
            return
        row.home = home
        row.do["new"] = {"kind": kind, "region": region}
        row.change(_("单位"), "", f"{row.who}（{OrganisationKind(kind).label}）")
        self._drop_foreign(row, said, kind)
        self.new_values(row, "firm", Organisation, said)
        self._plan_posts(row, parts.get("post", {}), kind, None)

    def _region_of(self, where: Mapping[str, Any], home: int | None) -> str:
        for name in ("grid", "community"):
            found = self.places.regions.get("".join(str(where.get(name, "")).split()))
            if found:
                return found
        if home is not None:
            return str(Home.objects.filter(pk=home).values_list("region_code", flat=True).first() or "")
        return self.returned.region_code if len(self.returned.region_code) >= 12 else ""

    # -- applying ------------------------------------------------------------------------------------------------

    def register(self, row: Row, said: dict[str, Any]) -> None:
        """An organisation that is not in the base, at its premises where the address is one of ours."""
        new = said.pop("new")
        made = organisations.add_organisation(
            acting_user=self.user,
            region_code=new["region"],
            name=row.who,
            kind=new["kind"],
            reason=self.reason,
            **values_of(Organisation, said.pop("firm", {})),
            **({"premises": Home.objects.get(pk=row.home)} if row.home else {}),
        )
        row.record = made.pk

    def steps(self) -> Sequence[tuple[str, str, Callable[[Row, Any], None]]]:
        """Its facts, and those who answer for something."""
        return (("firm", _("单位信息"), self._update), ("post", _("人员"), self._appoint))

    def _update(self, row: Row, said: dict[str, Any]) -> None:
        organisations.update_organisation(
            acting_user=self.user,
            organisation=Organisation.objects.get(pk=row.record or 0),
            reason=self.reason,
            **values_of(Organisation, said),
        )

    def _appoint(self, row: Row, said: dict[str, str]) -> None:
        for role, name in said.items():
            dealings.add_position(
                acting_user=self.user,
                organisation_id=row.record or 0,
                role=role,
                name=name,
                note=self.said_by,
                reason=self.reason,
            )


def _word(value: Any) -> str:
    return value.codes.label(str(value)) if isinstance(value, Coded) else str(value)
