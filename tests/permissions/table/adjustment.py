"""Adjustment of communities."""

from __future__ import annotations

from tests.permissions.table.rows import Row, everybody_but, lookers, planners

ROWS: tuple[Row, ...] = (
    lookers("adjustment:sizes"),
    lookers("adjustment:norms"),
    planners("adjustment:norm_add"),
    planners("adjustment:norm_edit", key="norm"),
    planners("adjustment:plans"),
    planners("adjustment:plan_add"),
    planners("adjustment:plan", key="plan"),
    planners("adjustment:plan_export", key="plan"),
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
)
