"""A form that the civil affairs bureau asks of the street's communities: one has sent it, one is filling it, the others have not
received it yet, and what is blank of the second is asked on the spot; a draft that would ask much of the same under another item; what
the disabled persons' federation wants of the same people, proposed to be asked as one; and a standing ledger."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from linli.access.models import User
from linli.collecting import actions, keeping
from linli.collecting.joint_reading import partners
from linli.collecting.models import FormPart, FormTask, Ledger
from linli.collecting.reading import own_warrants
from linli.demo.places_making import STREET
from linli.flow.models import Warrant
from linli.jobs.actions import perform_inline
from linli.ledgers.actions import upload_form, words
from linli.ledgers.book.workbook import open_workbook, picture
from linli.ledgers.filling.looking import look
from linli.regions.models import Level, Region

ASKED: Final = ("独居、高龄、失能老年人巡视探访", "80周岁以上老年人巡视探访花名册")
COLUMNS: Final = (
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "年龄",
    "现住址",
    "联系电话",
    "是否独居",
    "探访频次",
    "备注",
)
ALSO: Final = ("协助社会救助入户走访和申请", "80周岁以上老年人高龄津贴核对花名册")
ALSO_COLUMNS: Final = (
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "现住址",
    "联系电话",
    "是否独居",
    "发放银行",
    "备注",
)
TOGETHER: Final = ("残疾人走访和需求了解", "80周岁以上老年人辅具需求摸底花名册")
TOGETHER_COLUMNS: Final = (
    "序号",
    "姓名",
    "身份证号",
    "现住址",
    "联系电话",
    "是否独居",
    "探访频次",
    "辅具需求",
    "备注",
)
VISITS: Final = ("协助社会救助入户走访和申请", "今冬入户走访登记表")
VISIT_LISTS: Final = (
    (
        "独居老人",
        "独居老年人走访花名册",
        ("序号", "姓名", "性别", "年龄", "现住址", "联系电话", "取暖方式", "需要帮助的事"),
    ),
    (
        "残疾人",
        "持证残疾人走访花名册",
        ("序号", "姓名", "性别", "残疾类别", "残疾等级", "现住址", "联系电话", "需要帮助的事"),
    ),
)
LEDGER: Final = "80周岁以上老年人助餐台账"
LEDGER_COLUMNS: Final = ("序号", "姓名", "性别", "年龄", "现住址", "联系电话", "是否独居", "助餐需求", "备注")
HEATING: Final = ("集中供暖", "集中供暖", "电暖器")
MEALS: Final = ("中午送到家", "不需要", "到餐厅吃", "中午送到家", "子女做饭", "到餐厅吃")
NOTE: Final = "探访频次要等本月走访后才能填；没有电话的老人已请楼门长去问。"


def roster(title: str, headings: tuple[str, ...]) -> bytes:
    """An empty roster as a department draws it."""
    return rosters((("花名册", title, headings),))


def rosters(lists: tuple[tuple[str, str, tuple[str, ...]], ...]) -> bytes:
    """An empty file of rosters, each on its sheet: (sheet, title, headings)."""
    book = Workbook()
    book.remove(book.worksheets[0])
    line = Border(*(Side("thin"),) * 4)
    for sheet, title, headings in lists:
        page: Any = book.create_sheet(sheet)
        page["A1"] = title
        page["A1"].font = Font(size=16, bold=True)
        page["A1"].alignment = Alignment(horizontal="center")
        page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
        page["A2"] = "填报单位："
        for column, heading in enumerate(headings, start=1):
            page.cell(3, column, heading).font = Font(bold=True)
            for row in range(3, 7):
                page.cell(row, column).border = line
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def make_form_tasks(on: date) -> FormTask | None:
    """Made by the demonstration's own accounts under the district's catalogue; nothing where these are not there."""
    names = ("minzheng", "dongwai", "dongwai.wang", "chuanbei")
    people = {one.username: one for one in User.objects.filter(username__in=names)}
    title, name = ASKED
    if len(people) < len(names) or (warrant := _warrant(title)) is None:
        return None
    task = actions.draft(
        acting_user=people["minzheng"], warrant=warrant, name=f"{name}.xlsx", data=roster(name, COLUMNS)
    )
    communities = Region.objects.filter(region_code__startswith=STREET, level=Level.COMMUNITY, valid_to=None)
    task = actions.issue(
        acting_user=people["minzheng"],
        task=task,
        communities=communities.values_list("region_code", flat=True),
        purpose="安排今冬高龄老年人巡视探访，核对探访名单。",
        on=on,
        working_days=5,
    )
    dongwai = _filled(task, "001", people["dongwai"])
    chuanbei = _filled(task, "002", people["chuanbei"])
    phones = [n for n, one in enumerate(task.recognition.mappings) if one.label == "联系电话"]
    if keeping.grid_of(chuanbei).blanks(phones)[phones[0]]:
        actions.ask_missing(
            acting_user=people["chuanbei"], part=chuanbei, places=[(0, one) for one in phones]
        )
    _keep_ledger(people["dongwai"], on)
    actions.submit(acting_user=people["dongwai"], part=dongwai, note=NOTE)
    actions.sign(acting_user=people["dongwai.wang"], part=dongwai)
    title, name = ALSO
    other = _warrant(title)
    if other is not None:
        actions.draft(
            acting_user=people["minzheng"],
            warrant=other,
            name=f"{name}.xlsx",
            data=roster(name, ALSO_COLUMNS),
        )
    _propose_together(task, on)
    _ask_two_lists(people, on)
    return task


def _ask_two_lists(people: dict[str, User], on: date) -> None:
    """A file with two lists, asked of two communities: one of them is filling it."""
    title, name = VISITS
    warrant = _warrant(title)
    if warrant is None:
        return
    task = actions.draft(
        acting_user=people["minzheng"], warrant=warrant, name=f"{name}.xlsx", data=rosters(VISIT_LISTS)
    )
    task = actions.issue(
        acting_user=people["minzheng"],
        task=task,
        communities=[f"{STREET}001", f"{STREET}002"],
        purpose="入冬前当面了解取暖和生活上的困难，安排救助。",
        on=on,
        working_days=8,
        why_again="要当面问取暖和困难，探访名单里没有。",
    )
    part = _filled(task, "001", people["dongwai"])
    listed = task.recognition.regions_of_form[0]
    heating = next(n for n, one in enumerate(listed.mappings) if one.label == "取暖方式")
    for row, said in enumerate(HEATING[: part.by_list[0].rows]):
        actions.correct_row(acting_user=people["dongwai"], part=part, row=row, values={heating: said})


def _propose_together(task: FormTask, on: date) -> None:
    """Another department wants much of the same of the same people: it proposes to ask it as one, and the street has not decided."""
    officer = User.objects.filter(username="canlian").first()
    title, name = TOGETHER
    warrant = _warrant(title, "canlian") if officer is not None else None
    if officer is None or warrant is None:
        return
    draft = actions.draft(
        acting_user=officer, warrant=warrant, name=f"{name}.xlsx", data=roster(name, TOGETHER_COLUMNS)
    )
    mine, theirs = draft.recognition.population, task.recognition.population
    if mine.conditions != theirs.conditions:
        draft = actions.choose_scope(acting_user=officer, task=draft, conditions=list(theirs.conditions))
    meeting = next((one.communities for one in partners(draft) if one.task == task), ())
    if meeting:
        actions.propose(
            acting_user=officer,
            task=draft,
            reason="民政局正在要同一批老人的地址、电话和独居情况，合成一份，社区少填一遍。",
            communities=meeting,
            purpose="摸清高龄老年人的辅具需求，安排上门适配。",
            on=on,
            working_days=8,
        )


def _keep_ledger(worker: User, on: date) -> Ledger:
    """A ledger that a community keeps, with what it has written down of a few people."""
    name, headings = LEDGER, LEDGER_COLUMNS
    data = roster(name, headings)
    upload = upload_form(acting_user=worker, name=f"{name}.xlsx", data=data)
    ledger = actions.keep_ledger(acting_user=worker, upload=upload, region_code=f"{STREET}001")
    recognition = ledger.recognition
    place = headings.index("助餐需求")
    found = look(
        recognition,
        words(),
        picture(open_workbook(data)[recognition.sheet]),
        region_code=ledger.region_code,
        on=on,
        user=worker,
        limit=len(MEALS),
    )
    for (record, _cells), said in zip(found.rows, MEALS, strict=False):
        actions.write_ledger(acting_user=worker, ledger=ledger, record=record, values={place: said})
    return ledger


def _warrant(title: str, username: str = "minzheng") -> Warrant | None:
    """A department's warrant of an item in force; the civil affairs bureau's unless another is named."""
    found = own_warrants(User.objects.get(username=username)).filter(title=title, suspended="")
    return found.order_by("pk").last()


def _filled(task: FormTask, community: str, worker: User) -> FormPart:
    """A community's copy, received and filled."""
    part = task.parts.get(region_code=f"{STREET}{community}")
    perform_inline(actions.receive(acting_user=worker, part=part))
    return FormPart.objects.select_related("task__unit").get(pk=part.pk)
