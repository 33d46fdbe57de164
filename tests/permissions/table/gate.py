"""What comes into communities: agenda, duty catalogue, assessment, plates."""

from __future__ import annotations

from typing import Any

from linli.access.testing import COMMUNITY, DISTRICT, STREET
from tests.permissions.table.rows import (
    Row,
    everybody,
    everybody_but,
    lookers,
    of_department,
    own,
    pk,
    place,
    planners,
    senders,
)
from tests.permissions.world import World


def viewers(name: str, **more: Any) -> Row:
    """What all who work in the district may read."""
    return Row(name, 200, 200, 200, 200, 200, 403, **more)


def draft_editors(name: str, **more: Any) -> Row:
    """What only the district's community office does, which is none of the characters."""
    return Row(name, 403, 403, 403, 403, 403, 403, **more)


def _editions(world: World) -> dict[str, Any]:
    return {"before": world.extra["edition"].pk, "after": world.extra["draft"].pk}


def kept_by_street(name: str, key: str, status: int = 200, **more: Any) -> Row:
    """What the street decides."""
    return Row(name, 403, status, 403, 403, 403, 403, arguments=pk(key), **more)


def _community(world: World) -> dict[str, Any]:
    return {"region_code": COMMUNITY}


def _own_post(world: World) -> dict[str, Any]:
    return {"pk": world.people.worker.posts.get().pk}


def in_community(name: str, department: int = 200, **more: Any) -> Row:
    """A page about the worker's community."""
    return Row(name, 200, 200, department, 404, 403, 403, arguments=_community, **more)


def _part(world: World) -> dict[str, Any]:
    return {"pk": world.extra["year_plan"].pk, "part": world.extra["part"].pk}


ROWS: tuple[Row, ...] = (
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
    Row("agenda:cancel", 403, 200, 200, 403, 403, 403, arguments=pk("proposal")),
    of_department("agenda:fix", "proposal", 302, post=True),
    place("agenda:visit", "visit"),
    own("agenda:answer", "visit"),
    of_department("agenda:move", "visit"),
    own("agenda:hours", "unlisted"),
    Row("agenda:findings", 403, 404, 404, 403, 403, 403, arguments=pk("visit")),
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
    Row("agenda:plan_tour", 403, 200, 403, 403, 403, 403, arguments=lambda w: {"region_code": STREET}),
    Row("agenda:tour", 404, 200, 200, 404, 403, 403, arguments=pk("tour")),
    lookers("agenda:feeds"),
    Row("agenda:feed_renew", 200, 404, 404, 404, 403, 403, arguments=_own_post, post=True),
    Row("agenda:feed_revoke", 302, 404, 404, 404, 403, 403, arguments=_own_post, post=True),
    everybody("agenda:feed", 404, open_to_all=True, arguments=lambda w: {"token": "nobodys"}),
    # the duty catalogue
    viewers("catalogue:items"),
    viewers("catalogue:items_file"),
    viewers("catalogue:item", arguments=pk("item")),
    viewers("catalogue:mine"),
    viewers("catalogue:bases"),
    viewers("catalogue:editions"),
    viewers("catalogue:edition", arguments=pk("edition")),
    viewers("catalogue:edition_file", arguments=pk("edition")),
    viewers("catalogue:entry", arguments=pk("edition_entry")),
    Row("catalogue:compare", 404, 404, 404, 404, 404, 403, arguments=_editions),
    Row("catalogue:compare_file", 404, 404, 404, 404, 404, 403, arguments=_editions),
    draft_editors("catalogue:basis_add"),
    draft_editors("catalogue:start"),
    *(
        draft_editors(f"catalogue:{name}", arguments=pk("item"))
        for name in ("suspend", "resume", "renew", "revoke")
    ),
    *(
        draft_editors(f"catalogue:{name}", arguments=pk("draft"))
        for name in ("describe", "discard", "add_entry", "go", "merge", "rename_class", "publish")
    ),
    draft_editors("catalogue:edit_entry", arguments=pk("draft_entry")),
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
    Row("assessment:plan", 200, 200, 200, 200, 403, 403, arguments=pk("year_plan")),
    everybody_but("assessment:act", "year_plan"),
    everybody_but("assessment:part_add", "year_plan"),
    everybody("assessment:part", 403, arguments=_part),
    everybody("assessment:scores", 403, arguments=_part),
    place("assessment:score", "score"),
    own("assessment:object", "score"),
    own("assessment:withdraw", "objection", 302, post=True),
    everybody_but("assessment:answer", "objection"),
    everybody_but("assessment:scores_file", "year_plan"),
    everybody_but("assessment:upload", "year_plan"),
    everybody_but("assessment:marked", "year_plan"),
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
        arguments=lambda w: {"pk": w.extra["plate"].pk, "file": 1},
    ),
    in_community("plates:community"),
    in_community("plates:register", department=403),
    in_community("plates:walk", department=403),
    # what was asked off the list: a department sees what it wanted itself, and is told of what was confirmed
    lookers("offlist:home"),
    everybody("offlist:public", open_to_all=True),
    lookers("offlist:refusals"),
    place("offlist:refusal", "gate_refusal"),
    lookers("offlist:reports"),
    Row("offlist:report_new", 200, 403, 403, 200, 403, 403),
    Row("offlist:report", 200, 200, 404, 404, 403, 403, arguments=pk("offlist_report")),
    kept_by_street("offlist:answer", "offlist_report"),
    Row("offlist:withdraw", 200, 403, 403, 404, 403, 403, arguments=pk("offlist_report")),
    Row("offlist:papers", 200, 403, 403, 404, 403, 403, arguments=pk("offlist_report")),
    Row(
        "offlist:file",
        404,
        404,
        403,
        404,
        403,
        403,
        arguments=lambda w: {"pk": w.extra["offlist_report"].pk, "file": 1},
    ),
)
