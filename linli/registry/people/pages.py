"""The pages that show people and households: lists, a person, a household, options for pickers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.kernel import schooling
from linli.pages import cells
from linli.pages.timeline import by_year
from linli.pages.views import BatchAction, DetailPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import lookup, names
from linli.regions.models import Level
from linli.registry.people import actions, as_of, describing, extensions, filters, lives, occupancy, tables
from linli.registry.people.actions.steps import label
from linli.registry.people.describing import Shown
from linli.registry.people.models import (
    HEAD,
    Household,
    HouseholdMember,
    Kinship,
    Person,
    Relation,
    Residence,
    ResidenceKind,
    Standing,
    describe_period,
)
from linli.registry.people.rules.details import HEALTH_FACTS
from linli.registry.places.models import Home

VIEW, EDIT = Permission.VIEW_PEOPLE, Permission.EDIT_PEOPLE
OPTIONS = 20
# The room above that writes the workbook: ?picked=1 for `extensions.picked`, else the query of `filters.PeopleFilters`.
EXPORT = "intake:export_people"


def url_or_nothing(name: str, *args: Any) -> str:
    """The address of a page of a room above; "" where that room is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


AS_OF_SAYS = _(
    "住址、户籍、所在的户、人群和年龄是那一天的；姓名、手机、政治面貌等没有起止日期的内容，是当时登记的。"
)


