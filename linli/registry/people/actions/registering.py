"""Registering people, correcting what is known of them, deaths, verification, and showing what is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import require
from linli.access.models import Permission
from linli.audit import recording as audit
from linli.audit.columns import column
from linli.audit.models import Channel
from linli.audit.recording import RuleError
from linli.kernel import hanzi, schooling
from linli.registry.people import followers, sealing, standing
from linli.registry.people.actions import marriages, steps
from linli.registry.people.actions.families import running_kin
from linli.registry.people.actions.steps import EDIT, Family, Place
from linli.registry.people.models import Person, Relation, Residence, ResidenceKind
from linli.registry.people.rules import details, kin, spells

# What a person's form may change, by field name.
FIELDS = (
    "name",
    "former_name",
    "sex",
    "birth_date",
    "id_kind",
    "id_number",
    "ethnic",
    "native_place",
    "marital",
    "political",
    "education",
    "employment",
    "occupation",
    "employer",
    "phone",
    "landline",
    "email",
    "blood_type",
    "health",
    "skills",
    "started_work_on",
    "birth_place",
    "schooling",
    "self_care",
    "labour",
    "medical_insurance",
    "pension_insurance",
    "school_since",
    "height",
    "other_address",
    "source",
    "note",
)
DATES = frozenset({"birth_date", "started_work_on"})
WHOLE = frozenset({"school_since", "height"})
_CODED = (
    "sex",
    "id_kind",
    "ethnic",
    "marital",
    "political",
    "education",
    "employment",
    "blood_type",
    "health",
    "schooling",
    "self_care",
    "labour",
    "medical_insurance",
    "pension_insurance",
)
LONGEST = {
    "note": 500,
    "native_place": 50,
    "birth_place": 50,
    "skills": 100,
    "former_name": 50,
    "occupation": 50,
    "employer": 100,
    "other_address": 120,
    "email": 100,
    "source": 50,
}


def _bare(key: str, value: Any) -> Any:
    if key in WHOLE:
        return int(value) if value not in (None, "") else None
    if value is None and key not in DATES:
        return ""
    return value.strip() if isinstance(value, str) else value


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields in the shape in which they are kept, with sex and birth date agreed with the number where a number
    is among them.

    Raises RuleError naming the field.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    wanted: dict[str, Any] = {key: _bare(key, value) for key, value in values.items()}
    try:
        if "name" in wanted:
            wanted["name"] = details.clean_name(wanted["name"])
        for field in ("phone", "landline"):
            if field in wanted:
                wanted[field] = details.read_phone(field, wanted[field])
        if "id_number" in wanted:
            identity = details.read_identity(wanted.get("id_kind", ""), wanted["id_number"], on=steps.today())
            wanted["id_kind"], wanted["id_number"] = identity.kind, identity.number
            wanted["sex"], wanted["birth_date"] = details.agree(
                identity, sex=wanted.get("sex", ""), born=wanted.get("birth_date")
            )
    except details.Wrong as error:
        raise RuleError(error.message, field=error.field) from error
    if "sex" in wanted:
        wanted["sex"] = wanted["sex"] or "0"
    for field in _CODED:
        choices = {code for code, _label in column(Person, field).choices or ()}
        if wanted.get(field) and wanted[field] not in choices:
            raise RuleError(
                _("“%(field)s”请从列表中选择。") % {"field": steps.label(Person, field)},
                field=field,
            )
    if "height" in wanted:
        steps.refuse(details.height_problem(wanted["height"]), "height")
    for field, most in LONGEST.items():
        if len(wanted.get(field) or "") > most:
            raise RuleError(
                _("“%(field)s”最多 %(n)d 个字。") % {"field": steps.label(Person, field), "n": most},
                field=field,
            )
    return wanted


def _refuse_school(wanted: Mapping[str, Any], born: date | None) -> None:
    """A year of entering goes with a stage, and fits the age."""
    said = schooling.since_problem(
        wanted.get("schooling") or "", wanted.get("school_since"), born, steps.today()
    )
    steps.refuse(said, "school_since")


def holder_of(number: str) -> Person | None:
    """Who holds a normalised certificate number."""
    found = sealing.id_columns(number)["id_digest"]
    return Person.objects.filter(id_digest=found).first() if found else None


def refuse_duplicate(user: Any, number: str, *, besides: int | None = None) -> None:
    """A certificate number belongs to one person. The sentence says whose it is only inside the user's area."""
    holder = holder_of(number) if number else None
    if holder is None or holder.pk == besides:
        return
    if user.can(Permission.VIEW_PEOPLE, holder.region_code):
        place = steps.running(holder, ResidenceKind.LIVING) or steps.running(holder, ResidenceKind.HUKOU)
        where = f"（{steps.place_text(place)}）" if place is not None else ""
        raise RuleError(
            _("这个证件号码已登记在 %(name)s%(where)s 名下，请打开这位居民办理，不要重复登记。")
            % {"name": holder.name, "where": where},
            field="id_number",
        )
    raise RuleError(
        _("这个证件号码已在您负责的区域以外登记，请联系街道核实后由街道办理迁入。"), field="id_number"
    )


