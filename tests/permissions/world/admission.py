"""Applications for admission, a payment, an emergency, an objection."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from linli.access.models import Post, User
from linli.access.models import Unit as Office
from linli.access.testing import COMMUNITY, DISTRICT, STREET, Characters
from linli.admission import actions as admission


def _form_file() -> bytes:
    """A small empty form."""
    book = Workbook()
    page = book.active
    page.append(["序号", "姓名", "性别", "手环编号"])
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("测试.pdf", b"%PDF-1.4 test")


def applications(people: Characters) -> dict[str, Any]:
    """The department's applications for the worker's community: a draft, one on which opinions are asked, one admitted with a
    payment; an emergency that is over, an objection. They are decided by an officer of the district who is no character."""
    office = Office.objects.get_or_create(
        region_code=DISTRICT, name="延庆区委社会工作部", defaults={"kind": "department"}
    )[0]
    decider = User.objects.create(username="decider", name="马区办", password="!")
    Post.objects.create(
        user=decider, role="district_officer", region_code=DISTRICT, unit=office, valid_from=date(2020, 1, 1)
    )
    unit = Office.objects.get(name="延庆区民政局")
    today = timezone.localdate()
    made = {}
    for key in ("draft", "asked", "admitted"):
        one = admission.save_draft(
            acting_user=people.department,
            unit=unit,
            areas=[COMMUNITY],
            title=f"测试事项{key}",
            content="测试",
            things=["form"],
            times=2,
            since=today,
            until=today + timedelta(days=300),
            hours=Decimal(1),
            document_title="测试文件",
            document_level="district",
            money=Decimal(100),
            responsible="测试人",
            phone="010-69100000" if key != "draft" else "",
        )
        admission.keep_document(acting_user=people.department, application=one, upload=_paper())
        form = admission.attach_form(
            acting_user=people.department, application=one, name=f"{key}.xlsx", data=_form_file()
        )
        made[f"application_{key}"], made[f"application_{key}_form"] = one, form
        if key != "draft":
            one = admission.submit(acting_user=people.department, application=one)
            made[f"application_{key}"] = admission.consult(acting_user=decider, application=one)
    one = made["application_admitted"]
    admission.give_opinion(
        acting_user=people.officer,
        application=one,
        unit=Office.objects.get(region_code=STREET, kind="street"),
        stance="agree",
    )
    admission.decide(acting_user=decider, application=one, outcome="admitted")
    brought = one.admissions.get()
    owed = brought.instalments.first()
    made["payment"] = admission.record_payment(
        acting_user=people.department,
        application=one,
        instalments=[owed],
        amount=Decimal(1),
        paid_on=today,
        upload=_paper(),
    )
    made["instalment"] = owed
    made["receipt"] = admission.record_receipt(
        acting_user=people.worker, instalment=owed, amount=Decimal(1), received_on=today
    )
    emergency = admission.approve_emergency(
        acting_user=decider,
        region_code=COMMUNITY,
        unit=unit,
        title="测试应急",
        reason="测试",
        things=["form"],
        until=today + timedelta(days=3),
    )
    made["emergency"] = admission.end_emergency(acting_user=decider, emergency=emergency, reason="测试完")
    made["item_objection"] = admission.raise_objection(
        acting_user=people.worker, region_code=COMMUNITY, item=brought.item, text="测试异议"
    )
    return made
