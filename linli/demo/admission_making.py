"""Admission in the demonstration: applications at every stage, one refused for want of money, one whose form asks 34 columns, one
suspended for arrears; emergencies; an objection."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from openpyxl.styles import Border, Font, Side

from linli.access.models import Unit, User
from linli.access.units import own_unit
from linli.admission import actions
from linli.admission.actions.deciding import Grant, promise
from linli.admission.examples import HELD
from linli.admission.models import Application, Instalment
from linli.demo.places_making import STREET
from linli.flow.models import Warrant
from linli.gate.catalogue.models import Basis, Item
from linli.regions.models import Region

HEADINGS: Final = (*HELD, "津贴发放银行", "银行卡号", "领取凭证编号")
TITLE: Final = "高龄津贴发放对象核对表"
_PAPER: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def workbook() -> bytes:
    """The department's empty form: title, unit line, 34 headings, rows with borders."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "核对表"
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(size=18, bold=True)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HEADINGS))
    sheet["A2"] = "填报单位：　　　　　　　　填报日期："
    border = Border(*(Side("thin"),) * 4)
    for column, heading in enumerate(HEADINGS, start=1):
        sheet.cell(3, column, heading).font = Font(bold=True)
        for row in range(3, 24):
            sheet.cell(row, column).border = border
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, _PAPER, content_type="application/pdf")


class _Making:
    """The people who act, and how an application is carried on."""

    def __init__(self, people: dict[str, User], on: date) -> None:
        self.people = people
        self.on = on

    def unit(self, username: str) -> Unit:
        """The unit that a user works for."""
        return Unit.objects.get(pk=next(iter(self.people[username].unit_ids)))

    def draft(
        self,
        who: str,
        *,
        law: str = "",
        document: str = "",
        level: str = "province",
        ahead: int = 60,
        **values: Any,
    ) -> Application:
        """A draft of a department, for the street, two years from so many days on."""
        basis = Basis.objects.filter(title__contains=law).order_by("pk").first() if law else None
        given = {
            "areas": [STREET],
            "since": self.on + timedelta(days=ahead),
            "until": self.on + timedelta(days=ahead + 730),
            "bases": [basis.pk] if basis else [],
            "per": "year",
            "responsible": self.people[who].name,
            "phone": "010-69100000",
            **values,
        }
        if document:
            given |= {"document_title": document, "document_level": level}
        made = actions.save_draft(acting_user=self.people[who], unit=self.unit(who), **given)
        if document:
            actions.keep_document(
                acting_user=self.people[who], application=made, upload=_paper(f"{document}.pdf")
            )
        return made

    def hand_in(self, who: str, application: Application) -> Application:
        """Hand it in."""
        return actions.submit(acting_user=self.people[who], application=application)

    def consult(self, application: Application) -> Application:
        """The office takes it up and asks."""
        return actions.consult(acting_user=self.people["quji"], application=application)

    def speak(self, who: str, application: Application, region: str, stance: str, text: str = "") -> None:
        """A street or community speaks."""
        unit = own_unit(region)
        assert unit is not None
        actions.give_opinion(
            acting_user=self.people[who], application=application, unit=unit, stance=stance, text=text
        )

    def decide(
        self, application: Application, outcome: str, reason: str = "", trial: date | None = None
    ) -> None:
        """The office decides."""
        grant = Grant(application.terms, trial) if trial else None
        actions.decide(
            acting_user=self.people["quji"],
            application=application,
            outcome=outcome,
            reason=reason,
            grant=grant,
        )


def _earlier(application: Application, days: int) -> None:
    """As if an item had been admitted so many days earlier."""
    back = timedelta(days=days)
    for admission in application.admissions.select_related("item__warrant"):
        item = admission.item
        Item.objects.filter(pk=item.pk).update(since=item.since - back)
        if item.warrant is not None:
            period = item.warrant.period
            Warrant.objects.filter(pk=item.warrant.pk).update(period=(period.lower - back, period.upper))
        admission.instalments.all().delete()
        promise(admission, application.unit, item.since - back, admission.until)