class PeopleList(ListPage):
    """/people/: today, or on the day ?on=."""

    model = Person
    dated = True
    as_of_says = AS_OF_SAYS
    permission = VIEW
    template_name = "people/list.html"
    title = _("居民")
    noun = _("人")
    filterset_class = filters.PeopleFilters

    @property
    def table_class(self) -> Any:
        """Sorted by the columns of the day."""
        return tables.PeopleTableThen if self.past else tables.PeopleTable

    create_url_name = "people:register"
    create_label = _("登记居民")
    create_permission = EDIT
    shown_filters = 3
    empty_title = _("还没有登记居民")
    empty_hint = _("从 Excel 名册导入最快；也可以一人一人登记。")

    def get_queryset(self) -> QuerySet:
        """Only what the list shows."""
        return as_of.people(self.request.user, VIEW, self.on).only(
            "name",
            "sex",
            "birth_date",
            "death_date",
            "id_number",
            "phone",
            "region_code",
            "standing",
            "verified_on",
        )

    @property
    def batch_actions(self) -> tuple[BatchAction, ...]:  # type: ignore[override]
        """Those of the rooms above that are there, and verification."""
        above = [
            BatchAction(one.key, one.label, one.icon, one.permission)
            for one in extensions.actions()
            if url_or_nothing(one.url_name)
        ]
        export = (
            (BatchAction("export", _("导出"), "table-export", Permission.EXPORT_PEOPLE, dated=True),)
            if url_or_nothing(EXPORT)
            else ()
        )
        return (
            *above,
            *export,
            BatchAction(
                "verify",
                _("核实"),
                "user-check",
                EDIT,
                confirm=_("确认所选居民的信息已经核实无误？核实日期记为今天。"),
            ),
        )

    def __getattr__(self, name: str) -> Any:
        """Actions of rooms above: keep who was picked, and go to their page."""
        wanted = next((one for one in extensions.actions() if name == f"batch_{one.key}"), None)
        if wanted is None:
            raise AttributeError(name)
        return lambda rows: self._go(rows, wanted.url_name)

    def _picked(self, rows: QuerySet) -> list[int]:
        """The numbers of the people picked; too many are refused rather than cut off."""
        most = extensions.MOST_PICKED
        ids = list(rows.values_list("pk", flat=True)[: most + 1])
        if len(ids) > most:
            raise RuleError(_("一次最多处理 %(n)s 人，请用筛选条件分批选择。") % {"n": f"{most:,}"})
        return ids

    def _go(self, rows: QuerySet, url_name: str) -> HttpResponse:
        self.request.session[extensions.PICKED] = self._picked(rows)
        return HttpResponseRedirect(reverse(url_name))

    def batch_export(self, rows: QuerySet) -> HttpResponse:
        """Keep who was picked, and go to the export."""
        answer = self._go(rows, EXPORT)
        answer.headers["Location"] += "?picked=1" + (f"&on={self.on}" if self.past else "")
        return answer

    @property
    def export_url(self) -> str:
        """The export of the rows shown, where the room that makes it is there and the user may."""
        user: Any = self.request.user
        url = url_or_nothing(EXPORT) if user.can(Permission.EXPORT_PEOPLE) else ""
        query = self.request.GET.urlencode()
        return f"{url}?{query}" if url and query else url

    def batch_verify(self, rows: QuerySet) -> str:
        """Say that they were checked."""
        done = actions.verify_people(acting_user=self.request.user, person_ids=self._picked(rows))
        return _("已核实 %(n)s 人。") % {"n": f"{done:,}"}

    def get_table(self, rows: QuerySet) -> Any:
        """The table, with addresses and tags of the people on the page. Who does not count in the area any more is named, but
        their page is not open."""
        table = super().get_table(rows)
        people = list(cells.records(table))
        ids = [person.pk for person in people]
        places = describing.addresses(ids, self.on)
        user: Any = self.request.user
        tags = occupancy.tags_of(ids, self.on, user)
        for person in people:
            person.may_open = not self.past or user.can(VIEW, person.region_code)
            person.shown = Shown(places.get(person.pk, ""), tags.get(person.pk, []), self.on)
        as_of.set_back(people, self.on)
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way to the import."""
        user: Any = self.request.user
        may_import = user.can(Permission.IMPORT_REGISTRY)
        return super().get_context_data(
            import_url=url_or_nothing("intake:import") if may_import else "", **kwargs
        )


class HouseholdList(ListPage):
    """/people/households/: today, or on the day ?on=."""

    model = Household
    dated = True
    as_of_says = _("户主、人口和地址是那一天的；户号和户类型是现在登记的。")
    permission = VIEW
    title = _("家庭户")
    subtitle = _("一户一本账：户主、成员、住在哪里")
    noun = _("户")
    filterset_class = filters.HouseholdFilters

    @property
    def table_class(self) -> Any:
        """Sorted by the columns of the day."""
        return tables.HouseholdTableThen if self.past else tables.HouseholdTable

    empty_title = _("还没有登记家庭户")
    empty_hint = _("登记居民时选“新立一户”，或者从 Excel 名册导入。")

    def get_queryset(self) -> QuerySet:
        """With homes."""
        return as_of.households(self.request.user, VIEW, self.on).select_related("home")

    def get_table(self, rows: QuerySet) -> Any:
        """The table, with the head and the number of members of the households on the page."""
        table = super().get_table(rows)
        households = {one.pk: one for one in cells.records(table)}
        if self.past:
            self._set_back(list(households.values()))
        found = as_of.memberships(self.on, household__in=households).values_list(
            "household_id", "relation", "person__name"
        )
        for pk, relation, name in found:
            household: Any = households[pk]
            household.size = getattr(household, "size", 0) + 1
            if relation == HEAD:
                household.head_name = name
        return table

    def _set_back(self, households: list[Any]) -> None:
        """Region and home of the day, for reading only."""
        user: Any = self.request.user
        homes = Home.objects.in_bulk({one.home_on for one in households if one.home_on is not None})
        for one in households:
            one.may_open = user.can(VIEW, one.region_code)
            one.region_code = one.region_on
            one.home = homes.get(one.home_on)


class PersonPage(HistoryTab, DetailPage):
    """/people/<id>/: who they are, family, places, groups, history; the list's drawer as well. On the day ?on= the first tab
    shows them as they were."""

    model = Person
    dated = True
    as_of_says = AS_OF_SAYS
    permission = VIEW
    template_name = "people/person.html"

    def get_object(self, queryset: Any = None) -> Person:
        """As they were on the day asked for."""
        return as_of.one(super().get_object(queryset), self.on)

    def get_tabs(self) -> list[Tab]:
        """Those of this room, those of the rooms above that the user may see, and the history."""
        user: Any = self.request.user
        self.extra: dict[str, tuple[extensions.PersonTab, dict[str, Any]]] = {}
        tabs = [
            Tab("basic", _("基本信息"), "people/_basic.html"),
            Tab("family", _("家庭"), "people/_family.html"),
            Tab("places", _("居住记录"), "people/_places.html"),
            Tab("life", _("经历"), "pages/_life.html"),
        ]
        for one in extensions.tabs():
            context = one.context(self.object, user)
            if context is not None:
                self.extra[one.key] = (one, context)
                tabs.append(Tab(one.key, one.label, one.template, context.get("count")))
        self.tabs = tuple(tabs)
        return super().get_tabs()

    def history_context(self) -> dict[str, Any]:
        """The deeds and changes; those about health only where the user may see sensitive groups."""
        found = super().history_context()
        user: Any = self.request.user
        if not user.can(Permission.VIEW_SENSITIVE_GROUPS, self.object.region_code):
            health = {label(Person, name) for name in HEALTH_FACTS}
            found["changes"] = [one for one in found["changes"] if one.label not in health]
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the tab shows."""
        found = super().get_context_data(**kwargs)
        person: Person = self.object
        user: Any = self.request.user
        on = self.on
        current = list(as_of.residences(on, person=person).select_related("home"))
        living = next((one for one in current if one.kind == ResidenceKind.LIVING), None)
        hukou = next((one for one in current if one.kind == ResidenceKind.HUKOU), None)
        member = as_of.memberships(on, person=person).select_related("household__home").first()
        tab = found["current_tab"]
        if tab is not None and tab.key in self.extra:
            given = self.extra[tab.key][1]
            found["panel"] = {key: value() if callable(value) else value for key, value in given.items()}
        household = member.household if member is not None else None
        if household is not None and not user.can(VIEW, household.region_code):
            household = None
        near = list(
            Kinship.objects.select_related("relative").filter(
                person=person, relation__in=(Relation.SPOUSE, Relation.CONTACT), period__contains=on
            )
        )
        standing: Any = person.standing
        found |= {
            "about": describing.sex_and_age(person, on),
            "area": describing.area(person.region_code),
            "standing": person.get_standing_display(),
            "standing_tone": describing.TONES[standing],
            "age": describing.age_of(person, on),
            "living": living,
            "living_text": actions.place_text(living) if living else "",
            "hukou": hukou,
            "hukou_text": actions.place_text(hukou) if hukou else "",
            "station": hukou.station if hukou else "",
            "grade": self._grade(person),
            "contact": self._contact(near),
            "spouse": any(one.relation == Relation.SPOUSE for one in near),
            "is_here": living is not None and living.home_id is not None,
            "member": member,
            "household": household,
            "id_number": describing.masked_number(person),
            "phone": describing.masked_phone(person.phone),
            "landline": describing.masked_phone(person.landline),
            "tags": occupancy.tags_of([person.pk], on, user).get(person.pk, []),
            "missing": self._missing(person, member is not None, hukou is not None),
            "can_edit": not self.past and user.can(EDIT, person.region_code),
            "can_reveal": not self.past and user.can(Permission.REVEAL_PEOPLE, person.region_code),
            "sees_health": user.can(Permission.VIEW_SENSITIVE_GROUPS, person.region_code),
            "family": self._family(household),
            "crumbs": [(str(_("居民")), reverse("people:list")), (person.name, "")],
        }
        if tab is not None and tab.key == "life":
            found["life"] = by_year(lives.of_person(person, user), on)
        if tab is not None and tab.key == "places":
            found["spells"] = self._spells(person)
        if tab is not None and tab.key == "family":
            found["kin"] = self._kin(person, user)
            found["earlier"] = (
                HouseholdMember.objects.select_related("household")
                .filter(person=person, period__endswith__lte=on)
                .order_by("-period")
            )
        return found

    def _missing(self, person: Person, has_household: bool, has_hukou: bool) -> list[str]:
        if person.standing in (Standing.GONE, Standing.DEAD):
            return []
        return describing.missing_of(person, has_household=has_household, has_hukou=has_hukou)

    def _family(self, household: Household | None) -> list[describing.Relative]:
        if household is None:
            return []
        members = as_of.memberships(self.on, household=household).select_related("person")
        return describing.relatives(members, self.on)

    def _grade(self, person: Person) -> str:
        code = schooling.grade_on(person.schooling, person.school_since, self.on)
        return schooling.GRADE.label(code) if code else ""

    def _contact(self, near: list[Kinship]) -> dict[str, str] | None:
        """Who was named to be called in need, on the day; the phone masked."""
        one = next((one for one in near if one.relation == Relation.CONTACT), None)
        if one is None:
            return None
        who = one.relative
        return {
            "name": who.name if who is not None else one.relative_name,
            "phone": describing.masked_phone(who.phone if who is not None else one.relative_phone),
            "how": one.get_how_display() if one.how else "",
        }

    def _spells(self, person: Person) -> list[dict[str, Any]]:
        rows = Residence.objects.select_related("home").filter(person=person)
        rows = rows.exclude(period__startswith__gt=self.on)
        today = self.on
        listed = [
            {
                "spell": one,
                "kind": one.get_kind_display(),
                "when": describe_period(one.period),
                "place": actions.place_text(one),
                "now": one.period.upper is None or one.period.upper > today,
                "permit": describing.masked_permit(one.permit_number),
                "permit_over": one.period.upper is None
                and one.permit_until is not None
                and one.permit_until < today,
            }
            for one in rows
            if not one.period.isempty
        ]
        return sorted(
            listed,
            key=lambda one: (one["now"], str(one["spell"].period.lower or "")),
            reverse=True,
        )

    def _kin(self, person: Person, user: Any) -> list[dict[str, Any]]:
        rows = Kinship.objects.select_related("relative").filter(person=person)
        rows = rows.exclude(period__startswith__gt=self.on)
        today = self.on
        return [
            {
                "kin": one,
                "name": one.relative.name if one.relative else one.relative_name,
                "phone": describing.masked_phone(
                    one.relative.phone if one.relative is not None else one.relative_phone
                ),
                "url": one.relative.get_absolute_url()
                if one.relative is not None and user.can(VIEW, one.relative.region_code)
                else "",
                "when": describe_period(one.period),
                "now": one.period.upper is None or one.period.upper > today,
            }
            for one in rows.order_by("relation", "-period")
            if not one.period.isempty
        ]