def derived(person: Person, changed: Iterable[str]) -> list[str]:
    """Set the columns that follow from the changed fields; returns their names."""
    more: list[str] = []
    if "name" in changed:
        person.initials = hanzi.name_initials(person.name)
        more.append("initials")
    if "id_number" in changed:
        id_columns = sealing.id_columns(person.id_number)
        person.id_digest, person.id_tail = id_columns["id_digest"], id_columns["id_tail"]
        more += ["id_digest", "id_tail"]
    if "phone" in changed:
        phone_columns = sealing.phone_columns(person.phone)
        person.phone_digest, person.phone_tail = phone_columns["phone_digest"], phone_columns["phone_tail"]
        more += ["phone_digest", "phone_tail"]
    return more


def register_person(
    *,
    acting_user: Any,
    values: Mapping[str, Any],
    home_id: int | None = None,
    since: date | None = None,
    reason: str = "",
    dwelling: str = "",
    came_from: str = "",
    hukou: Place | None = None,
    hukou_since: date | None = None,
    hukou_nature: str = "",
    hukou_station: str = "",
    family: Family | None = None,
    share_home: bool = False,
) -> Person:
    """Register somebody who is not in the base yet: where they live (`home_id`), where their hukou is, their household.

    `share_home` says that they share the home with others who live there, whose household they do not join. Who lives here and
    whose hukou is not known yet (`hukou` None) is a newcomer (户籍待补). Who does not live here must
    have their hukou here. Raises RuleError for wrong fields and numbers that somebody has already.
    """
    wanted = clean({"name": "", **values})
    now = steps.today()
    refuse = steps.refuse
    with audit.action(acting_user, "people.register") as act:
        if family is not None and family.household_id is not None:
            steps.lock_household(acting_user, family.household_id)
        home = steps.home_for(acting_user, home_id) if home_id is not None else None
        hukou_home = (
            steps.home_for(acting_user, hukou.home_id) if hukou is not None and hukou.home_id else None
        )
        hukou_region = (
            hukou_home.region_code if hukou_home is not None else hukou.region_code if hukou else ""
        )
        if home is None and len(hukou_region) < standing.INSIDE:
            raise RuleError(_("请选择现住房屋；不住在本辖区的，户籍必须在本辖区。"), field="home")
        region = home.region_code if home is not None else hukou_region
        require(acting_user, EDIT, region)
        born = wanted.get("birth_date")
        refuse(spells.birth_problem(born, earliest_spell=None, died=None, today=now), "birth_date")
        refuse(details.work_problem(wanted.get("started_work_on"), born, now), "started_work_on")
        _refuse_school(wanted, born)
        refuse(spells.day_problem(_("入住"), since, born=born, died=None, today=now), "since")
        refuse(spells.day_problem(_("落户"), hukou_since, born=born, died=None, today=now), "hukou_since")
        refuse_duplicate(acting_user, wanted.get("id_number", ""))
        if home is not None:
            joined = family.household_id if family is not None else None
            steps.refuse_unsaid_sharing(acting_user, home, share_home, households=[joined])
        person = Person(region_code=region, **wanted)
        derived(person, wanted)
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError:
            refuse_duplicate(acting_user, person.id_number)
            raise
        said = []
        if home is not None:
            steps.begin_residence(
                person,
                ResidenceKind.LIVING,
                Place(home_id=home.pk),
                since,
                home=home,
                reason=reason,
                dwelling=dwelling,
                came_from=came_from.strip(),
            )
            said.append(_("现住 %(place)s") % {"place": steps.place_text(Place(), home)})
        if hukou is not None and (hukou_home is not None or hukou.region_code or hukou.address):
            made = steps.begin_residence(
                person,
                ResidenceKind.HUKOU,
                hukou,
                hukou_since,
                home=hukou_home,
                hukou_nature=hukou_nature,
                station=steps.station(hukou_station),
            )
            said.append(_("户籍 %(place)s") % {"place": steps.place_text(made)})
        if family is not None:
            said.append(steps.enter_family(acting_user, person, family, home or hukou_home, since))
        steps.settle(acting_user, [person])
        act.record(person, _("登记居民 %(name)s：") % {"name": person.name} + "，".join(said))
    return person


