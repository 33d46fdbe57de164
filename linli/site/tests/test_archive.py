"""Backup and restore: round trip, refusals, damage."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.site.archive import MANIFEST, ArchiveProblem, backup, check_data_key, restore
from linli.site.binaries import DatabaseProblem
from linli.site.embedded import Server, connect
from linli.site.home import Home

pytestmark = pytest.mark.slow


@pytest.fixture
def filled(home: Home) -> Iterator[Home]:
    """A running installation with a row, an uploaded file and a data key."""
    with Server(home):
        with connect(home) as database:
            database.execute("CREATE TABLE street (name text)")
            database.execute("INSERT INTO street VALUES ('香水园街道')")
        (home.path / "files" / "2026").mkdir(parents=True)
        (home.path / "files" / "2026" / "老年人.xlsx").write_bytes(b"workbook")
        home.secret("data-key", 32)
        home.secret("django")
        yield home


@pytest.fixture
def another() -> Iterator[Home]:
    """A second, empty installation, running."""
    with tempfile.TemporaryDirectory(prefix="linli-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        home = Home(Path(folder).resolve())
        with Server(home):
            yield home


def names_in(home: Home) -> list[str]:
    with connect(home) as database:
        return [name for (name,) in database.execute("SELECT name FROM street ORDER BY name").fetchall()]


def test_round_trip_into_an_empty_installation(filled: Home, another: Home, tmp_path: Path) -> None:
    file = tmp_path / "备份.tar"
    backup(filled, file)
    assert file.stat().st_mode & 0o077 == 0, "an archive with secrets is its owner's only"
    assert restore(another, file)["kept"] == []
    assert names_in(another) == ["香水园街道"]
    assert (another.path / "files" / "2026" / "老年人.xlsx").read_bytes() == b"workbook"
    assert another.secret("data-key") == filled.secret("data-key")
    assert another.secret("database") != filled.secret("database"), "a cluster keeps its own passwords"
    assert not list(tmp_path.glob(".linli-*"))
    assert not list(another.path.glob(".linli-*"))


def test_an_installation_with_data_is_replaced_only_when_told_and_kept_aside(
    filled: Home, another: Home, tmp_path: Path
) -> None:
    file = tmp_path / "b.tar"
    backup(filled, file)
    with connect(another) as database:
        database.execute("CREATE TABLE street (name text)")
        database.execute("INSERT INTO street VALUES ('儒林街道')")
    (another.path / "files").mkdir()
    (another.path / "files" / "old.txt").write_text("old")
    with pytest.raises(ArchiveProblem, match="--replace"):
        restore(another, file)
    assert names_in(another) == ["儒林街道"]
    kept = restore(another, file, replace=True)["kept"]
    assert names_in(another) == ["香水园街道"]
    former = next(k.removeprefix("数据库 ") for k in kept if k.startswith("数据库 "))
    with connect(another, former) as database:
        assert database.execute("SELECT name FROM street").fetchall() == [("儒林街道",)]
    aside = next(another.path.glob("files.before-*"))
    assert (aside / "old.txt").read_text() == "old"
    assert not (another.path / "files" / "old.txt").exists()


def test_a_restore_while_others_are_connected_changes_nothing(
    filled: Home, another: Home, tmp_path: Path
) -> None:
    file = tmp_path / "b.tar"
    backup(filled, file)
    with connect(another) as other:
        other.execute("CREATE TABLE street (name text)")
        with pytest.raises(ArchiveProblem, match="先停止 linli serve"):
            restore(another, file, replace=True)
    assert names_in(another) == []
    assert not list(another.path.glob("files.before-*"))


def test_without_secrets_only_where_the_same_secrets_lie(filled: Home, another: Home, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    manifest = backup(filled, file, with_secrets=False)
    assert not [name for name in manifest["members"] if name.startswith("secrets/")]
    with pytest.raises(ArchiveProblem, match="不含密钥"):
        restore(another, file)
    (another.path / "secrets" / "data-key").write_text(filled.secret("data-key"))
    restore(another, file)
    assert names_in(another) == ["香水园街道"]


def test_damage_is_found_before_anything_is_touched(filled: Home, another: Home, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    backup(filled, file)
    content = bytearray(file.read_bytes())
    at = content.index(b"PGDMP") + 200
    content[at] ^= 0xFF
    (tmp_path / "damaged.tar").write_bytes(content)
    with pytest.raises(ArchiveProblem, match=r"database\.dump 已损坏"):
        restore(another, tmp_path / "damaged.tar")
    (tmp_path / "short.tar").write_bytes(file.read_bytes()[: at + 400])
    with pytest.raises(ArchiveProblem, match=r"损坏|不完整"):
        restore(another, tmp_path / "short.tar")
    (tmp_path / "other.tar").write_bytes(b"not an archive at all")
    with pytest.raises(ArchiveProblem, match="不是 linli backup 做的备份"):
        restore(another, tmp_path / "other.tar")
    with connect(another) as database:
        assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (
            0,
        )


@pytest.mark.parametrize("name", ["../outside", "/outside", "secrets/../../outside"])
def test_an_archive_cannot_write_outside_its_folder(
    filled: Home, another: Home, tmp_path: Path, name: str
) -> None:
    import hashlib

    content = b"x"
    manifest = {
        "format": 1,
        "linli": "0.1.0",
        "fingerprints": {},
        "members": {name: {"bytes": 1, "sha256": hashlib.sha256(content).hexdigest()}},
    }
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        for member, data in ((MANIFEST, json.dumps(manifest).encode()), (name, content)):
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with pytest.raises(ArchiveProblem, match="不该有的内容"):
        restore(another, tmp_path / "evil.tar")


def test_a_newer_linlis_archive_is_refused(
    filled: Home, another: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.site.archive.__version__", "99.0.0")
    backup(filled, tmp_path / "b.tar")
    monkeypatch.undo()
    monkeypatch.setenv("LINLI_HOME", str(another.path))
    with pytest.raises(ArchiveProblem, match="请先升级邻里"):
        restore(another, tmp_path / "b.tar")


def test_an_existing_backup_is_not_overwritten_unasked(filled: Home, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    file.write_text("earlier")
    with pytest.raises(ArchiveProblem, match="已经存在"):
        backup(filled, file)
    assert file.read_text() == "earlier"
    backup(filled, file, overwrite=True)
    assert tarfile.is_tarfile(file)
    with pytest.raises(ArchiveProblem, match="不存在"):
        backup(filled, tmp_path / "no-folder" / "b.tar")


def test_another_data_key_than_the_databases_is_refused(filled: Home) -> None:
    check_data_key(filled)
    check_data_key(filled)
    (filled.path / "secrets" / "data-key").write_text("another key")
    with pytest.raises(DatabaseProblem, match="不是这个数据库原来的密钥"):
        check_data_key(filled)