class HouseholdPage(HistoryTab, DetailPage):
    """/people/households/<id>/: members, head, home, on the day ?on=."""

    model = Household
    dated = True
    as_of_says = _("成员、户主和他们的住址是那一天的；户号、户类型和登记房屋是现在的。")
    permission = VIEW
    template_name = "people/household.html"
    tabs = (
        Tab("members", _("家庭成员"), "people/_members.html"),
        Tab("life", _("经历"), "pages/_life.html"),
    )

    def get_queryset(self) -> QuerySet:
        """With the home."""
        return super().get_queryset().select_related("home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Members now and before, with what looks odd."""
        household: Household = self.object
        user: Any = self.request.user
        on = self.on
        memberships = HouseholdMember.objects.select_related("person").filter(household=household)
        members = describing.relatives(
            as_of.memberships(on, household=household).select_related("person"), on
        )
        ids = [one.person.pk for one in members]
        places = describing.addresses(ids, on)
        may_see = {one.person.pk: user.can(VIEW, one.person.region_code) for one in members}
        if self.past:
            then = {one.pk: one for one in as_of.then(Person.objects.filter(pk__in=ids), on)}
            for member in members:
                member.person.standing = then[member.person.pk].standing_on
        now = set(ids)
        earlier: dict[int, HouseholdMember] = {}
        for one in memberships.filter(period__endswith__lte=on).order_by("period"):
            if one.person_id not in now:
                earlier[one.person_id] = one
        return super().get_context_data(
            life=by_year(lives.of_household(household, user), on)
            if self.request.GET.get("tab") == "life"
            else [],
            area=describing.area(household.region_code),
            members=[
                {
                    "one": one,
                    "place": places.get(one.person.pk, ""),
                    "standing": one.person.get_standing_display(),
                    "tone": describing.TONES[one.person.standing],  # type: ignore[index]
                    "may_see": may_see[one.person.pk],
                }
                for one in members
            ],
            head=next((one.person for one in members if one.is_head), None),
            earlier=[
                {
                    "person": one.person,
                    "when": describe_period(one.period),
                    "relation": one.get_relation_display(),
                }
                for one in earlier.values()
                if user.can(VIEW, one.person.region_code)
            ],
            can_edit=not self.past and user.can(EDIT, household.region_code),
            crumbs=[(str(_("家庭户")), reverse("people:households")), (household.number, "")],
            **kwargs,
        )


class PeopleOptions(Permitted, View):
    """/people/options/?q=: residents for a picker, as JSON {"results": [{value, label, hint}]}, masked."""

    model = Person
    permission = VIEW

    def get(self, request: HttpRequest) -> JsonResponse:
        """At most 20."""
        text = request.GET.get("q", "").strip()[:60]
        rows = filters.find_people(self.get_queryset(), text) if text else self.get_queryset().none()
        people = list(rows.exclude(standing__in=filters.AWAY)[:OPTIONS])
        places = describing.addresses([one.pk for one in people])
        return JsonResponse(
            {
                "results": [
                    {
                        "value": str(one.pk),
                        "label": one.name,
                        "hint": " · ".join(
                            part for part in (describing.sex_and_age(one), places.get(one.pk, "")) if part
                        ),
                    }
                    for one in people
                ]
            }
        )


class HouseholdOptions(Permitted, View):
    """/people/households/options/?q=: households for a picker, by head, number or address."""

    model = Household
    permission = VIEW

    def get(self, request: HttpRequest) -> JsonResponse:
        """At most 20."""
        text = request.GET.get("q", "").strip()[:60]
        rows = filters.find_households(self.get_queryset(), text) if text else self.get_queryset().none()
        found = list(rows.select_related("home")[:OPTIONS])
        heads = dict(
            HouseholdMember.objects.filter(
                household__in=[one.pk for one in found],
                relation=HEAD,
                period__contains=timezone.localdate(),
            ).values_list("household_id", "person__name")
        )
        return JsonResponse(
            {
                "results": [
                    {
                        "value": str(one.pk),
                        "label": f"{heads.get(one.pk, _('（无户主）'))}户 {one.number}",
                        "hint": one.home.full_address if one.home is not None else "",
                    }
                    for one in found
                ]
            }
        )


class RegionOptions(Permitted, View):
    """/people/regions/?q=: divisions of the country down to the street, and communities of the base."""

    permission = VIEW

    def get(self, request: HttpRequest) -> JsonResponse:
        """At most 20."""
        text = request.GET.get("q", "").strip()[:30]
        found = lookup.search(text)[:OPTIONS] if len(text) > 1 else []
        return JsonResponse(
            {
                "results": [
                    {
                        "value": one.region_code,
                        "label": names.path(one.region_code, since=Level.PROVINCE),
                        "hint": one.get_level_display(),
                    }
                    for one in found
                ]
            }
        )
