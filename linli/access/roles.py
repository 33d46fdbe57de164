"""Permissions, and the roles that bundle them. A post (岗位) binds a role to a region; see `linli.access.models`."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What may be done; always asked together with where."""

    VIEW_REGIONS = "view_regions"
    EDIT_REGIONS = "edit_regions"
    VIEW_PLACES = "view_places"
    EDIT_PLACES = "edit_places"
    VIEW_PEOPLE = "view_people"
    EDIT_PEOPLE = "edit_people"
    REVEAL_PEOPLE = "reveal_people"
    EXPORT_PEOPLE = "export_people"
    VIEW_GROUPS = "view_groups"
    VIEW_SENSITIVE_GROUPS = "view_sensitive_groups"
    EDIT_GROUPS = "edit_groups"
    VIEW_ORGANISATIONS = "view_organisations"
    EDIT_ORGANISATIONS = "edit_organisations"
    IMPORT_REGISTRY = "import_registry"
    FILL_FORMS = "fill_forms"
    RECEIVE_FORMS = "receive_forms"
    SIGN_FORMS = "sign_forms"
    PROPOSE_CHANGES = "propose_changes"
    VIEW_STATISTICS = "view_statistics"
    PLAN_ADJUSTMENT = "plan_adjustment"
    APPROVE_ADJUSTMENT = "approve_adjustment"
    HANDLE_CASES = "handle_cases"
    OVERSEE_CASES = "oversee_cases"
    MANAGE_CATALOGUE = "manage_catalogue"
    VIEW_ADMISSION = "view_admission"
    APPLY_ADMISSION = "apply_admission"
    GIVE_OPINIONS = "give_opinions"
    DECIDE_ADMISSION = "decide_admission"
    APPROVE_EMERGENCY = "approve_emergency"
    MANAGE_USERS = "manage_users"
    MANAGE_SYSTEM = "manage_system"
    VIEW_AUDIT = "view_audit"
    VIEW_SHARING = "view_sharing"
    MANAGE_SHARING = "manage_sharing"
    CONFIRM_SHARING = "confirm_sharing"
    VIEW_GATE = "view_gate"
    SEND_TO_COMMUNITIES = "send_to_communities"
    RECEIVE_AGENDA = "receive_agenda"
    COORDINATE_AGENDA = "coordinate_agenda"
    EDIT_PLATES = "edit_plates"
    DECIDE_PLATES = "decide_plates"
    MANAGE_ASSESSMENT = "manage_assessment"
    VIEW_CERTIFICATES = "view_certificates"
    ISSUE_CERTIFICATES = "issue_certificates"
    APPROVE_CERTIFICATES = "approve_certificates"
    MANAGE_CERTIFICATES = "manage_certificates"
    VIEW_OFFLIST = "view_offlist"
    REPORT_OFFLIST = "report_offlist"
    ANSWER_OFFLIST = "answer_offlist"


class Role(models.TextChoices):
    """The roles of a neighbourhood's offices. Administration, security and audit are kept apart (等保“三员分立”):
    the administrator manages accounts and the system but sees no resident."""

    GRID_WORKER = "grid_worker", _("网格员")
    COMMUNITY_WORKER = "community_worker", _("社区工作者")
    COMMUNITY_HEAD = "community_head", _("社区书记、主任")
    STREET_OFFICER = "street_officer", _("街道工作人员")
    STREET_HEAD = "street_head", _("街道负责人")
    DEPARTMENT_OFFICER = "department_officer", _("部门工作人员")
    DISTRICT_OFFICER = "district_officer", _("区级管理人员")
    ADMINISTRATOR = "administrator", _("系统管理员")
    AUDITOR = "auditor", _("安全审计员")


