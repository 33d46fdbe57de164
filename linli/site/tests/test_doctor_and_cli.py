"""`linli doctor` and the manners of the command line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from linli.site import cli, commands, doctor
from linli.site.binaries import DatabaseProblem
from linli.site.doctor import BAD, GOOD, NOTE, Finding
from linli.site.home import Home

CHECKOUT = Path(__file__).resolve().parents[3]
COMMANDS = [
    *("serve", "prepare", "work", "demo", "fill", "import", "divisions", "backup", "restore"),
    *("doctor", "migrate", "verify-chain", "createadmin"),
]


def by_subject(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings}


def linli(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "linli.site.cli", *words],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env=os.environ | {"LINLI_HOME": str(home.path), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        timeout=180,
    )


def test_every_finding_that_is_not_good_says_what_to_do(home: Home) -> None:
    for finding in [*doctor.machine(home, 8000), *doctor.database_programs(home)]:
        assert finding.level == GOOD or finding.todo, finding


def test_little_memory_and_disk_are_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "memory_bytes", lambda: 1 * doctor.GIB)
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 0.4 * doctor.GIB})())
    found = by_subject(list(doctor.machine(home, 8000)))
    assert found["内存"].level == BAD
    assert found["磁盘"].level == BAD
    assert "0.4 GB" in found["磁盘"].text


def test_a_clock_in_the_past_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    assert by_subject(list(doctor.machine(home, 8000)))["时钟"].level == BAD


def test_a_taken_port_is_told(home: Home) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        finding = by_subject(list(doctor.machine(home, port)))["端口"]
    assert finding.level == NOTE
    assert f"--port {port + 1}" in finding.todo


def test_secrets_that_others_can_read_are_told(home: Home) -> None:
    home.secret("django")
    (home.path / "secrets").chmod(0o755)
    assert by_subject(list(doctor.machine(home, 8000)))["密钥"].level == BAD


def test_data_of_a_version_that_is_not_here_is_told(home: Home) -> None:
    home.database_folder.mkdir(parents=True)
    (home.database_folder / "PG_VERSION").write_text("11\n")
    finding = next(iter(doctor.guarded("数据库程序", lambda: doctor.database_programs(home))))
    assert finding.level == BAD
    assert "PostgreSQL 11" in finding.todo


def test_a_look_that_breaks_is_itself_a_finding() -> None:
    def broken():
        yield Finding(GOOD, "甲", "好。")
        raise ZeroDivisionError("divided")

    findings = list(doctor.guarded("乙", broken))
    assert [f.level for f in findings] == [GOOD, BAD]
    assert "divided" in findings[1].text


@pytest.mark.slow
def test_doctor_from_nothing_to_a_whole_installation(home: Home) -> None:
    empty = linli(home, "doctor", "--port", "8765")
    assert "还没有建立" in empty.stdout, empty.stderr
    assert linli(home, "migrate").stdout.strip() == "数据表已更新到最新。"
    assert linli(home, "migrate").stdout.strip() == "数据表已是最新，不用更新。"
    ready = linli(home, "doctor", "--port", "8765")
    assert "✓ 数据表：已是最新。" in ready.stdout, ready.stdout + ready.stderr
    assert "✓ 操作记录" in ready.stdout
    assert linli(home, "verify-chain").returncode == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert "usage: linli " + command in shown
    assert any("\u4e00" <= letter <= "\u9fff" for letter in shown)


def test_top_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert command in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "--port", "80000"], "1 到 65535"),
        (["fill", "没有.xlsx", "--region", "1", "--out", "o.xlsx"], "找不到文件“没有.xlsx”"),
        (["fill"], "缺少"),
        (["nonsense"], "没有这个命令"),
        ([], "缺少"),
    ],
)
def test_wrong_words_are_answered_in_chinese(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == 2
    assert said in capsys.readouterr().err


def test_a_wrong_date_is_answered_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = tmp_path / "f.xlsx"
    form.write_bytes(b"")
    with pytest.raises(SystemExit):
        cli.main(["fill", str(form), "--region", "1", "--out", "o", "--on", "2026-13-01"])
    assert "2026-13-01" in capsys.readouterr().err


def test_a_known_problem_is_one_sentence_and_an_unknown_one_goes_to_the_log(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def known(args: object) -> int:
        raise DatabaseProblem("数据库没有启动。")

    def unknown(args: object) -> int:
        raise ZeroDivisionError("hidden detail")

    monkeypatch.setattr(commands, "migrate", known)
    assert cli.main(["migrate"]) == 1
    assert capsys.readouterr().err == "数据库没有启动。\n"
    monkeypatch.setattr(commands, "migrate", unknown)
    assert cli.main(["migrate"]) == 1
    shown = capsys.readouterr().err
    assert "没有料到" in shown
    assert "hidden detail" not in shown
    assert "hidden detail" in (home.path / "log" / "error.log").read_text("utf-8")
    assert cli.main(["--trace", "migrate"]) == 1
    assert "hidden detail" in capsys.readouterr().err
