"""Two records side by side: what each says, where they differ, which value a merge would keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.access.sealed import SealedTextField
from linli.kernel import citizen_number
from linli.kernel import phone as phones
from linli.registry.matching import rules
from linli.registry.matching.models import Pair, SubjectKind
from linli.registry.matching.subjects import SUBJECTS, MergeSubject, relation_label
from linli.registry.people import describing, occupancy
from linli.registry.people.actions.steps import members_of, membership_of, place_text, running
from linli.registry.people.models import HEAD, HouseholdMember, Kinship, Person, ResidenceKind
from linli.registry.people.rules.details import HEALTH_FACTS

LEFT, RIGHT = "left", "right"


@dataclass(frozen=True)
class Line:
    """A fact of both records. `name` is the form's field, "" where nothing is to be chosen (both say the same, or both are
    kept); `proposed` the side that a merge keeps unless told otherwise."""

    label: str
    left: str
    right: str
    name: str = ""
    proposed: str = LEFT
    note: str = ""

    @property
    def differs(self) -> bool:
        return self.left != self.right


def _shown(field: models.Field, record: Any) -> str:
    value = getattr(record, field.attname)
    if value in (None, ""):
        return ""
    if isinstance(field, SealedTextField):
        mask = citizen_number.mask if field.purpose == "id_number" else phones.mask
        return mask(value)
    if field.flatchoices:
        label = str(dict(field.flatchoices).get(value, value))
        return "" if field.name == "sex" and value == "0" else label
    if isinstance(field, models.ForeignKey):
        return str(getattr(record, field.name))
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _known_on(record: Any) -> date | None:
    verified = getattr(record, "verified_on", None)
    changed = getattr(record, "updated_at", None)
    return verified or (timezone.localdate(changed) if changed else None)


# What a certificate shows of its holder.
_SHOWN_BY_PAPERS = frozenset(("name", "sex", "birth_date"))


def _choice(
    name: str, left: Any, right: Any, left_record: Any, right_record: Any, *, by_papers: bool = False
) -> tuple[str, str]:
    """(form field, proposed side) of two values; what certificates show (`by_papers`) goes by the record that has one."""
    one, other = (
        rules.Held(value, rank=int(by_papers and _has_papers(record)), on=_known_on(record))
        for value, record in ((left, left_record), (right, right_record))
    )
    return name, rules.propose(one, other)


def _has_papers(record: Any) -> bool:
    """Whether a record has the number of a certificate or of a registration."""
    return bool(getattr(record, "id_number", "") or getattr(record, "credit_code", ""))


def _field_lines(what: MergeSubject, left: Any, right: Any, *, sees_sensitive: bool) -> Iterable[Line]:
    for field in what.fields():
        a, b = getattr(left, field.attname), getattr(right, field.attname)
        texts = (_shown(field, left), _shown(field, right))
        if not any(texts) and a == b:
            continue
        if field.name in HEALTH_FACTS and not sees_sensitive:
            texts = tuple(_("（无权查看）") if text else "" for text in texts)  # type: ignore[assignment]
        by_papers = field.name in _SHOWN_BY_PAPERS
        name, proposed = (
            ("", LEFT) if a == b else _choice(f"field_{field.name}", a, b, left, right, by_papers=by_papers)
        )
        note = ""
        if isinstance(field, SealedTextField) and a != b and a and b:
            note = _("两边不同，可分别申请查看")
        yield Line(str(field.verbose_name), texts[0], texts[1], name=name, proposed=proposed, note=note)


def _person_lines(left: Person, right: Person, user: Any) -> Iterable[Line]:
    for kind, label in ((ResidenceKind.LIVING, _("现住址")), (ResidenceKind.HUKOU, _("户籍地"))):
        one, other = running(left, kind), running(right, kind)
        texts = tuple(_spell_text(spell) for spell in (one, other))
        if any(texts):
            name, proposed = ("", LEFT)
            if one is not None and other is not None:
                name, proposed = _choice(f"side_people_residence:{kind}", texts[0], texts[1], left, right)
                if one.home_id is None and other.home_id is not None:
                    proposed = RIGHT
            yield Line(label, texts[0], texts[1], name=name, proposed=proposed)
    one_member, other_member = membership_of(left), membership_of(right)
    texts = tuple(_member_text(member) for member in (one_member, other_member))
    if any(texts):
        name, proposed = ("", LEFT)
        if one_member is not None and other_member is not None:
            name = "side_people_householdmember"
            proposed = RIGHT if _weight(other_member) > _weight(one_member) else LEFT
        yield Line(_("家庭户"), texts[0], texts[1], name=name, proposed=proposed)
    today = timezone.localdate()
    tags = occupancy.tags_of([left.pk, right.pk], today, user)
    texts = tuple("、".join(label for label, _tone in tags.get(one.pk, [])) for one in (left, right))
    if any(texts):
        yield Line(_("人群"), texts[0], texts[1], note=_("合并后都保留"))
    texts = tuple(_kin_text(one) for one in (left, right))
    if any(texts):
        yield Line(_("亲属"), texts[0], texts[1], note=_("合并后都保留；同一种亲属以保留的一方为准"))


def _spell_text(spell: Any) -> str:
    if spell is None:
        return ""
    since = f"（{spell.period.lower:%Y-%m-%d} 起）" if spell.period.lower else ""
    return f"{place_text(spell)}{since}"


def _weight(member: HouseholdMember) -> tuple[bool, int]:
    """A head with others in the household weighs most: taking them away would leave it without a head."""
    others = len(members_of(member.household)) - 1
    return (member.relation == HEAD and others > 0, others)


def _member_text(member: HouseholdMember | None) -> str:
    if member is None:
        return ""
    return f"户 {member.household.number}，{relation_label(member.relation)}，共 {len(members_of(member.household))} 人"


def _kin_text(person: Person) -> str:
    rows = Kinship.objects.select_related("relative").filter(person=person, period__endswith__isnull=True)
    return "、".join(
        f"{one.get_relation_display()}{one.relative.name if one.relative else one.relative_name}"
        for one in rows
    )


def _household_lines(left: Any, right: Any) -> Iterable[Line]:
    texts = tuple(
        "、".join(f"{one.person.name}（{relation_label(one.relation)}）" for one in members_of(household))
        for household in (left, right)
    )
    yield Line(_("成员"), texts[0], texts[1], note=_("合并后都在保留的户"))


def lines(pair: Pair, left: Any, right: Any, user: Any) -> list[Line]:
    """All facts of both records of a pair that say something."""
    what = SUBJECTS[pair.subject]
    sees = user.can(Permission.VIEW_SENSITIVE_GROUPS, pair.region_code)
    found = list(_field_lines(what, left, right, sees_sensitive=sees))
    if pair.subject == SubjectKind.PERSON:
        found += _person_lines(left, right, user)
    elif pair.subject == SubjectKind.HOUSEHOLD:
        found += _household_lines(left, right)
    return found


def names(subject: str, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Who the records of a list are: number → (name, what else tells them apart), with two queries."""
    wanted = list(ids)
    model: Any = SUBJECTS[subject].model
    rows = model.objects.filter(pk__in=wanted)
    if subject == SubjectKind.PERSON:
        places = describing.addresses(wanted)
        return {
            one.pk: (
                one.name,
                " · ".join(p for p in (describing.sex_and_age(one), places.get(one.pk, "")) if p),
            )
            for one in rows
        }
    if subject == SubjectKind.HOUSEHOLD:
        heads = dict(
            HouseholdMember.objects.filter(
                household__in=wanted, relation=HEAD, period__contains=timezone.localdate()
            ).values_list("household_id", "person__name")
        )
        return {
            one.pk: (
                _("%(name)s户") % {"name": heads.get(one.pk, _("（无户主）"))},
                " · ".join(p for p in (one.number, one.home.full_address if one.home else "") if p),
            )
            for one in rows.select_related("home")
        }
    return {one.pk: (one.name, one.address) for one in rows}
