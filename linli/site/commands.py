"""What the commands of `linli` do."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import sys
from collections.abc import Iterator
from importlib import import_module

from linli import __version__
from linli.site.home import Home
from linli.site.problems import Told, note_error


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
        if added := steps.ensure_certificates():
            print(f"证明事项清单已装入 {added} 项。", flush=True)
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