_P = Permission
_LOOK = frozenset(
    {
        _P.VIEW_REGIONS,
        _P.VIEW_PLACES,
        _P.VIEW_ORGANISATIONS,
        _P.VIEW_STATISTICS,
        _P.HANDLE_CASES,
        _P.PROPOSE_CHANGES,
        _P.VIEW_GATE,
    }
)
_WORK = _LOOK | {
    _P.EDIT_PLACES,
    _P.VIEW_PEOPLE,
    _P.EDIT_PEOPLE,
    _P.REVEAL_PEOPLE,
    _P.VIEW_GROUPS,
    _P.VIEW_SENSITIVE_GROUPS,
    _P.EDIT_GROUPS,
    _P.EDIT_ORGANISATIONS,
    _P.IMPORT_REGISTRY,
    _P.FILL_FORMS,
    _P.EXPORT_PEOPLE,
    _P.RECEIVE_AGENDA,
    _P.EDIT_PLATES,
    _P.VIEW_ADMISSION,
    _P.GIVE_OPINIONS,
    _P.VIEW_OFFLIST,
}
# What comes into communities: the street and the district coordinate it and send things of their own.
_COORDINATE = frozenset(
    {_P.SEND_TO_COMMUNITIES, _P.COORDINATE_AGENDA, _P.DECIDE_PLATES, _P.VIEW_OFFLIST, _P.ANSWER_OFFLIST}
)

GRANTS: dict[str, frozenset[Permission]] = {
    Role.GRID_WORKER: (_LOOK - {_P.VIEW_GATE})
    | {_P.VIEW_PEOPLE, _P.EDIT_PEOPLE, _P.REVEAL_PEOPLE, _P.VIEW_GROUPS, _P.EDIT_PLACES},
    Role.COMMUNITY_WORKER: _WORK
    | {_P.VIEW_CERTIFICATES, _P.ISSUE_CERTIFICATES, _P.RECEIVE_FORMS}
    | {_P.REPORT_OFFLIST},
    Role.COMMUNITY_HEAD: _WORK
    | {_P.VIEW_AUDIT, _P.OVERSEE_CASES}
    | {_P.VIEW_CERTIFICATES, _P.ISSUE_CERTIFICATES, _P.APPROVE_CERTIFICATES}
    | {_P.RECEIVE_FORMS, _P.SIGN_FORMS, _P.REPORT_OFFLIST},
    Role.STREET_OFFICER: _WORK | _COORDINATE | {_P.PLAN_ADJUSTMENT, _P.VIEW_CERTIFICATES},
    Role.STREET_HEAD: _WORK
    | _COORDINATE
    | {_P.VIEW_AUDIT, _P.OVERSEE_CASES, _P.EDIT_REGIONS, _P.PLAN_ADJUSTMENT, _P.APPROVE_ADJUSTMENT}
    | {_P.VIEW_SHARING, _P.VIEW_CERTIFICATES},
    Role.DEPARTMENT_OFFICER: _LOOK | {_P.SEND_TO_COMMUNITIES, _P.VIEW_ADMISSION, _P.APPLY_ADMISSION},
    Role.DISTRICT_OFFICER: _LOOK
    | _COORDINATE
    | {
        _P.MANAGE_ASSESSMENT,
        _P.VIEW_PEOPLE,
        _P.VIEW_GROUPS,
        _P.FILL_FORMS,
        _P.VIEW_AUDIT,
        _P.OVERSEE_CASES,
        _P.MANAGE_CATALOGUE,
        _P.EDIT_REGIONS,
        _P.PLAN_ADJUSTMENT,
        _P.APPROVE_ADJUSTMENT,
        _P.VIEW_SHARING,
        _P.CONFIRM_SHARING,
        _P.VIEW_CERTIFICATES,
        _P.MANAGE_CERTIFICATES,
        _P.VIEW_ADMISSION,
        _P.DECIDE_ADMISSION,
        _P.APPROVE_EMERGENCY,
    },
    Role.ADMINISTRATOR: frozenset({_P.VIEW_REGIONS, _P.EDIT_REGIONS, _P.MANAGE_USERS, _P.MANAGE_SYSTEM})
    | {_P.VIEW_SHARING, _P.MANAGE_SHARING, _P.CONFIRM_SHARING},
    Role.AUDITOR: frozenset({_P.VIEW_REGIONS, _P.VIEW_AUDIT, _P.VIEW_SHARING}),
}