def make_admission(on: date) -> None:
    """Made by the demonstration's own accounts; nothing where they are not there, or it is there already."""
    wanted = ("minzheng", "weijian", "yingji", "quji", "jiedao", "dongwai", "dongwai.wang")
    people = {one.username: one for one in User.objects.filter(username__in=wanted)}
    if len(people) < len(wanted) or Application.objects.exists():
        return
    making = _Making(people, on)
    community = f"{STREET}001"
    office = making.unit("quji")
    actions.change_setting(
        acting_user=people["quji"], region_code=STREET[:6], office=office, wage=Decimal("40.00")
    )
    _applications(making, community)
    _paid_and_owing(making, community)
    _emergencies(making, community)
    actions.look_at_arrears(on)


def _applications(making: _Making, community: str) -> None:
    """Under way: a draft, one to be taken up, one on which opinions are asked, one sent back, one refused."""
    form = making.draft(
        "minzheng",
        document="北京市老年人养老服务补贴津贴管理实施办法",
        document_number="京民养老发〔2019〕160号",
        title="高龄津贴发放对象季度核对",
        category="民政服务",
        content="每季度核对享受高龄津贴的老人是否健在、是否仍在本区居住，填报核对表",
        kind="review",
        things=["form"],
        times=4,
        hours=Decimal(8),
        powers="在高龄津贴发放系统里查询、提出停发建议",
        money=Decimal("800.00"),
        money_source="区民政局年度预算“老龄服务”",
    )
    actions.attach_form(
        acting_user=making.people["minzheng"], application=form, name=f"{TITLE}.xlsx", data=workbook()
    )
    form = making.consult(making.hand_in("minzheng", form))
    making.speak(
        "dongwai", form, community, "adjust", "银行卡号由银行和部门核对，不要让社区收集；每季度改为每半年一次"
    )
    refused = making.draft(
        "weijian",
        document="居民健康素养入户问卷工作方案",
        level="district",
        title="居民健康素养入户问卷",
        category="公共卫生",
        content="入户开展健康素养问卷，每个社区不少于一百户",
        things=["form", "meeting"],
        times=2,
        hours=Decimal(60),
    )
    refused = making.hand_in("weijian", refused)
    actions.decide(
        acting_user=making.people["quji"],
        application=refused,
        outcome="refused",
        reason="没有经费。委托社区协助的事项，所需经费由委托部门承担；可以落实经费后再报，或者购买服务。",
    )
    making.hand_in(
        "yingji",
        making.draft(
            "yingji",
            law="突发事件应对法",
            title="防灾减灾志愿者信息更新",
            category="应急管理",
            content="更新社区防灾减灾志愿者名单和联系方式",
            kind="serve",
            things=["form"],
            times=1,
            hours=Decimal(6),
            powers="调用应急物资储备点",
            money=Decimal("300.00"),
            money_per="year",
            money_source="应急管理专项",
        ),
    )
    sent_back = making.hand_in(
        "weijian",
        making.draft(
            "weijian",
            law="精神卫生法",
            title="严重精神障碍患者家庭走访",
            category="公共卫生",
            content="与家庭医生一起走访，建立健全走访台账",
            things=["form", "case"],
            times=12,
            hours=Decimal(10),
            money=Decimal("400.00"),
            powers="参与个案管理小组会商",
            ahead=20,
        ),
    )
    actions.send_back(
        acting_user=making.people["quji"],
        application=sent_back,
        reason="不得要求社区建立部门台账，请改为记入走访记录；开始日期太近，请至少提前 30 个工作日。",
    )
    making.draft(
        "weijian",
        law="献血法",
        title="无偿献血宣传",
        category="公共卫生",
        content="张贴宣传材料，通知居民献血点时间",
        kind="inform",
        things=["meeting"],
        times=1,
        hours=Decimal(2),
    )


def _received(making: _Making, community: str, paid: Any) -> None:
    """The community found the first instalment on its account, and not the last."""
    owed = list(paid.filter(region_code=community).order_by("due_on"))
    for one in owed:
        came = one is owed[0] or one is not owed[-1]
        actions.record_receipt(
            acting_user=making.people["dongwai"],
            instalment=one,
            amount=one.paid if came else Decimal(0),
            received_on=making.on,
            remark="" if came else "查了社区账户，没有这笔款。",
        )


