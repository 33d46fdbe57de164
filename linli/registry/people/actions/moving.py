"""Moving: in, out, within the area, a whole family at once; and where the hukou is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.access.guard import require
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.registry.people import standing
from linli.registry.people.actions import steps
from linli.registry.people.actions.steps import EDIT, Family, Place
from linli.registry.people.models import Household, Person, Residence, ResidenceKind
from linli.registry.people.rules import details, spells

LIVING, HUKOU = ResidenceKind.LIVING, ResidenceKind.HUKOU


def _is_inside(residence: Residence | None) -> bool:
    return residence is not None and len(residence.region_code) >= standing.INSIDE


def _own(person: Person, family: Family | None) -> list[int | None]:
    """The household somebody belongs to from the move on: the one they join, else the one they keep."""
    if family is not None:
        return [family.household_id]
    member = steps.membership_of(person)
    return [member.household_id if member is not None else None]


def _set_address_behind(person: Person, place: Place | None, on: date) -> None:
    """Where somebody who has left lives now, if it is known: a living spell outside."""
    if place is not None and (place.region_code or place.address.strip()):
        steps.begin_residence(person, LIVING, place, on)


def move_in(
    *,
    acting_user: Any,
    person_id: int,
    home_id: int,
    on: date,
    reason: str = "",
    dwelling: str = "",
    came_from: str = "",
    family: Family | None = None,
    new_head_id: int | None = None,
    share_home: bool = False,
) -> Person:
    """Somebody known here who lived elsewhere comes to live in a home. `family` is the household they join, None to keep
    theirs; `new_head_id` follows them as head of the one they leave; `share_home` says that they share the home with others
    who live there.

    Raises RuleError for somebody who lives here already: that is `move_within`.
    """
    with audit.action(acting_user, "people.move_in", reason=reason) as act:
        home = steps.home_for(acting_user, home_id)
        (person,) = steps.lock_with_households(
            acting_user, [person_id], family.household_id if family else None
        )
        steps.alive(person)
        steps.day_of(_("迁入"), person, on)
        now = steps.running(person, LIVING)
        if _is_inside(now):
            raise RuleError(
                _("%(name)s 现住 %(place)s，请用“辖区内移动”。")
                % {"name": person.name, "place": steps.place_text(now)}  # type: ignore[arg-type]
            )
        steps.refuse_unsaid_sharing(
            acting_user, home, share_home, besides=[person.pk], households=_own(person, family)
        )
        if now is not None:
            came_from = came_from.strip() or steps.place_text(now)
            steps.end_residence(now, on, went_to=steps.place_text(Place(), home))
        steps.begin_residence(
            person,
            LIVING,
            Place(home_id=home.pk),
            on,
            home=home,
            reason=reason,
            dwelling=dwelling,
            came_from=came_from.strip(),
        )
        said = [
            _("%(name)s 迁入 %(place)s") % {"name": person.name, "place": steps.place_text(Place(), home)}
        ]
        if family is not None:
            said += [
                steps.leave(person, on, new_head_id=new_head_id),
                steps.enter_family(acting_user, person, family, home, on),
            ]
        steps.settle(acting_user, [person])
        act.record(person, "，".join(part for part in said if part))
    return person


def move_out(
    *,
    acting_user: Any,
    person_id: int,
    on: date,
    went_to: Place | None = None,
    with_hukou: bool = False,
    new_head_id: int | None = None,
    reason: str = "",
) -> Person:
    """Somebody leaves the area. `went_to` is where they live from then on, as far as it is known. `with_hukou` when their
    hukou moves there too; otherwise it stays and they are 户在人不在.

    Who has no hukou here any more leaves the household; `new_head_id` follows a head.
    """
    with audit.action(acting_user, "people.move_out", reason=reason) as act:
        (person,) = steps.lock_with_households(acting_user, [person_id])
        steps.alive(person)
        steps.day_of(_("迁出"), person, on)
        living, hukou = steps.running(person, LIVING), steps.running(person, HUKOU)
        if went_to is not None and (went_to.home_id or len(went_to.region_code) >= standing.INSIDE):
            raise RuleError(_("搬到辖区内别处的，请用“辖区内移动”。"), field="went_to")
        if not _is_inside(living) and not (with_hukou and _is_inside(hukou)):
            raise RuleError(_("%(name)s 现在不住在本辖区，不用办理迁出。") % {"name": person.name})
        target = (
            steps.place_text(went_to)
            if went_to is not None and (went_to.region_code or went_to.address)
            else ""
        )
        said = [
            _("%(name)s 迁出%(target)s")
            % {"name": person.name, "target": _("，去往 %(place)s") % {"place": target} if target else ""}
        ]
        if living is not None:
            steps.end_residence(living, on, went_to=target)
        if with_hukou and hukou is not None:
            steps.end_residence(hukou, on, went_to=target)
            if went_to is not None and went_to.region_code:
                steps.begin_residence(person, HUKOU, went_to, on, hukou_nature=hukou.hukou_nature)
            hukou = None
            said.append(_("户口一并迁出"))
        _set_address_behind(person, went_to, on)
        if not _is_inside(hukou):
            said.append(steps.leave(person, on, new_head_id=new_head_id))
        steps.settle(acting_user, [person], check=False)
        act.record(person, "，".join(part for part in said if part))
    return person


def move_within(
    *,
    acting_user: Any,
    person_id: int,
    home_id: int,
    on: date,
    dwelling: str = "",
    family: Family | None = None,
    new_head_id: int | None = None,
    reason: str = "",
    share_home: bool = False,
) -> Person:
    """Somebody moves from one home of the area to another, both where the user may edit people. `family` is the household
    they join there, None to keep theirs; `share_home` says that they share the home with others who live there."""
    with audit.action(acting_user, "people.move_within", reason=reason) as act:
        home = steps.home_for(acting_user, home_id)
        (person,) = steps.lock_with_households(
            acting_user, [person_id], family.household_id if family else None
        )
        steps.alive(person)
        steps.day_of(_("移动"), person, on)
        living = steps.running(person, LIVING)
        if living is None or not _is_inside(living):
            raise RuleError(_("%(name)s 现在不住在本辖区，请用“迁入”。") % {"name": person.name})
        require(acting_user, EDIT, living.region_code)
        if living.home_id == home.pk:
            raise RuleError(_("%(name)s 已经住在这里。") % {"name": person.name}, field="home")
        steps.refuse_unsaid_sharing(
            acting_user, home, share_home, besides=[person.pk], households=_own(person, family)
        )
        before, after = steps.place_text(living), steps.place_text(Place(), home)
        steps.end_residence(living, on, went_to=after)
        steps.begin_residence(
            person,
            LIVING,
            Place(home_id=home.pk),
            on,
            home=home,
            reason=living.reason,
            dwelling=dwelling or living.dwelling,
            came_from=before,
            **steps.permit_of(living),
        )
        said = [
            _("%(name)s 从 %(before)s 搬到 %(after)s")
            % {"name": person.name, "before": before, "after": after}
        ]
        if family is not None:
            said += [
                steps.leave(person, on, new_head_id=new_head_id),
                steps.enter_family(acting_user, person, family, home, on),
            ]
        steps.settle(acting_user, [person])
        act.record(person, "，".join(part for part in said if part))
    return person


def move_household(
    *,
    acting_user: Any,
    household_id: int,
    home_id: int,
    on: date,
    person_ids: Iterable[int] | None = None,
    with_hukou: bool = False,
    reason: str = "",
    share_home: bool = False,
) -> Household:
    """A family moves to another home of the area at once; `person_ids` are the members who live along (None: all who live
    in the area), `with_hukou` takes the hukou of every member along. The household's own home follows. `share_home` says that they share the home with others who live there.

    It is all or nothing: what stands against one person stands against the move, and says who it is.
    """
    with audit.action(acting_user, "people.move_household", reason=reason) as act:
        household = steps.lock_household(acting_user, household_id)
        home = steps.home_for(acting_user, home_id)
        members = steps.members_of(household)
        inside = {one.person_id for one in members}
        movers = inside if person_ids is None else set(person_ids)
        if not inside:
            raise RuleError(_("这一户现在没有成员，不能整户迁移。"))
        if not movers or movers - inside:
            raise RuleError(_("请选择随迁的户内成员。"), field="people")
        if household.home_id == home.pk:
            raise RuleError(_("这一户已经登记在这套房屋。"), field="home")
        people = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=inside).order_by("pk"))
        if person_ids is None:
            movers = {one.pk for one in people if acting_user.can(EDIT, one.region_code)}
        elif any(one.pk in movers and not acting_user.can(EDIT, one.region_code) for one in people):
            raise steps.NotPermitted(EDIT)
        steps.refuse_unsaid_sharing(acting_user, home, share_home, besides=movers, households=[household.pk])
        after = steps.place_text(Place(), home)
        moved = []
        for person in people:
            try:
                steps.day_of(_("迁移"), person, on)
                living, hukou = steps.running(person, LIVING), steps.running(person, HUKOU)
                if person.pk in movers and (person_ids is not None or _is_inside(living)):
                    if living is None or living.home_id != home.pk:
                        _move_living(person, living, home, on)
                    moved.append(person)
                if with_hukou and hukou is not None and hukou.home_id != home.pk and _is_inside(hukou):
                    steps.end_residence(hukou, on, went_to=after)
                    steps.begin_residence(
                        person,
                        HUKOU,
                        Place(home_id=home.pk),
                        on,
                        home=home,
                        hukou_nature=hukou.hukou_nature,
                        station=_station_after(hukou, home.region_code),
                    )
            except RuleError as error:
                raise RuleError(f"{person.name}：{error.message}", field=error.field) from error
        if not moved and not with_hukou:
            raise RuleError(_("户内没有人住在本辖区，没有可迁移的人。"), field="people")
        household.home = home
        household.region_code = home.region_code
        household.save(update_fields=["home", "region_code", "updated_at"])
        steps.settle(acting_user, moved)
        steps.settle(acting_user, [one for one in people if one not in moved], check=False)
        who = "、".join(person.name for person in moved)
        summary = _("整户迁移：户 %(number)s 搬到 %(place)s") % {"number": household.number, "place": after}
        act.record(household, f"{summary}（{who}）" if who else summary)
        for person in moved:
            act.record(person, _("%(name)s 随户搬到 %(place)s") % {"name": person.name, "place": after})
    return household


def _station_after(hukou: Residence, region_code: str) -> str:
    """The police station of a hukou that moves: the same while it stays in its community, else to be said anew."""
    return hukou.station if hukou.region_code[:12] == region_code[:12] else ""


def _move_living(person: Person, living: Residence | None, home: Any, on: date) -> None:
    """One member's part of a family's move."""
    details: dict[str, Any] = {}
    if living is not None:
        details = {
            "came_from": steps.place_text(living),
            "reason": living.reason,
            "dwelling": living.dwelling,
            **steps.permit_of(living),
        }
        steps.end_residence(living, on, went_to=steps.place_text(Place(), home))
    steps.begin_residence(person, LIVING, Place(home_id=home.pk), on, home=home, **details)


def set_hukou(
    *,
    acting_user: Any,
    person_id: int,
    place: Place,
    on: date | None = None,
    nature: str = "",
    station: str | None = None,
    correction: bool = False,
    reason: str = "",
) -> Person:
    """Say where somebody's hukou is from a day on (None: not known since when), its nature, and the police station that keeps it
    where it is not the community's own. The one before ends that day. `station` None leaves it as it is, "" clears it.

    With `correction` the present record was wrong and is put right in place. Raises RuleError when nothing is said of the
    place, and when an earlier hukou is to end on an unknown day.
    """
    with audit.action(acting_user, "people.set_hukou", reason=reason) as act:
        person = steps.lock_person(acting_user, person_id)
        steps.alive(person)
        steps.day_of(_("落户"), person, on)
        home = steps.home_for(acting_user, place.home_id) if place.home_id is not None else None
        if home is None and not place.region_code:
            raise RuleError(_("请选择户籍所在的房屋或区划。"), field="hukou_region")
        before = steps.running(person, HUKOU)
        said = steps.place_text(place, home)
        if before is not None and correction:
            before.home = home
            before.region_code = home.region_code if home is not None else place.region_code
            before.address = "" if home is not None else place.address.strip()
            before.hukou_nature = nature or before.hukou_nature
            before.station = before.station if station is None else steps.station(station)
            if on is not None:
                others = Residence.objects.filter(person=person, kind=HUKOU).exclude(pk=before.pk)
                spans = [steps.spell_of(p) for p in others.values_list("period", flat=True) if not p.isempty]
                steps.refuse(spells.overlap_problem(_("户籍记录"), spells.Spell(on), spans), "on")
                before.period = steps.DateRange(on, None)
            before.save()
            summary = _("更正 %(name)s 的户籍：%(place)s")
        else:
            if before is not None:
                if on is None:
                    raise RuleError(_("原来已有户籍记录，请填写迁移日期。"), field="on")
                steps.end_residence(before, on, went_to=said)
            made = steps.begin_residence(
                person,
                HUKOU,
                place,
                on,
                home=home,
                hukou_nature=nature or (before.hukou_nature if before else ""),
                station=steps.station(station or ""),
            )
            if before is not None:
                made.came_from = steps.place_text(before)
                made.save(update_fields=["came_from"])
            summary = _("%(name)s 的户籍迁至 %(place)s") if before else _("登记 %(name)s 的户籍：%(place)s")
        steps.settle(acting_user, [person])
        act.record(person, summary % {"name": person.name, "place": said})
    return person


PERMIT_LONGEST, PLACE_LONGEST = 40, 60
UNREGISTERED = "00"
"""The kind of a residence permit (居住登记证件种类) of those who have none."""


def update_living(
    *,
    acting_user: Any,
    person_id: int,
    reason: str | None = None,
    dwelling: str | None = None,
    permit_kind: str | None = None,
    permit_number: str | None = None,
    permit_on: date | steps.Kept | None = steps.KEPT,
    permit_until: date | steps.Kept | None = steps.KEPT,
    permit_place: str | None = None,
) -> Person:
    """Put down what goes with the present living spell: why they came (流入原因), what they live in (住所类型), and the residence
    permit (its kind: 居住登记, 居住证 …) with when and where it was taken out and the day it is valid until (居住证暂行条例: for those who
    live outside the city of their hukou). None leaves a text as it is; "" clears it. A day that is not given stays; None clears it.

    Raises RuleError for somebody who does not live here, for an end without a number or before the spell, for a permit taken out
    tomorrow or after it ended.
    """
    with audit.action(acting_user, "people.update_living") as act:
        person = steps.lock_person(acting_user, person_id)
        steps.alive(person)
        living = steps.running(person, LIVING)
        if living is None or not _is_inside(living):
            raise RuleError(_("%(name)s 现在不住在本辖区，请先办理“迁入”。") % {"name": person.name})
        given = {
            "reason": reason,
            "dwelling": dwelling,
            "permit_kind": permit_kind,
            "permit_place": permit_place if permit_place is None else permit_place.strip()[:PLACE_LONGEST],
        }
        if permit_number is not None:
            given["permit_number"] = "".join(permit_number.split()).upper()
        wanted: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        number = wanted.get("permit_number", living.permit_number)
        if len(number) > PERMIT_LONGEST or not all(c.isascii() and (c.isalnum() or c == "-") for c in number):
            raise RuleError(_("居住证号只有数字和字母，最多 40 个字符，请核对。"), field="permit_number")
        if number and wanted.get("permit_kind", living.permit_kind) == UNREGISTERED:
            raise RuleError(
                _("填了居住证号，居住登记证件种类就不能是“未办理”，请核对。"), field="permit_kind"
            )
        permit_until = living.permit_until if isinstance(permit_until, steps.Kept) else permit_until
        permit_on = living.permit_on if isinstance(permit_on, steps.Kept) else permit_on
        if permit_until is not None and not number:
            raise RuleError(_("填了有效期的，请填写居住证号。"), field="permit_number")
        if permit_until is not None and living.period.lower and permit_until < living.period.lower:
            raise RuleError(
                _("居住证有效期至 %(day)s，早于入住日期 %(since)s，请核对。")
                % {"day": permit_until, "since": living.period.lower},
                field="permit_until",
            )
        steps.refuse(details.permit_problem(permit_on, permit_until, steps.today()), "permit_on")
        wanted |= {"permit_on": permit_on, "permit_until": permit_until}
        changed = [key for key, value in wanted.items() if getattr(living, key) != value]
        if not changed:
            act.nothing_to_record()
            return person
        for key in changed:
            setattr(living, key, wanted[key])
        living.save(update_fields=changed)
        labels = "、".join(steps.label(Residence, key) for key in changed)
        act.record(
            person,
            _("修改 %(name)s 的%(labels)s") % {"name": person.name, "labels": labels},
            fields=changed,
        )
    return person


def correct_living(
    *, acting_user: Any, person_id: int, home_id: int, since: date | None = None, reason: str
) -> Person:
    """The present home was recorded wrongly: put it right in place, with the day since when if given.

    Raises RuleError without a reason.
    """
    if not reason.strip():
        raise RuleError(_("请说明更正的原因。"), field="reason")
    with audit.action(acting_user, "people.correct_living", reason=reason.strip()) as act:
        home = steps.home_for(acting_user, home_id)
        person = steps.lock_person(acting_user, person_id)
        steps.alive(person)
        steps.day_of(_("入住"), person, since, "since")
        living = steps.running(person, LIVING)
        if living is None:
            raise RuleError(_("%(name)s 没有现居住记录，请用“迁入”。") % {"name": person.name})
        before = steps.place_text(living)
        if since is not None:
            others = Residence.objects.filter(person=person, kind=LIVING).exclude(pk=living.pk)
            spans = [steps.spell_of(p) for p in others.values_list("period", flat=True) if not p.isempty]
            steps.refuse(spells.overlap_problem(_("现居住记录"), spells.Spell(since), spans), "since")
            living.period = steps.DateRange(since, None)
        living.home, living.region_code, living.address = home, home.region_code, ""
        living.save()
        steps.settle(acting_user, [person])
        act.record(
            person,
            _("更正 %(name)s 的现住址：%(before)s 改为 %(after)s")
            % {"name": person.name, "before": before, "after": steps.place_text(living)},
        )
    return person
