"""Admission."""

from __future__ import annotations

from typing import Any

from tests.permissions.table.rows import Row, everybody, lookers
from tests.permissions.world import World


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


ROWS: tuple[Row, ...] = (
    lookers("admission:applications"),
    lookers("admission:dues"),
    lookers("admission:objections"),
    lookers("admission:emergencies"),
    admission("consultations", worker=200, officer=200, department=403, neighbour=200),
    admission("objection_new", worker=200, officer=200, department=403, neighbour=200),
    applicants("application_new"),
    application_shown("application", "application_asked"),
    application_shown("form_file", "application_asked", file="application_asked_form"),
    application_shown("document", "application_asked"),
    application_shown("payment_file", "application_admitted", file="payment"),
    application_shown("objection", "item_objection"),
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
    deciders("trial_consult", "application_asked"),
    admission("receive", "instalment", worker=200, department=403),
    admission("receipt_cancel", "receipt", worker=200, department=403),
    deciders("revoke", "application_admitted"),
    deciders("objection_answer", "item_objection"),
    deciders("emergency_new"),
    deciders("emergency_end", "emergency"),
    everybody("admission:public_emergencies", open_to_all=True),
)
