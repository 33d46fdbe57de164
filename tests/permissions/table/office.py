"""The office: login, accounts, posts, regions, calendar, dictionary, audit; the kit."""

from __future__ import annotations

from typing import Any

from tests.permissions.table.rows import Arguments, Row, everybody, managers
from tests.permissions.world import World


def _user(world: World) -> dict[str, Any]:
    return {"pk": world.people.worker.pk}


def _unit(world: World) -> dict[str, Any]:
    return {"pk": world.extra["post"].unit_id}


def _job(world: World) -> dict[str, Any]:
    return {"pk": world.job.pk}


def _notice(world: World) -> dict[str, Any]:
    return {"pk": world.extra["notice"].pk}


def _mine(name: str, status: int, arguments: Arguments, **more: Any) -> Row:
    """Something that belongs to the worker alone."""
    return Row(name, status, 404, 404, 404, 404, 404, arguments=arguments, **more)


ROWS: tuple[Row, ...] = (
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
    # A community is no grid: who may edit regions is told that there is none.
    Row(
        "grid_close", 403, 403, 403, 403, 404, 403, arguments=lambda w: {"region_code": w.person.region_code}
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
)
