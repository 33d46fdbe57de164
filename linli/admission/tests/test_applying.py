"""A department's application: drafted, checked, handed in, corrected, withdrawn; who may see it."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from linli.access.guard import NotPermitted
from linli.admission import actions
from linli.admission.models import Application, AttachedForm
from linli.admission.tests.conftest import TODAY, Cast, asked, basis, handed_in, pdf, workbook
from linli.audit.recording import SYSTEM, RuleError
from linli.flow import actions as flow
from linli.registry.groups.seeds import ensure_groups


def finding(application: Application, key: str) -> dict:
    report = application.reports.first()
    assert report is not None
    return next(one for one in report.findings if one["key"] == key)


def test_a_draft_needs_only_its_title_and_says_what_is_missing(cast: Cast) -> None:
    made = actions.save_draft(acting_user=cast.applicant, unit=cast.department, title="高龄津贴年审")
    assert made.state == "draft"
    with pytest.raises(RuleError, match="还不能提交，请先补上：要社区做什么；要下派的内容；实施范围；频次"):
        actions.submit(acting_user=cast.applicant, application=made)
    with pytest.raises(RuleError, match="事项名称"):
        actions.save_draft(acting_user=cast.applicant, unit=cast.department, title=" ")


def test_only_ones_own_department_applies_and_changes(cast: Cast, draft: Application) -> None:
    with pytest.raises(NotPermitted):
        actions.save_draft(acting_user=cast.applicant, unit=cast.health, title="试")
    for stranger in (cast.health_officer, cast.people.worker, cast.decider):
        with pytest.raises(NotPermitted):
            actions.change_draft(acting_user=stranger, application=draft, title="改")


def test_areas_lie_in_the_district_and_inner_ones_are_left_out(cast: Cast) -> None:
    made = actions.save_draft(
        acting_user=cast.applicant,
        unit=cast.department,
        **asked(areas=["110119002", "110119002001", "110119001"]),
    )
    assert [one.region_code for one in made.areas.all()] == ["110119001", "110119002"]
    with pytest.raises(RuleError, match="本区"):
        actions.change_draft(acting_user=cast.applicant, application=made, areas=["110101001"])


def test_handing_in_checks_and_gives_the_case_to_the_office(cast: Cast) -> None:
    made = handed_in(cast)
    assert made.case is not None
    assert made.state == "received"
    assert made.case.number.startswith("ZR-")
    assert [one.unit for one in made.case.assignments.all()] == [cast.office]
    assert made.case.clocks.get(scope="whole").amount == 15
    assert finding(made, "basis")["tone"] == "fine"
    assert finding(made, "money")["tone"] == "fine"
    assert finding(made, "ahead")["tone"] == "fine"
    assert finding(made, "forms")["tone"] == "warn"  # wants to send forms, shows none
    assert "× 16 个社区" in finding(made, "cost")["text"]
    with pytest.raises(RuleError, match="不能修改"):
        actions.change_draft(acting_user=cast.applicant, application=made, title="改")


@pytest.mark.parametrize(
    ("more", "key", "tone"),
    [
        ({"money": None}, "money", "stop"),
        ({"bases": [], "document_title": "街道方案", "document_level": "street"}, "basis", "stop"),
        ({"since": TODAY + timedelta(days=10)}, "ahead", "warn"),
        ({"content": "协助完成招商引资任务"}, "off_limits", "stop"),
        ({"powers": ""}, "powers", "warn"),
    ],
)
def test_what_the_checks_find(cast: Cast, more: dict, key: str, tone: str) -> None:
    assert finding(handed_in(cast, **more), key)["tone"] == tone


def test_a_document_of_the_district_with_its_paper_is_a_basis(cast: Cast) -> None:
    made = actions.save_draft(
        acting_user=cast.applicant,
        unit=cast.department,
        **asked(bases=[], document_title="高龄津贴实施办法", document_level="district"),
    )
    actions.keep_document(acting_user=cast.applicant, application=made, upload=pdf())
    assert finding(actions.submit(acting_user=cast.applicant, application=made), "basis")["tone"] == "fine"


def test_an_item_like_it_in_the_list_is_found(cast: Cast) -> None:
    from linli.gate.catalogue import actions as catalogue

    catalogue.admit(
        acting_user=cast.decider,
        region_code="110119",
        title="协助做好高龄津贴资格认证",
        category="民政服务",
        unit=cast.department,
        kind="serve",
        responsibility="assist",
        since=TODAY,
        until=None,
        hours=Decimal(2),
        things=["form"],
        times=2,
        bases=[basis()],
    )
    found = finding(handed_in(cast), "overlap")
    assert found["tone"] == "warn"
    assert "协助做好高龄津贴资格认证（延庆区民政局）" in found["rows"][0]


def test_the_columns_of_an_attached_form_are_compared_with_the_base(cast: Cast, draft: Application) -> None:
    ensure_groups(acting_user=SYSTEM)
    data = workbook()
    form = actions.attach_form(acting_user=cast.applicant, application=draft, name="登记表.xlsx", data=data)
    assert form.columns.total == 34
    assert set(form.columns.new) == {"每日步数", "智能手环编号", "子女微信号"}
    assert form.columns.held + len(form.columns.doubtful) == 31
    with pytest.raises(RuleError, match="已经附上"):
        actions.attach_form(acting_user=cast.applicant, application=draft, name="x.xlsx", data=data)
    with pytest.raises(RuleError):
        actions.attach_form(acting_user=cast.applicant, application=draft, name="x.xlsx", data=b"no workbook")
    made = actions.submit(acting_user=cast.applicant, application=draft)
    assert "1 张表共 34 列" in finding(made, "forms")["text"]
    with pytest.raises(RuleError, match="不能修改"):
        actions.remove_form(acting_user=cast.applicant, form=form)


def test_every_list_of_an_attached_workbook_is_checked(cast: Cast, draft: Application) -> None:
    book = load_workbook(io.BytesIO(workbook()))
    page: Any = book.create_sheet("居民")
    page.append(["常住居民花名册"])
    page.append(["序号", "姓名", "身份证号", "出生日期", "民族"])
    for _ in range(4):
        page.append([None] * 5)
    out = io.BytesIO()
    book.save(out)
    form = actions.attach_form(
        acting_user=cast.applicant, application=draft, name="两张.xlsx", data=out.getvalue()
    )
    assert form.columns.total == 34 + 5


def test_another_departments_form_that_asks_the_same_is_named(cast: Cast, draft: Application) -> None:
    actions.attach_form(acting_user=cast.applicant, application=draft, name="登记表.xlsx", data=workbook())
    actions.submit(acting_user=cast.applicant, application=draft)
    other = actions.save_draft(
        acting_user=cast.health_officer, unit=cast.health, **asked(title="老年人健康建档")
    )
    actions.attach_form(
        acting_user=cast.health_officer,
        application=other,
        name="健康.xlsx",
        data=workbook(title="老年人健康登记表"),
    )
    rows = finding(actions.submit(acting_user=cast.health_officer, application=other), "forms")["rows"]
    assert any(
        "“高龄津贴资格年审”（延庆区民政局）的《老年人基本情况登记表》是同一张表" in row for row in rows
    )


def test_a_column_that_must_not_be_collected_forbids(cast: Cast, draft: Application) -> None:
    headings = ("序号", "姓名", "性别", "出生日期", "现住址", "宗教信仰")
    actions.attach_form(acting_user=cast.applicant, application=draft, name="a.xlsx", data=workbook(headings))
    made = actions.submit(acting_user=cast.applicant, application=draft)
    assert finding(made, "off_limits")["tone"] == "stop"


def test_sent_back_corrected_and_handed_in_again(cast: Cast) -> None:
    made = handed_in(cast, money=None)
    actions.send_back(acting_user=cast.decider, application=made, reason="没有经费，请落实后再报")
    made = Application.objects.get(pk=made.pk)
    assert made.editable
    assert made.case is not None
    assert made.case.clocks.get(scope="whole").due_at is None  # stands still
    actions.change_draft(acting_user=cast.applicant, application=made, money=Decimal(500))
    made = actions.submit(acting_user=cast.applicant, application=made)
    assert made.reports.count() == 2
    assert finding(made, "money")["tone"] == "fine"
    assert Application.objects.get(pk=made.pk).state == "received"


def test_withdrawn_and_discarded(cast: Cast, draft: Application) -> None:
    made = handed_in(cast)
    with pytest.raises(RuleError, match="可以撤回"):
        actions.discard(acting_user=cast.applicant, application=made)
    actions.withdraw(acting_user=cast.applicant, application=made, reason="改由购买服务")
    assert Application.objects.get(pk=made.pk).state == "withdrawn"
    actions.attach_form(acting_user=cast.applicant, application=draft, name="a.xlsx", data=workbook())
    actions.discard(acting_user=cast.applicant, application=draft)
    assert not Application.objects.filter(pk=draft.pk).exists()
    assert not AttachedForm.objects.filter(application_id=draft.pk).exists()


def test_who_may_see_an_application(cast: Cast, draft: Application) -> None:
    people = cast.people

    def seen_by(one: Application) -> set[str]:
        everybody = {**people.all(), "decider": cast.decider, "health": cast.health_officer}
        return {
            name
            for name, user in everybody.items()
            if Application.objects.visible(user).filter(pk=one.pk).exists()
        }

    assert seen_by(draft) == {"department"}
    made = actions.submit(acting_user=cast.applicant, application=draft)
    assert seen_by(made) == {"department", "decider", "worker", "officer", "neighbour"}
    narrow = handed_in(cast, title="试", areas=["110119002001"])
    assert seen_by(narrow) == {"department", "decider", "worker", "officer"}


def test_the_steps_of_the_room_are_not_taken_elsewhere(cast: Cast) -> None:
    made = handed_in(cast)
    assert made.case is not None
    for step in ("consult", "refuse", "withdraw"):
        with pytest.raises(RuleError, match="准入申请的页面办理"):
            flow.move(acting_user=cast.decider, case=made.case, step=step, reason="试")
