"""The forms of the world: a roster filled, a roster returned, a form task."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from linli.access.models import Post, User
from linli.access.models import Unit as Office
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, STREET, Characters
from linli.access.units import named_unit
from linli.audit.recording import SYSTEM
from linli.collecting import actions as collecting
from linli.collecting import keeping
from linli.collecting.models import FormTask, Joint, Question
from linli.flow import actions as flow
from linli.flow.rules.warrants import Thing
from linli.jobs.actions import perform_inline
from linli.ledgers.actions import fill_form, upload_form
from linli.ledgers.models import FilledForm, FormUpload
from linli.regions.models import Region
from linli.registry.sources import knowing
from linli.returns.actions import upload_return
from linli.returns.models import Return


def filled_form(people: Characters) -> tuple[FormUpload, FilledForm]:
    """A small roster, uploaded and filled by the worker."""
    book = Workbook()
    page = book.active
    page.append(["序号", "姓名", "性别", "出生日期", "现住地址"])
    rule = DataValidation(type="list", formula1='"男,女"')
    rule.add("C2:C20")
    page.add_data_validation(rule)
    data = BytesIO()
    book.save(data)
    form = upload_form(acting_user=people.worker, name="居民花名册.xlsx", data=data.getvalue())
    return form, fill_form(
        acting_user=people.worker, upload=form, region_code=COMMUNITY, on=date(2026, 11, 22)
    )


def returned_roster(people: Characters) -> Return:
    """A filled roster that the worker uploaded."""
    book = Workbook()
    page = book.active
    page.append(["姓名", "身份证号", "文化程度"])
    rule = DataValidation(type="list", formula1='"初中,高中"')
    rule.add("C2:C20")
    page.add_data_validation(rule)
    page.append(["测试人甲", "", "高中"])
    data = BytesIO()
    book.save(data)
    return upload_return(
        acting_user=people.worker,
        name="名册.xlsx",
        data=data.getvalue(),
        region=Region.objects.get(region_code=COMMUNITY),
        sender="延庆区民政局",
        source=knowing.kind("civil"),
        on=date(2026, 11, 22),
    )


def _roster() -> bytes:
    """An empty roster of residents with a list of its own."""
    book = Workbook()
    book.active.append(["序号", "姓名", "身份证号", "文化程度", "助餐需求"])
    rule = DataValidation(type="list", formula1='"初中,高中"')
    rule.add("D2:D20")
    book.active.add_data_validation(rule)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _joint(people: Characters, own: FormTask) -> Joint:
    """What another department proposed to ask as one with what the department asks, who has joined it with a draft."""
    unit = named_unit(DISTRICT, "延庆区水务局")
    other = User.objects.create(username="joint.other", name="孟水清", password="!")
    Post.objects.create(
        user=other,
        role=Role.DEPARTMENT_OFFICER,
        region_code=DISTRICT,
        unit=unit,
        valid_from=date(2020, 1, 1),
    )
    warrant = flow.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="另一个单位的测试报表",
        issuer=unit,
        things=[Thing.FORM],
        since=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=30),
    )
    theirs = collecting.draft(acting_user=other, warrant=warrant, name="居民花名册.xlsx", data=_roster())
    for user, task in ((other, theirs), (people.department, own)):
        made = collecting.propose(
            acting_user=user,
            task=task,
            reason="要的是同一批人",
            communities=[COMMUNITY],
            purpose="测试",
            on=timezone.localdate(),
            working_days=3,
        )
    return made


def form_tasks(people: Characters) -> dict[str, Any]:
    """A form that a department asks of the worker's community, received and filled, and a draft."""
    warrant = flow.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="测试报表",
        issuer=Office.objects.get(name="延庆区民政局"),
        things=[Thing.FORM],
        since=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=30),
    )
    drafts = [
        collecting.draft(
            acting_user=people.department, warrant=warrant, name="居民花名册.xlsx", data=_roster()
        )
        for _ in range(3)
    ]
    task = collecting.issue(
        acting_user=people.department,
        task=drafts[0],
        communities=[COMMUNITY],
        purpose="测试",
        on=timezone.localdate(),
        working_days=3,
    )
    part = task.parts.get()
    perform_inline(collecting.receive(acting_user=people.worker, part=part))
    joint = _joint(people, drafts[2])
    upload = upload_form(acting_user=people.worker, name="台账.xlsx", data=_roster())
    ledger = collecting.keep_ledger(acting_user=people.worker, upload=upload, region_code=COMMUNITY)
    part.refresh_from_db()
    grid = keeping.grid_of(part)
    question = Question.objects.create(
        region_code=COMMUNITY, subject="person", record=grid.ids[0], key="助餐需求", label="助餐需求"
    )
    return {
        "form_warrant": warrant,
        "form_task": task,
        "form_draft": drafts[1],
        "form_part": part,
        "joint": joint,
        "ledger": ledger,
        "ledger_upload": upload,
        "question": question,
    }