def update_person(*, acting_user: Any, person_id: int, values: Mapping[str, Any], reason: str = "") -> Person:
    """Correct what is known of somebody; only what differs is written. Numbers are sealed anew with their digests.

    Raises RuleError for wrong fields, for a number that somebody else has, and for a birth date after recorded spells.
    """
    with audit.action(acting_user, "people.update", reason=reason) as act:
        person = steps.lock_person(acting_user, person_id)
        given = dict(values)
        if "id_number" in given or "birth_date" in given or "sex" in given or "id_kind" in given:
            kept = {key: getattr(person, key) for key in ("id_kind", "id_number", "sex", "birth_date")}
            given = kept | given
            if given["id_number"] and given["id_number"] != person.id_number:
                # A new number brings its own sex and birth date, unless they are corrected in the same form.
                given |= {
                    key: "" if key == "sex" else None for key in ("sex", "birth_date") if key not in values
                }
        wanted = clean(given)
        changed = [key for key, value in wanted.items() if getattr(person, key) != value]
        if not changed:
            act.nothing_to_record()
            return person
        if "birth_date" in changed:
            starts = Residence.objects.filter(person=person).exclude(period__isempty=True)
            earliest = min(
                (p.lower for p in starts.values_list("period", flat=True) if p.lower), default=None
            )
            steps.refuse(
                spells.birth_problem(
                    wanted["birth_date"], earliest_spell=earliest, died=person.death_date, today=steps.today()
                ),
                "birth_date",
            )
        if "started_work_on" in changed:
            born = wanted.get("birth_date", person.birth_date)
            steps.refuse(
                details.work_problem(wanted["started_work_on"], born, steps.today()), "started_work_on"
            )
        if {"schooling", "school_since"} & set(changed):
            now = {key: wanted.get(key, getattr(person, key)) for key in ("schooling", "school_since")}
            _refuse_school(now, wanted.get("birth_date", person.birth_date))
        if "id_number" in changed:
            refuse_duplicate(acting_user, wanted["id_number"], besides=person.pk)
        if "marital" in changed:
            has_spouse = running_kin(person, Relation.SPOUSE) is not None
            steps.refuse(kin.marital_problem(wanted["marital"], has_spouse=has_spouse), "marital")
        for key in changed:
            setattr(person, key, wanted[key])
        more = derived(person, changed)
        person.updated_at = timezone.now()
        try:
            with transaction.atomic():
                person.save(update_fields=[*changed, *more, "updated_at"])
        except IntegrityError:
            refuse_duplicate(acting_user, person.id_number, besides=person.pk)
            raise
        labels = "、".join(steps.label(Person, key) for key in changed)
        act.record(
            person,
            _("修改 %(name)s 的%(labels)s") % {"name": person.name, "labels": labels},
            fields=changed,
        )
    return person


def says_begin(spell: Residence) -> str:
    """What began with a spell: 住进东外小区1号楼101室, 户籍在湖南省娄底市娄星区."""
    place = steps.place_text(spell)
    return f"住进{place}" if spell.kind == ResidenceKind.LIVING else f"户籍在{place}"


def record_death(
    *, acting_user: Any, person_id: int, died: date, new_head_id: int | None = None, reason: str = ""
) -> Person:
    """Record a death: residence, hukou and household end, group memberships with them.

    A head who leaves others behind is followed by `new_head_id`, on pain of RuleError (field new_head).
    """
    with audit.action(acting_user, "people.record_death", reason=reason) as act:
        (person,) = steps.lock_with_households(acting_user, [person_id])
        if person.death_date is not None:
            raise RuleError(
                _("%(name)s 已登记于 %(day)s 去世。") % {"name": person.name, "day": person.death_date}
            )
        open_spells = list(
            Residence.objects.filter(person=person, period__endswith__isnull=True).exclude(
                period__isempty=True
            )
        )
        member = steps.membership_of(person)
        starts = [(one.period.lower, says_begin(one)) for one in open_spells if one.period.lower]
        if member is not None and member.period.lower:
            starts.append(
                (member.period.lower, f"在户 {member.household.number} 登记为{member.get_relation_display()}")
            )
        steps.refuse(
            spells.death_problem(
                died, born=person.birth_date, latest_start=max(starts, default=None), today=steps.today()
            ),
            "died",
        )
        said = [steps.leave(person, died, new_head_id=new_head_id)]
        for one in open_spells:
            steps.end_residence(one, spells.closing_day(steps.spell_of(one.period), died))
        person.death_date = died
        person.updated_at = timezone.now()
        person.save(update_fields=["death_date", "updated_at"])
        said.append(marriages.widow(act, person, died))
        said += followers.follow_death(act, person, died)
        steps.settle(acting_user, [person], check=False)
        act.record(
            person,
            "，".join(
                part
                for part in (_("登记 %(name)s 于 %(day)s 去世") % {"name": person.name, "day": died}, *said)
                if part
            ),
        )
    return person


