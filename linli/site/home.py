"""Where an installation keeps its state, and how its secrets and database are found."""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

from linli.site.binaries import reachable

# Who the embedded server runs as when Linli itself runs as root (PostgreSQL refuses to be root).
SERVER_USERS = ("linli", "postgres", "nobody")

# History's triggers ask which of them are to be ignored, and catch the error where nothing says so: a subtransaction given up for
# every row, which each time walks over all the deferred checks that wait for the commit. So it is said: none.
NOTHING_IGNORED = "-c pgtrigger.ignore={}"


def default_home() -> Path:
    """`var/` beside the package in a source checkout, else the user's data folder."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").exists():
        return checkout / "var"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "linli"


@dataclass(frozen=True)
class Home:
    """The folder of one installation: `database/`, `secrets/`, `files/`, `log/`."""

    path: Path

    @classmethod
    def from_environment(cls) -> Home:
        given = os.environ.get("LINLI_HOME")
        return cls(Path(given).resolve() if given else default_home())

    def secret(self, name: str, length: int = 48) -> str:
        """The secret of that name, made on first use; a file that only its owner may read."""
        folder = self.path / "secrets"
        file = folder / name
        if not file.exists():
            if not self.path.exists():
                self.path.mkdir(parents=True, exist_ok=True)
                self.path.chmod(0o755)
            folder.mkdir(mode=0o700, exist_ok=True)
            try:
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return file.read_text("ascii").strip()
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(length))
        return file.read_text("ascii").strip()

    @property
    def server_user(self) -> pwd.struct_passwd | None:
        """The unprivileged user that the embedded server runs as; None when Linli itself is not root."""
        if os.geteuid() != 0:
            return None
        remembered = self.path / "database.user"
        names = ((remembered.read_text("utf-8").strip(),) if remembered.exists() else ()) + SERVER_USERS
        for name in names:
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        return None

    @property
    def place(self) -> Path:
        """The folder that holds the embedded database: this one, unless the server's user cannot reach it.

        A checkout in /root cannot be reached by another user; the database then lives in
        /var/lib/linli/<hash of this folder>, and the file `database.place` remembers where.
        """
        remembered = self.path / "database.place"
        if remembered.exists():
            return Path(remembered.read_text("utf-8").strip())
        user = self.server_user
        if user is None or reachable(self.path, user.pw_uid, [user.pw_gid]):
            return self.path
        return Path("/var/lib/linli") / hashlib.sha256(str(self.path).encode()).hexdigest()[:12]

    @property
    def database_folder(self) -> Path:
        return self.place / "database"

    @property
    def socket_folder(self) -> Path:
        """The embedded server's socket folder; kept short, for a socket's path must stay under 107 bytes."""
        folder = self.place / "run"
        if len(os.fsencode(folder)) > 80:
            return Path("/tmp") / f"linli-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"  # noqa: S108
        return folder

    @property
    def uploading(self) -> Path:
        """The folder for what is being uploaded at the moment; made when missing, nobody else's."""
        folder = self.path / "uploading"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def clear_uploading(self) -> None:
        """Delete what a web that was killed has left of uploads. Only while no web runs."""
        for left in self.uploading.iterdir():
            left.unlink(missing_ok=True)

    def database_settings(self) -> dict[str, Any]:
        """Django's DATABASES entry: LINLI_DATABASE_URL if given, else the embedded server."""
        url = os.environ.get("LINLI_DATABASE_URL")
        common: dict[str, Any] = {
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "application_name": os.environ.get("LINLI_APPLICATION", "linli"),
                "options": NOTHING_IGNORED,
            },
        }
        if url:
            parts = urlparse(url)
            given = dict(parse_qsl(parts.query))
            given["options"] = f"{NOTHING_IGNORED} {given.get('options', '')}".strip()
            options = common["OPTIONS"] | given
            return common | {
                "OPTIONS": options,
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or ""),
                "PORT": str(parts.port or ""),
            }
        return common | {
            "NAME": "linli",
            "USER": "linli",
            "PASSWORD": self.secret("database"),
            "HOST": str(self.socket_folder),
            "PORT": "5432",
        }
