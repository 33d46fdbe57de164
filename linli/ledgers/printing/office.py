"""LibreOffice as a converter: a process of its own for each workbook, in a folder that is gone afterwards, with no part in the
user's settings and with our Chinese font beside the system's."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from django.conf import settings

from linli.kernel.typesetting import font_folder

SECONDS: Final = 240
NEVER: Final = "none"
_NAMES: Final = ("soffice", "libreoffice")
_FONTS: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>{folder}</dir>
<cachedir>{cache}</cachedir>
{others}
</fontconfig>
"""
# What stands for a font that a form names and the machine lacks: with serifs, without.
_OTHERS: Final = {
    "Noto Serif SC": (
        "宋体",
        "SimSun",
        "新宋体",
        "仿宋",
        "仿宋_GB2312",
        "FangSong",
        "楷体",
        "楷体_GB2312",
        "KaiTi",
        "方正小标宋简体",
    ),
    "Noto Sans SC": ("黑体", "SimHei", "微软雅黑", "Microsoft YaHei", "等线", "DengXian", "Calibri", "Arial"),
}


def _others() -> str:
    return "\n".join(
        f"<alias><family>{named}</family><accept><family>{ours}</family></accept></alias>"
        for ours, names in _OTHERS.items()
        for named in names
    )


class NotConverted(Exception):
    """LibreOffice gave no PDF; the text says what it said."""


def program() -> str:
    """Where LibreOffice is; "" when it is not installed or not wanted (setting LINLI_OFFICE)."""
    wanted = settings.LINLI_OFFICE
    if wanted == NEVER:
        return ""
    names = (wanted,) if wanted else _NAMES
    return next((found for name in names if (found := shutil.which(name))), "")


def converted(program: str, data: bytes) -> bytes:
    """A workbook as PDF. Raises NotConverted."""
    with tempfile.TemporaryDirectory(prefix="linli-print-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        source, target = folder / "form.xlsx", folder / "form.pdf"
        source.write_bytes(data)
        fonts = folder / "fonts.conf"
        fonts.write_text(
            _FONTS.format(
                folder=escape(font_folder()), cache=escape(str(folder / "fonts")), others=_others()
            ),
            encoding="utf-8",
        )
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nolockcheck",
            "--convert-to",
            "pdf:calc_pdf_Export",
            "--outdir",
            str(folder),
            str(source),
        ]
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
            "FONTCONFIG_FILE": str(fonts),
        }
        said = _run(command, environment, folder)
        if not target.is_file() or not target.stat().st_size:
            raise NotConverted(said[-500:] or "no output")
        return target.read_bytes()


def _run(command: list[str], environment: dict[str, str], folder: Path) -> str:
    """Run to the end, or stop the whole group of processes when it takes too long."""
    try:
        running = subprocess.Popen(  # noqa: S603 - no shell, our own arguments
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as problem:
        raise NotConverted(str(problem)) from None
    try:
        said, _nothing = running.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        raise NotConverted(f"took longer than {SECONDS} s") from None
    return said.decode(errors="replace")