def withdraw_death(*, acting_user: Any, person_id: int, reason: str) -> Person:
    """Take back a death recorded by mistake: the places that ended with it hold again. The household is not restored, since
    it may have a new head; join it again. Raises RuleError without a reason."""
    if not reason.strip():
        raise RuleError(_("请说明撤销的原因。"), field="reason")
    with audit.action(acting_user, "people.withdraw_death", reason=reason.strip()) as act:
        person = steps.lock_person(acting_user, person_id)
        died = person.death_date
        if died is None:
            raise RuleError(_("%(name)s 没有登记去世。") % {"name": person.name})
        for kind in ResidenceKind.values:
            last = (
                Residence.objects.filter(person=person, kind=kind)
                .exclude(period__isempty=True)
                .order_by("-period")
                .first()
            )
            if last is not None and last.period.upper == spells.closing_day(
                spells.Spell(last.period.lower), died
            ):
                last.period = steps.DateRange(last.period.lower, None)
                last.save(update_fields=["period"])
        marriages.rejoin_widowed(act, person, died)
        person.death_date = None
        person.updated_at = timezone.now()
        person.save(update_fields=["death_date", "updated_at"])
        steps.settle(acting_user, [person])
        act.record(person, _("撤销 %(name)s 的去世登记") % {"name": person.name})
    return person


def verify_person(*, acting_user: Any, person_id: int, on: date | None = None) -> Person:
    """Say that what is known of somebody was checked with them on that day (today)."""
    with audit.action(acting_user, "people.verify") as act:
        person = steps.lock_person(acting_user, person_id)
        day = on or steps.today()
        steps.refuse(
            spells.day_problem(_("核实"), day, born=person.birth_date, died=None, today=steps.today()), "on"
        )
        person.verified_on = day
        person.updated_at = timezone.now()
        person.save(update_fields=["verified_on", "updated_at"])
        act.record(person, _("核实 %(name)s 的信息无误") % {"name": person.name})
    return person


def verify_people(*, acting_user: Any, person_ids: Iterable[int]) -> int:
    """Verify many at once, those among them that the user may edit; returns how many."""
    ids = list(dict.fromkeys(person_ids))
    with audit.action(acting_user, "people.verify") as act:
        rows = Person.objects.permitted(acting_user, EDIT).filter(pk__in=ids, death_date__isnull=True)
        done = rows.update(verified_on=steps.today(), updated_at=timezone.now())
        if done:
            regions = Person.objects.permitted(acting_user, EDIT).filter(pk__in=ids)
            region = min(regions.values_list("region_code", flat=True))
            act.record(
                None, _("批量核实 %(n)d 名居民") % {"n": done}, region_code=region, persons=ids[:10_000]
            )
        else:
            act.nothing_to_record()
    return done


@dataclass(frozen=True, slots=True)
class Revealed:
    """What is sealed of a person, in plain; "" for what is not known."""

    id_number: str
    phone: str
    landline: str
    permit_number: str


def reveal_person(*, acting_user: Any, person_id: int, purpose: str) -> Revealed:
    """Show a person's numbers for a purpose; the disclosure is recorded before anything is shown.

    Raises NotPermitted, and RuleError when the purpose says nothing.
    """
    purpose = " ".join(purpose.split())
    if len(purpose) < 2:
        raise RuleError(_("请填写查看用途，例如“电话核实居住情况”。"), field="purpose")
    with transaction.atomic():
        person = Person.objects.permitted(acting_user, Permission.REVEAL_PEOPLE).filter(pk=person_id).first()
        if person is None:
            raise steps.NotPermitted(Permission.REVEAL_PEOPLE)
        living = steps.running(person, ResidenceKind.LIVING)
        shown = Revealed(
            person.id_number,
            person.phone,
            person.landline,
            living.permit_number if living is not None else "",
        )
        audit.disclose(
            acting_user=acting_user,
            person_ids=[person.pk],
            elements=[key for key in Revealed.__dataclass_fields__ if getattr(shown, key)],
            purpose=purpose[:200],
            channel=Channel.PAGE,
            region_code=person.region_code,
        )
    return shown
