"""`linli backup` and `linli restore`: one .tar file with the database, the uploaded files and the secrets.

The archive holds `manifest.json` (versions and a SHA-256 of every member), `database.dump` (pg_dump's custom
format), `files/…` and, unless left out, `secrets/…`. Without the secrets the sealed columns (citizen numbers,
phones) of a restored database cannot be read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from linli import __version__
from linli.site.binaries import Binaries, DatabaseProblem, find_binaries
from linli.site.embedded import connect
from linli.site.home import Home

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
# These belong to one cluster, not to its data.
CLUSTER_SECRETS = {"database", "database-admin"}


class ArchiveProblem(Exception):
    """Why a backup or a restore was not done; the text says what to do."""


def _hash_of(file: Path) -> str:
    with open(file, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def fingerprint(secret: str) -> str:
    """What may be told of a secret (a long random text) to know it again."""
    return hashlib.sha256(b"linli fingerprint:" + secret.encode()).hexdigest()[:32]


def _client(home: Home) -> tuple[Binaries, dict[str, str]]:
    """PostgreSQL's client programs fit for the server in use, and the environment that leads them to it."""
    with connect(home) as database:
        major = database.info.server_version // 10000
    settings = home.database_settings()
    environment = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }
    for option in ("sslmode", "sslrootcert"):
        if option in settings["OPTIONS"]:
            environment["PG" + option.upper()] = settings["OPTIONS"][option]
    return find_binaries(major), os.environ | {k: v for k, v in environment.items() if v}


def _run(command: list[str], environment: dict[str, str], what: str) -> None:
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")
    if ran.returncode != 0:
        raise ArchiveProblem(f"{what}没有成功。PostgreSQL 说：{ran.stderr.strip()[-500:]}")


def _secrets_of(home: Home) -> dict[str, Path]:
    folder = home.path / "secrets"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {file.name: file for file in found if file.is_file() and file.name not in CLUSTER_SECRETS}


# -- backup -----------------------------------------------------------------------------------------------


def backup(home: Home, target: Path, *, with_secrets: bool = True, overwrite: bool = False) -> dict[str, Any]:
    """Write the archive; it appears under its name only when whole. Returns the manifest."""
    if target.exists() and not overwrite:
        raise ArchiveProblem(f"{target} 已经存在。请换一个文件名，或加 --overwrite 覆盖它。")
    if not target.parent.is_dir():
        raise ArchiveProblem(f"文件夹 {target.parent} 不存在，请先建好它。")
    binaries, environment = _client(home)
    with tempfile.TemporaryDirectory(prefix=".linli-backup-", dir=target.parent) as work:
        dump = Path(work) / DUMP
        _run(
            [
                binaries.program("pg_dump"),
                *("--format=custom", "--no-owner", "--no-privileges", "--compress=6", f"--file={dump}"),
                home.database_settings()["NAME"],
            ],
            environment,
            "导出数据库",
        )
        members = {DUMP: dump}
        files = home.path / "files"
        if files.is_dir():
            members |= {
                f"files/{f.relative_to(files).as_posix()}": f for f in sorted(files.rglob("*")) if f.is_file()
            }
        secrets = _secrets_of(home)
        if with_secrets:
            members |= {f"secrets/{name}": file for name, file in secrets.items()}
        manifest = {
            "format": FORMAT,
            "linli": __version__,
            "postgresql": binaries.major,
            "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "fingerprints": {n: fingerprint(f.read_text("ascii").strip()) for n, f in secrets.items()},
            "members": {
                name: {"bytes": file.stat().st_size, "sha256": _hash_of(file)}
                for name, file in members.items()
            },
        }
        listing = Path(work) / MANIFEST
        listing.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
        whole = Path(work) / "whole.tar"
        descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w", dereference=True) as tar:
            tar.add(listing, MANIFEST)
            for name, file in members.items():
                tar.add(file, name)
            out.flush()
            os.fsync(out.fileno())
        whole.replace(target)
    return manifest


# -- restore ----------------------------------------------------------------------------------------------


def _unpack(source: Path, into: Path) -> dict[str, Any]:
    """Unpack what the manifest names, checking every sum. Nothing else in the archive is touched."""
    try:
        with tarfile.open(source, "r:") as tar:
            first = tar.next()
            listing = tar.extractfile(first) if first and first.name == MANIFEST else None
            if listing is None:
                raise ArchiveProblem(f"{source} 不是 linli backup 做的备份。")
            manifest: dict[str, Any] = json.loads(listing.read())
            if manifest["format"] != FORMAT:
                raise ArchiveProblem(f"{source} 是更新版本的邻里做的备份，请先升级邻里再恢复。")
            waiting = dict(manifest["members"])
            while (member := tar.next()) is not None:
                wanted = waiting.pop(member.name, None)
                content = tar.extractfile(member) if wanted and member.isreg() else None
                path = into / member.name
                if wanted is None or content is None or not path.resolve().is_relative_to(into.resolve()):
                    raise ArchiveProblem(f"{source} 里有不该有的内容 {member.name}，没有恢复。")
                path.parent.mkdir(parents=True, exist_ok=True)
                with open(path, "wb") as out:
                    shutil.copyfileobj(content, out, 1024 * 1024)
                if _hash_of(path) != wanted["sha256"]:
                    raise ArchiveProblem(f"{source} 里的 {member.name} 已损坏，没有恢复。请改用另一份备份。")
    except (tarfile.TarError, ValueError, KeyError, EOFError) as error:
        raise ArchiveProblem(f"{source} 不是 linli backup 做的备份，或者已经损坏。") from error
    if waiting:
        raise ArchiveProblem(f"{source} 不完整，缺少 {next(iter(waiting))} 等内容，没有恢复。")
    return manifest


