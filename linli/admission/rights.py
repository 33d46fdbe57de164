"""What a user can do with an application now: which buttons stand on its page, which forms open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from linli.access.models import Unit
from linli.access.roles import Permission
from linli.admission.actions.opinions import units_of
from linli.admission.actions.trials import asked_about
from linli.admission.models import Application
from linli.flow import rights as flow_rights


@dataclass(frozen=True)
class Rights:
    """Each is whether the button stands; `speaks_for` are the units for which an opinion can be given."""

    edit: bool = False
    submit: bool = False
    discard: bool = False
    withdraw: bool = False
    renew: bool = False
    consult: bool = False
    send_back: bool = False
    decide: bool = False
    settle: bool = False
    ask_trial: bool = False
    revoke: bool = False
    pay: bool = False
    speaks_for: list[Unit] = field(default_factory=list)

    @property
    def opinion(self) -> bool:
        """Whether an opinion can be given."""
        return bool(self.speaks_for)


def look(application: Application, user: Any) -> Rights:
    """How the user stands to the application."""
    own = user.can(Permission.APPLY_ADMISSION) and application.unit_id in user.unit_ids
    decides = application.case_id is not None and user.can(
        Permission.DECIDE_ADMISSION, application.region_code
    )
    steps: set[str] = set()
    if application.case is not None:
        steps = {step.key for step in flow_rights.steps(flow_rights.look(application.case, user))}
    in_force = any(one.item.in_force() for one in application.admissions.select_related("item"))
    return Rights(
        edit=own and application.editable,
        submit=own and application.editable,
        discard=own and application.case_id is None,
        withdraw=own and "withdraw" in steps,
        renew=own and in_force and application.state == "admitted",
        consult=decides and "consult" in steps,
        send_back=decides and "correct" in steps,
        decide=decides and bool(steps & {"admit", "refuse"}),
        settle=decides and "confirm" in steps,
        ask_trial=decides and "confirm" in steps and not asked_about(application),
        revoke=decides and in_force and application.state == "admitted",
        pay=(own or decides) and application.admissions.exists(),
        speaks_for=units_of(application, user) if application.is_asking else [],
    )
