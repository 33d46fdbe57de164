"""People, households and groups."""

from __future__ import annotations

from typing import Any

from tests.permissions.table.rows import Row, managers, own, workers
from tests.permissions.world import World


def _group(world: World) -> dict[str, Any]:
    return {"code": world.group.code}


def _kind_detail(world: World) -> dict[str, Any]:
    return {"pk": world.group.pk, "code": world.group.asks[0].code}


def _kind(world: World) -> dict[str, Any]:
    return {"pk": world.group.pk}


ROWS: tuple[Row, ...] = (
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
    workers("groups:due_confirm"),
    workers("groups:proposals_refuse"),
    managers("groups:kinds"),
    managers("groups:kind_add"),
    managers("groups:kind", arguments=_kind),
    managers("groups:kind_edit", arguments=_kind),
    managers("groups:rule_add", arguments=_kind),
    managers("groups:detail_add", arguments=_kind),
    managers("groups:detail_edit", arguments=_kind_detail),
    managers("groups:detail_remove", arguments=_kind_detail),
    managers("groups:rule_stop", arguments=lambda w: {"pk": w.group.rules.first().pk}),
    own("groups:certificate", "membership"),
    workers("groups:roster", arguments=_group),
    workers("groups:add", arguments=_group),
)
