"""Who gets which answer from which address: one row per URL name.

Columns: the worker of the community the record lies in, the officer of its street, the officer of a district department, the
worker of the neighbouring community, the administrator of the district, a stranger with an account but no post. Nobody logged
in is always sent to the login page, except where `open_to_all`.

200 shown (for a form sent with GET) · 302 done and sent on · 403 the permission is held nowhere · 404 held, but not there ·
405 only by POST.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from linli.access.testing import COMMUNITY, DISTRICT, STREET
from tests.permissions.world import World

Arguments = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """The expected status of each character for one address."""

    name: str
    worker: int
    officer: int
    department: int
    neighbour: int
    administrator: int
    stranger: int
    arguments: Arguments = field(default=lambda world: {})
    query: dict[str, str] = field(default_factory=dict)
    post: bool = False
    open_to_all: bool = False


def _record(world: World, attribute: str) -> Any:
    """A record of the world, by its attribute or its name among the extra ones."""
    return world.extra[attribute] if attribute in world.extra else getattr(world, attribute)


def _pk(attribute: str) -> Arguments:
    return lambda world: {"pk": _record(world, attribute).pk}


def everybody(name: str, status: int = 200, **more: Any) -> Row:
    """The same for every account."""
    return Row(name, status, status, status, status, status, status, **more)


def lookers(name: str, **more: Any) -> Row:
    """Lists that all who look at places may open: the administrator and the stranger may not."""
    return Row(name, 200, 200, 200, 200, 403, 403, **more)


def place(name: str, attribute: str, status: int = 200, **more: Any) -> Row:
    """A record of the worker's community that all who look at places in its area may see."""
    return Row(name, status, status, status, 404, 403, 403, arguments=_pk(attribute), **more)


def own(
    name: str, attribute: str, status: int = 200, *, extra: dict[str, Any] | None = None, **more: Any
) -> Row:
    """A record that only those who work in its area may see or change; `extra` are further parts of the address."""

    def arguments(world: World) -> dict[str, Any]:
        found = {"pk": _record(world, attribute).pk, **(extra or {})}
        return {key: value(world) if callable(value) else value for key, value in found.items()}

    return Row(name, status, status, 403, 404, 403, 403, arguments=arguments, **more)


def private(
    name: str, attribute: str, status: int = 200, *, extra: dict[str, Any] | None = None, **more: Any
) -> Row:
    """The worker's own piece of work with residents' data: nobody else's, whatever their area."""

    def arguments(world: World) -> dict[str, Any]:
        return {"pk": getattr(world, attribute).pk, **(extra or {})}

    return Row(name, status, 404, 403, 404, 403, 403, arguments=arguments, **more)


def workers(name: str, status: int = 200, **more: Any) -> Row:
    """Pages of those who work with residents."""
    return Row(name, status, status, 403, status, 403, 403, **more)


def handlers(name: str, **more: Any) -> Row:
    """Pages of all who handle cases."""
    return Row(name, 200, 200, 200, 200, 403, 403, **more)


def on_case(
    name: str, worker: int, officer: int, department: int, *, post: bool = False, **extra: Any
) -> Row:
    """Something about the case that the worker's community began, the street coordinates and a department supports."""

    def arguments(world: World) -> dict[str, Any]:
        found = {
            key: world.extra[value].pk if value in world.extra else value for key, value in extra.items()
        }
        return {"pk": world.extra["case"].pk, **found}

    return Row(name, worker, officer, department, 404, 403, 403, arguments=arguments, post=post)


def managers(name: str, status: int = 200, **more: Any) -> Row:
    """Pages of the administrator."""
    return Row(name, 403, 403, 403, 403, status, 403, **more)


def viewers(name: str, **more: Any) -> Row:
    """What all who work in the district may read."""
    return Row(name, 200, 200, 200, 200, 200, 403, **more)


def draft_editors(name: str, **more: Any) -> Row:
    """What only the district's community office does, which is none of the characters."""
    return Row(name, 403, 403, 403, 403, 403, 403, **more)


def _editions(world: World) -> dict[str, Any]:
    return {"before": world.extra["edition"].pk, "after": world.extra["draft"].pk}


def _user(world: World) -> dict[str, Any]:
    return {"pk": world.people.worker.pk}


