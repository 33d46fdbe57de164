"""Measuring anew, turning a fault into somebody's to-do, and setting aside what is so and right."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import require
from linli.access.models import Permission, Post
from linli.access.roles import Role
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.kernel.scope import Scope, within
from linli.notices import actions as notices
from linli.notices.models import Notice
from linli.regions import names
from linli.registry.people.models import Person
from linli.registry.quality import measuring, rules, scanning, sight
from linli.registry.quality.models import Finding

VIEW = Permission.VIEW_PEOPLE
WORKERS = (Role.COMMUNITY_WORKER, Role.COMMUNITY_HEAD, Role.GRID_WORKER)
KEY_OF_TODO = "quality-"
"""How the key of a to-do begins: then the check, a dash and the region."""
MOST = 500
"""So many findings are set aside in one deed at most."""


def measure(*, acting_user: Any, region_code: str) -> int:
    """Look through a region, count the faults of its communities now, and bring to-dos up to date; returns how many communities.
    Only where the user may see people."""
    scopes = within(acting_user.scopes(VIEW), region_code)
    if not scopes:
        require(acting_user, VIEW, region_code)
    today = timezone.localdate()
    with audit.action(acting_user, "quality.measure") as act:
        found = [one for scope in scopes for one in measuring.keep(scope.low, today)]
        for scope in scopes:
            renew_todos(scope.low, today)
        act.record(
            None,
            _("计算数据质量：%(n)s 个社区") % {"n": len(found)},
            region_code=region_code,
        )
    return len(found)


def look_again(*, acting_user: Any, region_code: str, check: str) -> int:
    """Look for one fault in a region again, and bring its to-do up to date; returns how many records have it still."""
    wanted = _check(check)
    require(acting_user, sight.VIEW[wanted.subject], region_code)
    today = timezone.localdate()
    with audit.action(acting_user, "quality.measure") as act:
        scanning.scan(region_code, today, [wanted])
        if len(region_code) >= measuring.COMMUNITY:
            measuring.keep(region_code, today, look=False)
        renew_todos(region_code, today)
        left = waiting(wanted, region_code, today)
        act.record(
            None,
            _("核对数据质量“%(what)s”：还有 %(n)s %(unit)s")
            % {"what": wanted.label, "n": left, "unit": wanted.about.unit},
            region_code=region_code,
        )
    return left


def _check(key: str) -> rules.Check:
    if key not in rules.BY_KEY:
        raise RuleError(_("没有这一项检查，请刷新页面。"))
    return rules.BY_KEY[key]


def waiting(check: rules.Check, region_code: str, on: date) -> int:
    """How many records of a region have a fault that is not set aside."""
    if check.subject == "person":
        return measuring.people_with(Person.objects.in_region(region_code), check.key, on).count()
    return measuring.findings(region_code, on).filter(fault=check.key).count()


def make_todo(*, acting_user: Any, region_code: str, check: str) -> int:
    """Put a fault on the bells of those who work in the community and may mend it, with the number of records and the way to them;
    returns how many were told. The to-do says the new number whenever the faults are counted, and closes by itself when nothing is
    left."""
    wanted = _check(check)
    require(acting_user, sight.EDIT[wanted.subject], region_code)
    with audit.action(acting_user, "quality.todo") as act:
        today = timezone.localdate()
        left = waiting(wanted, region_code, today)
        posts = (
            Post.objects.in_region(region_code)
            .select_related("user")
            .filter(role__in=WORKERS, user__is_active=True)
        )
        users = (
            {
                post.user_id
                for post in posts
                if post.in_force(today) and sight.deals_with(post.role, wanted.subject)
            }
            if left
            else set()
        )
        _put(wanted, region_code, left, users)
        act.record(
            None,
            _("数据质量“%(what)s”转为待办：%(n)s 人") % {"what": wanted.label, "n": len(users)},
            region_code=region_code,
        )
    return len(users)


def _put(check: rules.Check, region_code: str, left: int, users: Collection[int]) -> None:
    notices.keep_todo(
        f"{KEY_OF_TODO}{check.key}-{region_code}",
        users,
        _("%(where)s有 %(n)s %(unit)s“%(what)s”，请核实补正")
        % {
            "where": names.title(region_code),
            "n": f"{left:,}",
            "unit": check.about.unit,
            "what": check.label,
        },
        body=check.says,
        url=reverse("quality:check", args=[region_code, check.key]),
    )


def open_todos() -> list[tuple[rules.Check, str]]:
    """The faults that stand on somebody's bell, each with its region."""
    keys = Notice.objects.filter(key__startswith=KEY_OF_TODO, done_at__isnull=True).values_list(
        "key", flat=True
    )
    found = []
    for key in sorted(set(keys)):
        check, _dash, region = key.removeprefix(KEY_OF_TODO).rpartition("-")
        if check in rules.BY_KEY:
            found.append((rules.BY_KEY[check], region))
    return found


