"""Reports of what was asked off the list: made by communities, answered by the street or the community office, told and counted."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Post, User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR, STREET
from linli.audit.recording import SYSTEM, RuleError
from linli.facts import plan
from linli.flow import actions as flow
from linli.flow.models import Refusal
from linli.flow.rules.warrants import Thing
from linli.flow.tests.conftest import Cast, cast
from linli.gate.agenda import actions as agenda
from linli.gate.catalogue import actions as catalogue
from linli.gate.catalogue.models import Item
from linli.gate.catalogue.rules.terms import Kind, Responsibility
from linli.gate.offlist import actions, reading, rules
from linli.gate.offlist.models import Report
from linli.gate.offlist.rules import Outcome
from linli.kernel.scope import Scope
from linli.notices.models import Notice

__all__ = ["cast"]
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.LINLI_HOME = tmp_path


def screenshot() -> SimpleUploadedFile:
    return SimpleUploadedFile("群消息.png", b"\x89PNG\r\n\x1a\n rest")


def reported(cast: Cast, **more: Any) -> Report:
    values: dict[str, Any] = {
        "acting_user": cast.people.worker,
        "region_code": COMMUNITY,
        "title": "三天内报齐出租房台账",
        "thing": "form",
        "by": "chat",
        "asked_on": TODAY,
        "unit": cast.water,
        "hours": Decimal(6),
    }
    return actions.report(**(values | more))


def office(cast: Cast) -> User:
    user = User.objects.create(username="shegong", name="马主任", password="!")
    Post.objects.create(
        user=user, role=Role.DISTRICT_OFFICER, region_code=DISTRICT, valid_from=date(2020, 1, 1)
    )
    return user


def todo(report: Report) -> set[int]:
    key = f"offlist.answer:{report.pk}"
    return set(Notice.objects.filter(key=key, done_at__isnull=True).values_list("user", flat=True))


def test_how_a_report_stands() -> None:
    assert rules.standing("", False, TODAY, TODAY) == ("待答复", "warn")
    assert rules.standing("", False, TODAY - timedelta(days=1), TODAY) == ("答复已逾期", "danger")
    assert rules.standing("", True, TODAY, TODAY)[0] == "社区已撤回"
    assert rules.standing("stopped", False, TODAY, TODAY) == ("属实，已要求停止", "danger")
    assert rules.standing("listed", False, TODAY, TODAY)[1] == "ok"


def test_a_report_waits_for_its_street_and_when_late_for_the_office_too(cast: Cast) -> None:
    head = office(cast)
    made = reported(cast, papers=[screenshot()])
    assert made.files.get().is_image
    assert todo(made) == {cast.people.officer.pk}
    assert actions.look_at_waiting(made.due_on) == 0
    assert todo(made) == {cast.people.officer.pk}
    assert actions.look_at_waiting(made.due_on + timedelta(days=1)) == 1
    assert todo(made) == {cast.people.officer.pk, head.pk}
    actions.answer(acting_user=head, report=made, outcome="stopped", answer="已电话核实，群里已撤回")
    assert todo(made) == set()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"unit": None}, "unit_name"),
        ({"thing": "x"}, "thing"),
        ({"asked_on": TODAY + timedelta(days=1)}, "asked_on"),
        ({"wanted_by": TODAY - timedelta(days=1)}, "wanted_by"),
        ({"hours": Decimal(0)}, "hours"),
    ],
)
def test_what_makes_no_sense_is_said(cast: Cast, change: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        reported(cast, **change)
    assert refused.value.field == field
    assert not Report.objects.exists()


def test_the_same_is_reported_once_while_it_waits(cast: Cast) -> None:
    made = reported(cast)
    with pytest.raises(RuleError, match="已经反映过"):
        reported(cast)
    actions.withdraw(acting_user=cast.people.worker, report=made, reason="报错了")
    assert todo(made) == set()
    reported(cast)
    with pytest.raises(RuleError, match="不能再改"):
        actions.answer(acting_user=cast.people.officer, report=made, outcome="not", answer="撤回了")


def test_only_its_own_community_reports_and_only_the_street_answers(cast: Cast) -> None:
    for user in (cast.people.neighbour, cast.people.officer, cast.people.department):
        with pytest.raises(NotPermitted):
            reported(cast, acting_user=user)
    made = reported(cast)
    for user in (cast.people.worker, cast.people.neighbour, cast.people.department):
        with pytest.raises(NotPermitted):
            actions.answer(acting_user=user, report=made, outcome="stopped", answer="试")


def test_a_confirmed_one_is_told_to_the_department_without_its_community(cast: Cast) -> None:
    made = reported(cast, papers=[screenshot()])
    client = Client()
    client.force_login(cast.water_officer)
    page, listed = reverse("offlist:report", args=[made.pk]), reverse("offlist:reports")
    assert client.get(page).status_code == 404
    assert made.title not in client.get(listed).content.decode()
    actions.answer(acting_user=cast.people.officer, report=made, outcome="stopped", answer="已要求撤回通知")
    news = Notice.objects.filter(user=cast.water_officer, url=made.get_absolute_url())
    assert news.count() == 1
    for address in (page, listed):
        said = client.get(address).content.decode()
        assert made.title in said
        assert "香水园街道的社区" in said
        assert "东外" not in said
        assert cast.people.worker.name not in said
    assert client.get(reverse("offlist:file", args=[made.pk, made.files.get().pk])).status_code == 403
    history = client.get(f"{page}?tab=history").content.decode()
    assert cast.people.worker.name not in history


def test_one_that_is_on_the_list_names_its_item_and_is_not_told_or_counted(cast: Cast) -> None:
    made = reported(cast)
    with pytest.raises(RuleError, match="请选择它属于清单里的哪个事项"):
        actions.answer(acting_user=cast.people.officer, report=made, outcome="listed", answer="在清单里")
    item = an_item(cast, "110119001")
    with pytest.raises(RuleError, match="不在这个社区实施"):
        actions.answer(acting_user=cast.people.officer, report=made, outcome="listed", answer="在", item=item)
    item = an_item(cast, STREET)
    kept = actions.answer(
        acting_user=cast.people.officer, report=made, outcome="listed", answer="在清单里", item=item
    )
    assert kept.item == item
    assert not Notice.objects.filter(user=cast.water_officer).exists()
    (row,) = figures(cast.people.officer)
    assert (row.reported, row.confirmed, row.reached) == (1, 0, 0)


def an_item(cast: Cast, region: str) -> Item:
    catalogue.ensure_bases()
    return catalogue.admit(
        acting_user=SYSTEM,
        region_code=region,
        title=f"出租房信息核对{region}",
        category="治安",
        unit=cast.water,
        kind=Kind.SERVE,
        responsibility=Responsibility.ASSIST,
        things=["form"],
        times=2,
        since=TODAY - timedelta(days=1),
        until=None,
        hours=Decimal(2),
        basis_note="区政府文件",
    )


def figures(user: Any) -> list[reading.Row]:
    return reading.departments(
        reading.seen_places(user), Report.objects.visible(user), reading.unlisted_of(user), TODAY.year
    )


def test_figures_put_together_what_was_refused_reported_and_came(cast: Cast) -> None:
    warrant = flow.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="协助处置积水",
        issuer=cast.water,
        things=[Thing.CASE],
        since=TODAY,
        until=None,
    )
    for _twice in range(2):
        with pytest.raises(RuleError):
            flow.dispatch(
                acting_user=cast.water_officer,
                warrant=warrant,
                thing=Thing.FORM,
                communities=[COMMUNITY, NEIGHBOUR],
                title="台账",
                sender=cast.water,
            )
    assert Refusal.objects.count() == 2
    first = reported(cast)
    reported(cast, title="转发点赞", thing="other", unit=None, unit_name="某局")
    actions.answer(acting_user=cast.people.officer, report=first, outcome="apply", answer="请先申请准入")
    agenda.record_unlisted(
        acting_user=cast.people.worker,
        region_code=COMMUNITY,
        thing=Thing.INSPECTION,
        title="突击检查",
        day=TODAY,
        spent_hours=Decimal(3),
        unit=cast.water,
    )
    water, other = figures(cast.people.officer)
    assert (water.name, water.refused, water.places) == (cast.water.name, 1, 2)
    assert (water.reported, water.confirmed, water.unlisted, water.reached) == (1, 1, 1, 2)
    assert water.months[TODAY.month - 1] == 2
    assert (other.name, other.waiting, other.reached) == ("某局", 1, 0)
    (near,) = [one for one in figures(cast.people.worker) if one.refused]
    assert near.places == 1
    (own,) = figures(cast.water_officer)
    assert (own.places, own.confirmed, own.unlisted) == (2, 1, 1)
    assert figures(cast.people.stranger) == []

    said = Client().get(reverse("offlist:public")).content.decode()
    assert cast.water.name in said
    assert "某局" not in said
    assert "共 2 次" in said
    assert "东外" not in said

    def counted(key: str) -> int:
        return int(plan.total(plan.Wish("refused", [Scope.of(key)], TODAY), "refused"))

    assert counted(STREET) == counted(COMMUNITY) + counted(NEIGHBOUR) == 4


def test_the_database_holds_that_an_answer_is_whole(cast: Cast) -> None:
    made = reported(cast)
    for change in ({"outcome": Outcome.STOPPED}, {"answer": "x", "outcome": "stopped"}, {"unit": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=made.pk).update(**change)