def _bands(world: World) -> dict[str, Any]:
    from linli.lists.models import Bands
    from linli.lists.seeds import ensure_bands

    ensure_bands()
    return {"pk": Bands.objects.earliest("pk").pk}


def _unit(world: World) -> dict[str, Any]:
    return {"pk": world.extra["post"].unit_id}


def _job(world: World) -> dict[str, Any]:
    return {"pk": world.job.pk}


def _group(world: World) -> dict[str, Any]:
    return {"code": world.group.code}


def _kind(world: World) -> dict[str, Any]:
    return {"pk": world.group.pk}


def _notice(world: World) -> dict[str, Any]:
    return {"pk": world.extra["notice"].pk}


def _list(world: World) -> dict[str, Any]:
    return {"pk": world.extra["list"].pk}


def _client(world: World) -> dict[str, Any]:
    return {"pk": world.extra["entitlement"].client_id}


def _entitlement(world: World) -> dict[str, Any]:
    return {"pk": world.extra["entitlement"].pk}


TABLE_QUERY = {"subject": "person", "rows": "element:sex"}


def _mine(name: str, status: int, arguments: Arguments, **more: Any) -> Row:
    """Something that belongs to the worker alone."""
    return Row(name, status, 404, 404, 404, 404, 404, arguments=arguments, **more)


def kept(name: str, key: str, status: int = 200, **more: Any) -> Row:
    """A record of the worker's community that stands among the world's further ones."""
    return Row(name, status, status, 403, 404, 403, 403, arguments=lambda w: {"pk": w.extra[key].pk}, **more)


def planners(
    name: str, status: int = 200, *, key: str = "", more: dict[str, Any] | None = None, **rest: Any
) -> Row:
    """Plans of communities: the street's officer, who plans there, and none of the other characters."""

    def arguments(world: World) -> dict[str, Any]:
        return ({"pk": world.extra[key].pk} if key else {}) | (more or {})

    return Row(name, 403, status, 403, 403, 403, 403, arguments=arguments, **rest)


def senders(name: str, status: int = 200, **more: Any) -> Row:
    """Pages of departments and streets that send things to communities."""
    return Row(name, 403, status, status, 403, 403, 403, **more)


def of_department(name: str, key: str, status: int = 200, **more: Any) -> Row:
    """What only the department may do that a thing comes from."""
    return Row(name, 403, 404, status, 403, 403, 403, arguments=_pk(key), **more)


def kept_by_street(name: str, key: str, status: int = 200, **more: Any) -> Row:
    """What the street decides."""
    return Row(name, 403, status, 403, 403, 403, 403, arguments=_pk(key), **more)


def _community(world: World) -> dict[str, Any]:
    return {"region_code": COMMUNITY}


def in_community(name: str, department: int = 200, **more: Any) -> Row:
    """A page about the worker's community."""
    return Row(name, 200, 200, department, 404, 403, 403, arguments=_community, **more)


def _part(world: World) -> dict[str, Any]:
    return {"pk": world.extra["year_plan"].pk, "part": world.extra["part"].pk}


def everybody_but(name: str, key: str) -> Row:
    """What only the head of the street's office or of the district may do: none of the characters."""
    return Row(name, *[403] * 6, arguments=lambda world: {"pk": world.extra[key].pk})


def admission(
    name: str,
    key: str = "",
    *,
    worker: int = 404,
    officer: int = 404,
    department: int = 200,
    neighbour: int = 404,
    post: bool = False,
    **extra: str,
) -> Row:
    """Something about the application that the department made for the worker's community."""

    def arguments(world: World) -> dict[str, Any]:
        found = {part: world.extra[of].pk for part, of in extra.items()}
        return found | ({"pk": world.extra[key].pk} if key else {})

    return Row(
        f"admission:{name}", worker, officer, department, neighbour, 403, 403, arguments=arguments, post=post
    )


def application_shown(name: str, key: str, **extra: str) -> Row:
    """What the worker, the street and the department see of an application."""
    return admission(name, key, worker=200, officer=200, **extra)


def applicants(name: str, key: str = "", department: int = 200, *, post: bool = False, **extra: str) -> Row:
    """What only the department that applies may do."""
    return admission(
        name, key, worker=403, officer=403, department=department, neighbour=403, post=post, **extra
    )


def deciders(name: str, key: str = "") -> Row:
    """What only the district's community office may do: none of the characters."""
    return applicants(name, key, 403)