def is_empty(home: Home) -> bool:
    """Whether this installation holds no tables yet."""
    with connect(home) as database:
        row = database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return row is not None and row[0] == 0


def restore(home: Home, source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put the archive's content in place. What was there is kept under another name, never deleted.

    The new database is loaded beside the old one and takes its place only when whole. Returns the manifest
    with `kept`: the names under which the former content is kept.
    """
    if not source.is_file():
        raise ArchiveProblem(f"找不到备份文件 {source}。")
    empty = is_empty(home)
    if not empty and not replace:
        raise ArchiveProblem(
            "这里已经有数据，没有恢复。确实要换成备份里的数据，请加 --replace：现有的数据会另存，不会删除。"
        )
    home.path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".linli-restore-", dir=home.path) as work:
        into = Path(work)
        manifest = _unpack(source, into)
        if _version(manifest["linli"]) > _version(__version__):
            raise ArchiveProblem(
                f"备份是邻里 {manifest['linli']} 做的，这里是较旧的 {__version__}。请先升级邻里再恢复。"
            )
        _check_secrets(home, manifest, into)
        name = home.database_settings()["NAME"]
        loading = f"{name}_restoring"
        binaries, environment = _client(home)
        with _maintenance(home) as database:
            database.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(loading)))
            database.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(loading)))
        _run(
            [
                binaries.program("pg_restore"),
                *("--no-owner", "--no-privileges", "--exit-on-error", "--jobs=2", f"--dbname={loading}"),
                str(into / DUMP),
            ],
            environment,
            "导入数据库",
        )
        stamp = datetime.now().strftime("%Y%m%d%H%M%S")
        kept = []
        with _maintenance(home) as database:
            former = f"{name}_before_{stamp}"
            try:
                database.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(name), sql.Identifier(former)
                    )
                )
            except psycopg.errors.ObjectInUse as error:
                raise ArchiveProblem("还有程序连着数据库，没有恢复。请先停止 linli serve 再试。") from error
            database.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(loading), sql.Identifier(name)
                )
            )
            if empty:
                database.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(former)))
            else:
                kept.append(f"数据库 {former}")
        for folder in ("files", "secrets"):
            aside = _swap(home.path / folder, into / folder, stamp, keep=folder == "files" or not empty)
            kept += aside
    return manifest | {"kept": kept}


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _check_secrets(home: Home, manifest: dict[str, Any], into: Path) -> None:
    """An archive without secrets is only of use where the secrets of its data already lie."""
    here = _secrets_of(home)
    for name, wanted in manifest["fingerprints"].items():
        if (into / "secrets" / name).exists() or name == "django":
            continue
        if name not in here or fingerprint(here[name].read_text("ascii").strip()) != wanted:
            raise ArchiveProblem(
                f"这份备份不含密钥，而这里没有与它相配的密钥“{name}”：恢复后身份证号和电话将无法读取。"
                f"请先把原来的 secrets 文件夹放到 {home.path / 'secrets'}，再恢复。"
            )


@contextlib.contextmanager
def _maintenance(home: Home) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection to another database than the one being exchanged."""
    try:
        with connect(home, "postgres") as database:
            yield database
    except psycopg.errors.InsufficientPrivilege as error:
        raise ArchiveProblem(
            "数据库账号没有新建数据库的权限，没有恢复。请让数据库管理员执行：ALTER ROLE 账号 CREATEDB。"
        ) from error


def _swap(here: Path, new: Path, stamp: str, *, keep: bool) -> list[str]:
    """Put `new` in place of `here`; the former goes aside. Cluster secrets stay with the cluster."""
    if not new.exists():
        return []
    kept = []
    if keep and here.exists() and any(here.iterdir()):
        aside = here.with_name(f"{here.name}.before-{stamp}")
        if here.name == "secrets":
            shutil.copytree(here, aside)
            aside.chmod(0o700)
        else:
            here.rename(aside)
        kept.append(str(aside))
    here.mkdir(mode=0o700 if here.name == "secrets" else 0o755, exist_ok=True)
    for entry in sorted(new.iterdir()):
        target = here / entry.name
        if here.name == "secrets":
            entry.chmod(0o600)
        shutil.move(entry, target)
    return kept


def check_data_key(home: Home) -> None:
    """Refuse to run on with another data key than the one the database was sealed with.

    The key's fingerprint is kept as the database's comment, noted on first use.
    """
    key = home.path / "secrets" / "data-key"
    have = fingerprint(home.secret("data-key", 32) if not key.exists() else key.read_text("ascii").strip())
    with connect(home) as database:
        row = database.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        noted = (row[0] if row else None) or ""
        if noted.startswith("linli data-key "):
            if noted.removeprefix("linli data-key ") != have:
                raise DatabaseProblem(
                    f"{key} 不是这个数据库原来的密钥，继续运行会读不出身份证号和电话。"
                    "请从备份里放回原来的 secrets 文件夹。"
                )
            return
        name = home.database_settings()["NAME"]
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            database.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(name), sql.Literal(f"linli data-key {have}")
                )
            )
