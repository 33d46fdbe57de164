"""`linli fill FORM.xlsx --region CODE --out FILLED.xlsx`: recognise and fill a form from the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook

from linli.access.models import User
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import SYSTEM, RuleError
from linli.ledgers import notes as notes_sheet
from linli.ledgers.actions import remember, words
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import BadWorkbook, open_workbook, pictures
from linli.ledgers.filling import Account, check_fillable, fill
from linli.ledgers.filling.packing import fill_packed, many_ids
from linli.ledgers.meaning.lexicon import lexicons_of
from linli.ledgers.meaning.population import describe
from linli.ledgers.recognition import Recognition, recognise
from linli.regions import names
from linli.regions.lookup import RegionNotFound, by_code

Say = Callable[[str], None]


def _as_date(on: str | date | None) -> date:
    if on is None or on == "":
        return timezone.localdate()
    if isinstance(on, date):
        return on
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise RuleError(f"日期“{on}”写法不对，请写成 2026-11-22 的样子。") from None


def _as_user(user: Any) -> Any:
    if user is None or user == "":
        return SYSTEM
    if not isinstance(user, str):
        return user
    found = User.objects.filter(username__iexact=user, is_active=True).first()
    if found is None:
        raise RuleError(f"没有名为“{user}”的用户，请检查 --user。")
    return found


def fill_command(
    form: str | Path,
    region: str,
    out: str | Path,
    on: str | date | None = None,
    user: Any = None,
    *,
    scope: str = "",
    notes: bool = True,
    highlight: bool = False,
    say: Say = print,
) -> int:
    """Fill the workbook `form` for a region and save it at `out`; returns 0, or 1 after saying what is wrong.

    `region` is an official 12-digit code or a region key; `on` the as-of date (today); `user` a user name whose
    permissions hold (without one: the system's own); `scope` names the population when the title does not.
    """
    try:
        _run(Path(form), region, Path(out), _as_date(on), _as_user(user), scope, notes, highlight, say)
    except (RuleError, BadWorkbook, RegionNotFound) as problem:
        say(str(problem))
        return 1
    return 0


def _run(
    path: Path,
    region: str,
    out: Path,
    on: date,
    user: Any,
    scope: str,
    notes: bool,
    highlight: bool,
    say: Say,
) -> None:
    place = by_code(region)
    if out.resolve() == path.resolve():
        raise RuleError("输出文件不能覆盖原表，请用 --out 另取文件名。")
    data = path.read_bytes() if path.is_file() else b""
    book = open_workbook(data) if data else open_workbook(path)
    terms = words()
    recognition = recognise(pictures(book), terms, path.name)
    remember(recognition, terms)
    if scope:
        _set_scope(recognition, terms, scope)
    for one in recognition.regions_of_form:
        describe_recognition(one, say)
    check_fillable(recognition)
    with audit.action(user, "ledgers.fill_command", reason=f"填表：{recognition.title or path.name}") as act:
        where: dict[str, Any] = {"region_code": place.region_code, "on": on, "user": user}

        def finish(made: Workbook, told: Account) -> None:
            if notes:
                notes_sheet.add_notes(
                    made, recognition, told, region=names.path(place.region_code), on=on, user=user.name
                )

        many = many_ids(recognition, terms, **where)
        content = b""
        if many:
            title = recognition.title or path.stem
            content, account = fill_packed(
                data, recognition, terms, many, title=title, finish=finish, **where
            )
            out = out.with_suffix(".zip")
        else:
            account = fill(book, recognition, terms, highlight=highlight, **where)
            finish(book, account)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            if many:
                out.write_bytes(content)
            else:
                save(book, out)
        except OSError as problem:
            raise RuleError(f"写不了文件“{out}”：{problem.strerror}，请换一个位置。") from None
        told = list(zip(recognition.regions_of_form, account.everywhere, strict=True))
        written = sum(one.rows for one in account.everywhere)
        audit.disclose(
            acting_user=user,
            person_ids=list(dict.fromkeys(n for r, a in told if r.subject == "person" for n in a.ids)),
            elements=list(dict.fromkeys(f"{r.subject}.{path}" for r, a in told for path in a.elements)),
            purpose=f"填表：{recognition.title or path.name}",
            channel=Channel.FORM,
            region_code=place.region_code,
        )
        act.record(
            None,
            f"命令行填写《{recognition.title or path.name}》{written} 行",
            region_code=place.region_code,
            rows=written,
        )
    _account(account, recognition, say)
    if many:
        say(
            f"\n共 {len(many):,} 张，一个工作簿放不下，分成 {account.workbooks} 个，和“目录.xlsx”一起打成压缩文件。"
        )
    say(f"\n已保存：{out}（{names.path(place.region_code)}，数据日期 {on:%Y-%m-%d}）")


def _set_scope(recognition: Recognition, terms: Any, scope: str) -> None:
    if not recognition.subject:
        raise RuleError("没有认出这张表每行列的是什么，不能指定填报范围。")
    subject = terms.subject(recognition.subject)
    keys = []
    for wanted in scope.replace("，", ",").replace("、", ",").split(","):
        found = next(
            (c.key for c in subject.conditions.values() if wanted.strip() in (c.key, *c.names)), None
        )
        if found is None:
            raise RuleError(
                f"“{wanted}”不是{subject.label}的口径，可用的有：{'、'.join(c.label for c in subject.conditions.values())}。"
            )
        keys.append(found)
    population = recognition.population
    population.conditions, population.filters, population.doubt = keys, [], ""
    recognition.population_label = describe(lexicons_of(terms), population)


def describe_recognition(recognition: Recognition, say: Say) -> None:
    """Print what was recognised and every column's meaning with its reason."""
    say(
        f"表名：{recognition.title or '（无标题）'}"
        + (f"（取自{recognition.title_from}）" if recognition.title_from else "")
    )
    say(f"类型：{recognition.kind_label}　工作表：{recognition.sheet}")
    top, bottom = recognition.header_rows
    rows = f"第 {top} 行" if top == bottom else f"第 {top}–{bottom} 行"
    say(
        f"表头：{rows}　数据从第 {recognition.first_row} 行开始"
        + (f"　表尾在第 {recognition.footer_row} 行" if recognition.footer_row else "")
    )
    if recognition.declined:
        return
    say(f"填报对象：{recognition.population_label}")
    for reason in recognition.population.reasons:
        say(f"  · {reason}")
    say("各列：")
    for mapping in recognition.mappings:
        letter = get_column_letter(mapping.column)
        meant = mapping.element_label or notes_sheet.TARGET_LABELS.get(mapping.target, mapping.target)
        sure = f"{mapping.confidence:.0%}" if mapping.target == "element" else "—"
        say(f"  {letter:<3} {mapping.label} → {meant}　[{sure}]　{'；'.join(mapping.reasons)}")


def _account(account: Account, recognition: Recognition, say: Say) -> None:
    regions = recognition.regions_of_form
    rows = sum(one.rows for one in account.everywhere)
    say(f"\n共 {rows} 行，已填 {account.filled} 格，空白 {account.blank} 格。")
    if len(regions) > 1:
        for region, one in zip(regions, account.everywhere, strict=True):
            say(f"  {region.title or region.sheet}：{one.problem or f'{one.rows} 行'}")

    def count(*targets: str) -> int:
        return sum(region.count(*targets) for region in regions)

    say(
        f"{len(recognition.all_mappings)} 列中：自动填写 {count('element', 'serial')} 列，"
        f"待确认 {count('asked')} 列，登记库没有 {count('unknown')} 列，"
        f"不代填 {count('declined')} 列，由人填写 {count('never')} 列。"
    )
    for told in (t for one in account.everywhere for t in one.differing):
        say(f"  合计：{told}")
    for relation in account.relations:
        if relation["holds"]:
            say(
                f"  审核关系 {relation['said']}：成立，{relation['shown'] or '核对了 ' + str(relation['checked']) + ' 处'}"
            )
        elif relation["checked"]:
            more = f"；另有 {relation['more']} 处" if relation["more"] else ""
            say(f"  审核关系 {relation['said']}：不成立，{'；'.join(relation['differing'])}{more}")
        else:
            say(f"  审核关系 {relation['said']}：没有核对，用到的格子没有数，或看不出指的是哪几格")
    for told in (t for one in account.everywhere for t in one.other_formulas):
        say(f"  公式：{told}")
    for column in account.all_columns:
        if column.problems:
            say(f"  {get_column_letter(column.column):<3} {column.label}：{notes_sheet.explanation(column)}")