TABLE: tuple[Row, ...] = (
    # the office
    everybody("home"),
    everybody("login", 302, open_to_all=True),
    everybody("logout", 302, post=True, open_to_all=True),
    everybody("profile"),
    everybody("profile_edit"),
    everybody("password"),
    managers("users"),
    managers("user_create"),
    managers("user", arguments=_user),
    managers("user_edit", arguments=_user),
    managers("user_password", arguments=_user),
    managers("user_unlock", 302, arguments=_user, post=True),
    managers("post_give", arguments=_user),
    managers("post_end", arguments=lambda w: {"pk": w.people.worker.pk, "post": w.extra["post"].pk}),
    managers("units"),
    managers("unit_add"),
    managers("unit", arguments=_unit),
    managers("unit_edit", arguments=_unit),
    Row("regions", 200, 200, 200, 200, 200, 403),
    Row("region", 200, 200, 200, 200, 200, 403, arguments=lambda w: {"region_code": w.person.region_code}),
    Row(
        "region_edit", 403, 403, 403, 403, 200, 403, arguments=lambda w: {"region_code": w.person.region_code}
    ),
    Row("grid_add", 403, 403, 403, 403, 200, 403, arguments=lambda w: {"region_code": w.person.region_code}),
    everybody("reach"),
    managers("outbox"),
    managers("outbox_again", 404, arguments=lambda w: {"pk": 1}, post=True),
    everybody("calendar"),
    managers("calendar_settle"),
    managers("calendar_unsettle", 404, arguments=lambda w: {"pk": 1}, post=True),
    managers("calendar_year", 302, arguments=lambda w: {"year": 2027}, post=True),
    Row("recount", 404, 404, 302, 404, 403, 403, post=True),
    everybody("dictionary"),
    everybody("subject", arguments=lambda w: {"key": "person"}),
    Row("events", 403, 403, 403, 403, 403, 403),
    Row("verify_chain", 403, 403, 403, 403, 403, 403, post=True),
    Row("disclosures", 403, 403, 403, 403, 403, 403),
    # the kit
    everybody("search"),
    everybody("search_suggest"),
    everybody("notices"),
    everybody("notices_read", 302, post=True),
    _mine("notice", 302, _notice),
    _mine("notice_done", 302, _notice, post=True),
    everybody("jobs"),
    _mine("job", 200, _job),
    _mine("job_file", 404, _job),
    _mine("job_cancel", 302, _job, post=True),
    # form tasks
    Row("collecting:home", 302, 302, 302, 302, 403, 403),
    lookers("collecting:tasks"),
    lookers("collecting:parts"),
    senders("collecting:choose"),
    of_department("collecting:draft", "form_warrant"),
    place("collecting:task", "form_task"),
    place("collecting:blank", "form_task"),
    *(
        Row(
            f"collecting:{name}",
            403,
            404,
            200,
            403,
            403,
            403,
            arguments=lambda w, more=more: {"pk": w.extra["form_draft"].pk, **more},
        )
        for name, more in (("column", {"column": 2}), ("scope", {}), ("issue", {}))
    ),
    of_department("collecting:discard", "form_draft", 302, post=True),
    of_department("collecting:remind", "form_task", 302, post=True),
    of_department("collecting:take_back", "form_task"),
    of_department("collecting:merge", "form_task", 302, post=True),
    place("collecting:part", "form_part"),
    *(
        Row(
            f"collecting:{name}",
            status,
            403,
            403,
            404,
            403,
            403,
            arguments=lambda w, more=more: {"pk": w.extra["form_part"].pk, **more},
            post=post,
        )
        for name, status, post, more in (
            ("receive", 302, True, {}),
            ("to_base", 302, True, {}),
            ("row", 200, False, {"row": 0}),
            ("upload", 200, False, {}),
            ("file", 200, False, {}),
            ("submit", 200, False, {}),
        )
    ),
    *(
        Row(f"collecting:{name}", *[403] * 6, arguments=_pk("form_part"), post=post)
        for name, post in (("send_back", False), ("sign", True))
    ),
    Row("collecting:reopen", 404, 404, 404, 404, 403, 403, arguments=_pk("form_part")),
    Row(
        "collecting:sent",
        404,
        404,
        404,
        404,
        403,
        403,
        arguments=lambda w: {"pk": w.extra["form_part"].pk, "number": 1},
    ),
    # places
    lookers("places:estates"),
    workers("places:estate_add"),
    place("places:estate", "estate"),
    own("places:estate_edit", "estate"),
    lookers("places:estates_export"),
    lookers("places:buildings_export"),
    lookers("places:homes_export"),
    lookers("places:back_streets_export"),
    own("places:management_set", "estate"),
    own("places:management_edit", "management"),
    own("places:lift_add", "building"),
    own("places:lift_edit", "lift"),
    own("places:lift_remove", "lift"),
    own("places:entrance_add", "estate"),
    own("places:entrance_edit", "entrance"),
    own("places:entrance_remove", "entrance"),
    lookers("places:back_streets"),
    workers("places:back_street_add"),
    place("places:back_street", "back_street"),
    own("places:back_street_edit", "back_street"),
    own("places:back_street_remove", "back_street"),
    own("places:estate_remove", "estate"),
    own("places:building_add", "estate"),
    lookers("places:buildings"),
    place("places:building", "building"),
    place("places:building_facts", "building"),
    own("places:building_edit", "building"),
    own("places:building_layout", "building"),
    own("places:building_remove", "building"),
    own("places:homes_add", "building"),
    own("places:chart_edit", "building"),
    own("places:floor_add", "building"),
    own("places:unit_add", "building"),
    own("places:homes_merge", "building", 404),
    own("places:homes_doors", "building"),
    own("places:homes_end", "building", 404),
    own("places:home_split", "home"),
    own("places:home_reopen", "home"),
    lookers("places:map"),
    Row("places:grids", 200, 200, 403, 404, 403, 403, arguments=lambda w: {"region_code": COMMUNITY}),
    own("places:building_position", "building"),
    own("places:estate_outline", "estate"),
    own("places:unit_edit", "unit"),
    own("places:unit_remove", "unit"),
    lookers("places:homes"),
    lookers("places:home_options", query={"q": "东外"}),
    place("places:home", "home"),
    own("places:home_edit", "home"),
    own("places:home_owner", "home"),
    own("places:home_remove", "home"),
    # rented homes
    workers("lettings:list"),
    own("lettings:letting", "letting"),
    own("lettings:edit", "letting"),
    own("lettings:end", "letting"),
    own("lettings:numbers", "letting"),
    own("lettings:add", "home"),
    own("lettings:hazard_add", "home"),
    own("lettings:hazard_edit", "hazard"),
    # networks
    workers("networks:overview"),
    workers("networks:posts"),
    own("networks:post", "network_post"),
    own("networks:post_places", "network_post"),
    own("networks:post_end", "network_post"),
    Row("networks:community", 200, 200, 403, 404, 403, 403, arguments=lambda w: {"region_code": COMMUNITY}),
    Row(
        "networks:appoint",
        200,
        200,
        403,
        404,
        403,
        403,
        arguments=lambda w: {"region_code": COMMUNITY, "kind": "door_head"},
    ),
    # organisations
    lookers("organisations:organisations"),
    workers("organisations:add"),
    place("organisations:organisation", "organisation"),
    own("organisations:edit", "organisation"),
    own("organisations:close", "organisation"),
    own("organisations:reopen", "organisation"),
    own("organisations:contact", "organisation"),
    lookers("organisations:export"),
    lookers("organisations:options"),
    lookers("organisations:checks"),
    own("organisations:premises_add", "organisation"),
    own("organisations:position_add", "organisation"),
    own("organisations:tie_add", "organisation"),
    own("organisations:estate_add", "organisation"),
    own("organisations:check_add", "organisation"),
    own("organisations:premises_end", "premises"),
    own("organisations:position_end", "position"),
    own("organisations:tie_end", "tie"),
    own("organisations:estate_remove", "managed"),
    own("organisations:check_finish", "check"),
    # people
    workers("people:list"),
    workers("people:register"),
    workers("people:options", query={"q": "测试"}),
    workers("people:region_options", query={"q": "延庆"}),
    own("people:person", "person"),
    own("people:edit", "person"),
    own("people:reveal", "person"),
    own("people:verify", "person", 302, post=True),
    own("people:move_in", "person"),
    own("people:move_within", "person"),
    own("people:move_out", "person"),
    own("people:correct_living", "person"),
    own("people:living", "person"),
    own("people:hukou", "person"),
    own("people:death", "person"),
    own("people:withdraw_death", "person"),
    own("people:join", "person"),
    own("people:found_household", "person"),
    own("people:leave_household", "person"),
    own("people:kin", "person"),
    own("people:marry", "person"),
    own("people:divorce", "person"),
    own("people:birth", "person"),
    own("people:adopt", "person"),
    own("people:clear_building", "building"),
    own("people:split_household", "household"),
    own("people:merge_household", "household"),
    own("people:end_kin", "kinship"),
    workers("people:households"),
    workers("people:household_options", query={"q": "110"}),
    own("people:household", "household"),
    own("people:household_edit", "household"),
    own("people:change_head", "household"),
    own("people:move_household", "household"),
    own("people:set_relation", "household", extra={"person": lambda world: world.person.pk}),
    # groups
    workers("groups:list"),
    workers("groups:add_people"),
    own("groups:edit", "membership"),
    own("groups:end", "membership"),
    own("groups:confirm", "membership"),
    own("groups:set_aside", "membership"),
    own("groups:membership", "membership"),
    own("groups:file_add", "membership"),
    own("groups:file", "evidence"),
    own("groups:file_remove", "evidence"),
    workers("groups:due"),
    workers("groups:proposals"),
    workers("groups:proposals_confirm"),
    workers("groups:proposals_refuse"),
    managers("groups:kinds"),
    managers("groups:kind_add"),
    managers("groups:kind", arguments=_kind),
    managers("groups:kind_edit", arguments=_kind),
    managers("groups:rule_add", arguments=_kind),
    managers("groups:rule_stop", arguments=lambda w: {"pk": w.group.rules.first().pk}),
    own("groups:certificate", "membership"),
    workers("groups:roster", arguments=_group),
    workers("groups:add", arguments=_group),
    workers("intake:import"),
    workers("returns:list"),
    workers("returns:organisations"),
    workers("returns:organisation_template"),
    *(
        Row(
            name,
            status,
            404,
            403,
            404,
            403,
            403,
            arguments=lambda w, more=more: {"pk": w.extra["returned"].pk} | more,
        )  # type: ignore[misc]
        for name, status, more in (
            ("returns:return", 200, {}),
            ("returns:column", 200, {"column": 1}),
            ("returns:file", 404, {}),
        )
    ),
    lookers("changes:list"),
    lookers("changes:propose_by_number"),
    Row(
        "changes:propose",
        200,
        200,
        200,
        404,
        403,
        403,
        arguments=lambda w: {"about": "home", "pk": w.home.pk},
    ),
    Row("changes:proposal", 200, 200, 200, 404, 403, 403, arguments=lambda w: {"pk": w.extra["change"].pk}),
    Row("changes:evidence", 404, 404, 404, 404, 403, 403, arguments=lambda w: {"pk": w.extra["change"].pk}),
    workers("quality:overview"),
    Row("quality:community", 200, 200, 403, 404, 403, 403, arguments=lambda w: {"region": COMMUNITY}),
    Row(
        "quality:check",
        200,
        200,
        403,
        404,
        403,
        403,
        arguments=lambda w: {"region": COMMUNITY, "check": "no_phone"},
    ),
    workers("sources:conflicts"),
    managers("sources:kinds"),
    managers("sources:kind", arguments=lambda w: {"pk": w.extra["source_kind"].pk}),
    workers("matching:list"),
    workers("matching:merges"),
    workers("matching:scan", 302, post=True),
    kept("matching:pair", "pair"),
    kept("matching:merge", "merge"),
    workers("intake:export_people"),
    workers("intake:template"),
    # forms
    workers("forms"),
    private("form", "form"),
    private("form_column", "form", extra={"column": 1}),
    private("form_column_forget", "form", 302, extra={"column": 1}, post=True),
    private("form_scope", "form"),
    private("filled_form", "filled"),
    private("filled_file", "filled"),
    # lists of one's own
    lookers("lists:index"),
    managers("lists:bands"),
    managers("lists:band_add"),
    managers("lists:band_edit", arguments=_bands),
    managers("lists:band_delete", 302, arguments=_bands, post=True),
    lookers("lists:make"),
    Row("lists:table", 200, 200, 422, 200, 403, 403, query=TABLE_QUERY),
    Row("lists:table_file", 200, 200, 422, 200, 403, 403, query=TABLE_QUERY),
    Row("lists:pick", 200, 200, 422, 200, 403, 403, query={"subject": "person", "kind": "condition"}),
    Row("lists:compare", 200, 200, 422, 200, 403, 403, query={"subject": "person", "path": "age"}),
    Row("lists:save", 200, 200, 422, 200, 403, 403, query={"subject": "person"}),
    Row("lists:export", 200, 200, 422, 200, 403, 403, query={"subject": "person"}),
    Row("lists:list", 200, 404, 404, 404, 403, 403, arguments=_list),
    Row("lists:schedule", 200, 404, 404, 404, 403, 403, arguments=_list),
    Row("lists:unschedule", 302, 404, 404, 404, 403, 403, arguments=_list, post=True),
    Row("lists:delete", 302, 404, 404, 404, 403, 403, arguments=_list, post=True),
    # admission
    lookers("admission:applications"),
    lookers("admission:dues"),
    lookers("admission:objections"),
    lookers("admission:emergencies"),
    admission("consultations", worker=200, officer=200, department=403, neighbour=200),
    admission("objection_new", worker=200, officer=200, department=403, neighbour=200),
    applicants("application_new"),
    application_shown("application", "application_asked"),
    application_shown("form_file", "application_asked", form="application_asked_form"),
    application_shown("document", "application_asked"),
    application_shown("payment_file", "application_admitted", payment="payment"),
    application_shown("objection", "objection"),
    application_shown("emergency", "emergency"),
    admission("opinion", "application_asked", worker=200, officer=200, department=403),
    admission("pay", "application_admitted"),
    admission("payment_cancel", "application_admitted", payment="payment"),
    admission("emergency_review", "emergency"),
    applicants("application_edit", "application_draft"),
    applicants("form_attach", "application_draft"),
    applicants("form_remove", "application_draft", 302, post=True, form="application_draft_form"),
    applicants("submit", "application_draft", 302, post=True),
    applicants("discard", "application_asked", 404, post=True),
    applicants("withdraw", "application_asked"),
    applicants("renew", "application_admitted", 302, post=True),
    deciders("setting"),
    deciders("consult", "application_asked"),
    deciders("send_back", "application_asked"),
    deciders("decide", "application_asked"),
    deciders("settle_trial", "application_asked"),
    deciders("revoke", "application_admitted"),
    deciders("objection_answer", "objection"),
    deciders("emergency_new"),
    deciders("emergency_end", "emergency"),
    everybody("admission:public_emergencies", open_to_all=True),
    # cases
    handlers("flow:inbox"),
    everybody("flow:kinds"),
    everybody("flow:kind", arguments=lambda w: {"key": "test_whistle"}),
    managers("flow:kind_limits", arguments=lambda w: {"key": "test_whistle"}),
    managers("flow:kind_publish", 404, arguments=lambda w: {"key": "test_whistle"}),
    on_case("flow:case", 200, 200, 200),
    on_case("flow:follow", 302, 302, 302, post=True),
    on_case("flow:add_units", 404, 200, 404),
    on_case("flow:step", 404, 200, 404, step="assign"),
    on_case("flow:extend", 404, 200, 404, clock="clock"),
    on_case("flow:paper", 404, 404, 404, paper=1),
    on_case("flow:claim", 404, 302, 404, task="lead", post=True),
    on_case("flow:report", 404, 404, 200, task="support"),
    on_case("flow:send_back", 404, 404, 200, task="support"),
    on_case("flow:withdraw", 404, 200, 404, task="support"),
    on_case("flow:hand_over", 404, 200, 404, task="lead"),
    # what comes into communities
    Row("agenda:home", 302, 200, 200, 302, 403, 403),
    lookers("agenda:year"),
    lookers("agenda:ceilings"),
    lookers("agenda:proposals"),
    lookers("agenda:visits"),
    planners("agenda:ceiling", more={"region_code": STREET}),
    senders("agenda:choose"),
    of_department("agenda:propose", "warrant"),
    place("agenda:proposal", "proposal"),
    kept_by_street("agenda:consent", "proposal"),
    kept_by_street("agenda:refuse", "proposal"),
    Row("agenda:cancel", 403, 200, 200, 403, 403, 403, arguments=_pk("proposal")),
    of_department("agenda:fix", "proposal", 302, post=True),
    place("agenda:visit", "visit"),
    own("agenda:answer", "visit"),
    of_department("agenda:move", "visit"),
    own("agenda:hours", "unlisted"),
    Row("agenda:findings", 403, 404, 404, 403, 403, 403, arguments=_pk("visit")),
    Row(
        "agenda:file",
        404,
        404,
        404,
        404,
        403,
        403,
        arguments=lambda w: {"pk": w.extra["visit"].pk, "file": 1},
    ),
    in_community("agenda:month"),
    in_community("agenda:week"),
    in_community("agenda:ics"),
    in_community("agenda:unlisted", department=403),
    Row("agenda:join", 403, 404, 403, 403, 403, 403, arguments=_community, query={"week": "2026-11-23"}),
    # the duty catalogue
    viewers("catalogue:items"),
    viewers("catalogue:items_file"),
    viewers("catalogue:item", arguments=_pk("item")),
    viewers("catalogue:mine"),
    viewers("catalogue:bases"),
    viewers("catalogue:editions"),
    viewers("catalogue:edition", arguments=_pk("edition")),
    viewers("catalogue:edition_file", arguments=_pk("edition")),
    viewers("catalogue:entry", arguments=_pk("edition_entry")),
    Row("catalogue:compare", 404, 404, 404, 404, 404, 403, arguments=_editions),
    Row("catalogue:compare_file", 404, 404, 404, 404, 404, 403, arguments=_editions),
    draft_editors("catalogue:basis_add"),
    draft_editors("catalogue:start"),
    *(
        draft_editors(f"catalogue:{name}", arguments=_pk("item"))
        for name in ("suspend", "resume", "renew", "revoke")
    ),
    *(
        draft_editors(f"catalogue:{name}", arguments=_pk("draft"))
        for name in ("describe", "discard", "add_entry", "go", "merge", "rename_class", "publish")
    ),
    draft_editors("catalogue:edit_entry", arguments=_pk("draft_entry")),
    everybody("catalogue:public", open_to_all=True),
    everybody("catalogue:public_current", arguments=lambda w: {"region": DISTRICT}, open_to_all=True),
    everybody("catalogue:public_changes", arguments=lambda w: {"region": DISTRICT}, open_to_all=True),
    everybody(
        "catalogue:public_edition", arguments=lambda w: {"region": DISTRICT, "number": 1}, open_to_all=True
    ),
    # the composite assessment
    lookers("assessment:home"),
    lookers("assessment:contests"),
    everybody("assessment:add", 403),
    everybody("assessment:contest_add", 403),
    everybody_but("assessment:decide", "contest"),
    Row("assessment:plan", 200, 200, 200, 200, 403, 403, arguments=_pk("year_plan")),
    everybody_but("assessment:act", "year_plan"),
    everybody_but("assessment:part_add", "year_plan"),
    everybody("assessment:part", 403, arguments=_part),
    everybody("assessment:scores", 403, arguments=_part),
    # plates
    Row("plates:home", 302, 200, 200, 302, 403, 403),
    lookers("plates:list"),
    Row("plates:removal", 403, 404, 403, 403, 403, 403),
    lookers("plates:kinds"),
    Row("plates:kind", 403, 404, 403, 403, 403, 403, arguments=lambda w: {"region_code": STREET[:6]}),
    senders("plates:choose"),
    of_department("plates:propose", "plate_warrant"),
    place("plates:plate", "plate"),
    kept_by_street("plates:accept", "proposed_plate"),
    kept_by_street("plates:refuse", "proposed_plate"),
    own("plates:remove", "plate"),
    own("plates:photo_add", "plate"),
    Row(
        "plates:photo",
        404,
        404,
        404,
        404,
        403,
        403,
        arguments=lambda w: {"pk": w.extra["plate"].pk, "photo": 1},
    ),
    in_community("plates:community"),
    in_community("plates:register", department=403),
    in_community("plates:walk", department=403),
    # adjustment of communities
    lookers("adjustment:sizes"),
    lookers("adjustment:norms"),
    planners("adjustment:norm_add"),
    planners("adjustment:norm_edit", key="norm"),
    planners("adjustment:plans"),
    planners("adjustment:plan_add"),
    planners("adjustment:plan", key="plan"),
    planners("adjustment:buildings", key="plan"),
    planners("adjustment:found", key="plan"),
    planners("adjustment:merge", key="plan"),
    planners("adjustment:rename", key="plan", more={"key": "new1"}),
    planners("adjustment:quick", 302, key="plan", query={"do": "undo"}, post=True),
    planners("adjustment:propose", key="plan"),
    planners("adjustment:submit", key="plan"),
    planners("adjustment:withdraw", key="plan"),
    planners("adjustment:discard", key="plan"),
    everybody_but("adjustment:approve", "plan"),
    everybody_but("adjustment:carry_out", "plan"),
    # sharing
    managers("sharing:clients"),
    managers("sharing:client_add"),
    managers("sharing:client", arguments=_client),
    managers("sharing:client_edit", arguments=_client),
    managers("sharing:key_issue", arguments=_client),
    managers("sharing:grant", arguments=_client),
    managers("sharing:key_revoke", 302, arguments=lambda w: {"pk": w.extra["key"].pk}, post=True),
    managers("sharing:confirm", 302, arguments=_entitlement, post=True),
    managers("sharing:end", arguments=_entitlement),
    managers("sharing:calls"),
    everybody("sharing:docs", open_to_all=True),
    # certificates
    *(
        Row(name, 200, 403, 403, 200, 403, 403, query=query)
        for name, query in (
            ("certificates:counter", {"q": "居住证明"}),
            ("certificates:refuse", {"code": "kinship"}),
            ("certificates:seal_log", {}),
        )
    ),
    Row("certificates:pick", 200, 403, 403, 200, 403, 403, arguments=lambda w: {"code": "residence"}),
    *(
        Row(f"certificates:{name}", 200, 200, 403, 200, 403, 403)
        for name in ("list", "refusals", "seals", "seals_export", "askers", "askers_export", "kinds")
    ),
    *(
        Row(
            f"certificates:{name}",
            status,
            403,
            403,
            404,
            403,
            403,
            arguments=lambda w, key=key, more=more: {"pk": w.extra[key].pk} | more,  # type: ignore[misc]
            post=status == 302,
        )
        for name, status, key, more in (
            ("of_person", 200, "certified", {}),
            ("prepare", 200, "certified", {"code": "residence"}),
            ("issue", 200, "prepared", {}),
            ("drop", 200, "prepared", {}),
            ("copies", 200, "certificate", {}),
            ("withdraw", 200, "certificate", {}),
        )
    ),
    *(
        Row(
            f"certificates:{name}",
            200,
            200,
            403,
            404,
            403,
            403,
            arguments=lambda w, key=key: {"pk": w.extra[key].pk},  # type: ignore[misc]
        )
        for name, key in (
            ("certificate", "certificate"),
            ("paper", "certificate"),
            ("refusal", "refusal"),
            ("slip", "refusal"),
        )
    ),
    *(
        Row(
            f"certificates:{name}",
            302,
            403,
            403,
            404,
            403,
            403,
            arguments=lambda w: {"pk": w.extra["prepared"].pk},
            post=True,
        )
        for name in ("reread", "submit")
    ),
    *(
        Row(name, *[403] * 6, arguments=arguments, post=post)
        for name, arguments, post in (
            ("certificates:approve", lambda w: {"pk": w.extra["prepared"].pk}, True),
            ("certificates:send_back", lambda w: {"pk": w.extra["prepared"].pk}, False),
            ("certificates:seal_add", lambda w: {}, False),
            ("certificates:seal_edit", lambda w: {"pk": w.extra["seal"].pk}, False),
            ("certificates:answer", lambda w: {"pk": w.extra["refusal"].asker_id}, False),
            ("certificates:kind_add", lambda w: {}, False),
            ("certificates:kind_edit", lambda w: {"code": "residence"}, False),
            ("certificates:office_add", lambda w: {}, False),
            ("certificates:office_edit", lambda w: {"pk": 1}, False),
            ("certificates:office_remove", lambda w: {"pk": 1}, True),
        )
    ),
    everybody("certificates:public", open_to_all=True),
    everybody("certificates:check", open_to_all=True),
    everybody(
        "certificates:checked", open_to_all=True, arguments=lambda w: {"token": w.extra["certificate"].token}
    ),
)