def _paid_and_owing(making: _Making, community: str) -> None:
    """In force: one paid, one on trial, one suspended for arrears and objected to."""
    terms: dict[str, Any] = {"ahead": 0, "things": ["form"], "times": 2, "money_per": "quarter"}
    paid = making.draft(
        "minzheng",
        document="北京市居家养老服务条例",
        title="居家养老服务需求入户了解",
        category="民政服务",
        content="了解困难老人的居家养老服务需求，结果记入底数",
        hours=Decimal(12),
        powers="为符合条件的老人直接预约评估",
        money=Decimal("600.00"),
        money_source="区民政局年度预算“居家养老”",
        **terms,
    )
    paid = making.consult(making.hand_in("minzheng", paid))
    making.speak("jiedao", paid, STREET, "agree")
    making.decide(paid, "admitted")
    _earlier(paid, 120)
    first = Instalment.objects.filter(admission__application=paid, due_on__lt=making.on)
    total = sum((one.rest for one in first), Decimal(0))
    if total:
        actions.record_payment(
            acting_user=making.people["minzheng"],
            application=paid,
            instalments=first,
            amount=total,
            paid_on=making.on,
            upload=_paper("国库集中支付凭证.pdf"),
            voucher="延财支〔2026〕1083",
        )
        _received(making, community, first)
    trial = making.draft(
        "minzheng",
        document="北京市实施〈中华人民共和国残疾人保障法〉办法",
        title="残疾人辅助器具适配登记",
        category="民政服务",
        content="登记残疾人辅助器具需求，按月汇总一次",
        hours=Decimal(4),
        powers="在辅具平台上代为申请",
        money=Decimal("300.00"),
        money_source="残疾人事业专项",
        **{**terms, "times": 12},
    )
    trial = making.consult(making.hand_in("minzheng", trial))
    making.speak("jiedao", trial, STREET, "adjust", "先试三个月，看看社区实际要用多少时间")
    making.decide(trial, "trial", "先试行三个月，统计实际工时后再定", making.on + timedelta(days=90))
    owing = making.draft(
        "yingji",
        law="消防法",
        title="独居老人家庭燃气安全入户检查",
        category="应急管理",
        content="配合燃气公司入户检查独居老人家庭的燃气管线、报警器",
        hours=Decimal(20),
        powers="要求燃气公司限期更换不合格的软管",
        money=Decimal("500.00"),
        money_source="安全生产专项",
        **{**terms, "things": ["inspection", "form"]},
    )
    owing = making.consult(making.hand_in("yingji", owing))
    making.speak("jiedao", owing, STREET, "agree")
    making.speak("dongwai.wang", owing, community, "agree")
    making.decide(owing, "admitted")
    _earlier(owing, 100)
    item = owing.admissions.select_related("item").get().item
    actions.raise_objection(
        acting_user=making.people["dongwai"],
        region_code=community,
        item=item,
        by="resident",
        text="白天家里没有人，通知入户检查的时间只提前一天，希望能约晚上或周末。",
    )


def _emergencies(making: _Making, community: str) -> None:
    """One in force, one that is over and looked back on."""
    over = actions.approve_emergency(
        acting_user=making.people["quji"],
        region_code=community,
        unit=making.unit("weijian"),
        title="疑似食源性疾病排查",
        reason="医院当天报告同一小区多人腹泻，需要马上核实共同就餐情况",
        things=["form"],
        until=making.on + timedelta(days=3),
    )
    actions.end_emergency(acting_user=making.people["quji"], emergency=over, reason="已排除聚集性疫情")
    actions.review_emergency(
        acting_user=making.people["weijian"],
        emergency=over,
        text="当天核实两栋楼，确认与集体就餐无关。以后由疾控中心直接电话流调，社区只协助联系住户。",
    )
    if Region.objects.filter(region_code=STREET).exists():
        actions.approve_emergency(
            acting_user=making.people["quji"],
            region_code=STREET,
            unit=making.unit("yingji"),
            title="强降雪期间独居老人和危房巡查",
            reason="气象台今天上午发布暴雪橙色预警，来不及走准入",
            things=["inspection", "case"],
            until=making.on + timedelta(days=7),
        )