def renew_todos(region_code: str, on: date) -> int:
    """Bring the open to-dos of a region up to date: each says how many are left, and is closed when none is. Returns how many were
    closed."""
    scope, closed = Scope.of(region_code), 0
    for check, region in open_todos():
        if not (region in scope or region_code.startswith(region)):
            continue
        left = waiting(check, region, on)
        key = f"{KEY_OF_TODO}{check.key}-{region}"
        if left:
            holders = Notice.objects.filter(key=key, done_at__isnull=True).values_list("user_id", flat=True)
            _put(check, region, left, list(holders))
        else:
            notices.settle_key(key)
            closed += 1
    return closed


def set_aside(*, acting_user: Any, finding_ids: Iterable[int], reason: str) -> int:
    """Say of findings that they are so and right (情况属实): they count no longer, until what they rest on changes. Returns how many.

    Raises RuleError for faults that cannot be right, and without a reason.
    """
    said = " ".join(reason.split())
    if len(said) < 2:
        raise RuleError(_("请写明理由，例如：已上门核实，房主长期在外地。"), field="reason")
    today = timezone.localdate()
    with audit.action(acting_user, "quality.set_aside", reason=said) as act:
        found = _locked(acting_user, finding_ids)
        for one in found:
            check = _check(one.fault)
            if not check.may_stand:
                raise RuleError(_("“%(what)s”不能设为情况属实，请改正记录。") % {"what": check.label})
            one.aside_reason, one.aside_on, one.aside_by_id = said, today, acting_user.pk or None
        Finding.objects.bulk_update(found, ["aside_reason", "aside_on", "aside_by"])
        _tell(act, found, _("设为情况属实"))
    return len(found)


def bring_back(*, acting_user: Any, finding_ids: Iterable[int]) -> int:
    """Take back that findings were set aside: they count again. Returns how many."""
    with audit.action(acting_user, "quality.bring_back") as act:
        found = _locked(acting_user, finding_ids)
        for one in found:
            one.aside_reason, one.aside_on, one.aside_by_id = "", None, None
        Finding.objects.bulk_update(found, ["aside_reason", "aside_on", "aside_by"])
        _tell(act, found, _("不再当作情况属实"))
    return len(found)


def _locked(acting_user: Any, finding_ids: Iterable[int]) -> list[Finding]:
    ids = sorted(set(finding_ids))
    if len(ids) > MOST:
        raise RuleError(_("一次最多处理 %(n)d 条，请用条件分批选择。") % {"n": MOST})
    rows = sight.of_user(Finding.objects.filter(pk__in=ids, period__upper_inf=True), acting_user)
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if not found:
        raise RuleError(_("请先勾选还在的问题。"))
    for one in found:
        require(acting_user, sight.EDIT[one.subject], one.region_code)
    return found


def _tell(act: Any, found: list[Finding], what: str) -> None:
    """One event a check and community, with the numbers of the records; then scores and to-dos follow."""
    together: dict[tuple[str, str], list[int]] = {}
    for one in found:
        together.setdefault((one.fault, one.region_code[: measuring.COMMUNITY]), []).append(one.row)
    for (fault, region), ids in together.items():
        check = rules.BY_KEY[fault]
        act.record(
            None,
            _("%(what)s：%(fault)s，%(n)s %(unit)s")
            % {"what": what, "fault": check.label, "n": len(ids), "unit": check.about.unit},
            region_code=region,
            check=fault,
            rows=ids,
        )
    today = timezone.localdate()
    for region in sorted({region for _fault, region in together}):
        renew_todos(region, today)
