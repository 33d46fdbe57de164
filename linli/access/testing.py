"""The fixed characters of every test that asks who may do what where."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password

from linli.access.models import Post, User
from linli.access.roles import Role
from linli.access.units import named_unit, own_unit

COMMUNITY = "110119002001"  # 东外社区
NEIGHBOUR = "110119002002"  # 川北东社区
STREET = "110119002"  # 香水园街道
DISTRICT = "110119"  # 延庆区
PASSWORD = "Linli-2026-Test"  # noqa: S105


@dataclass(frozen=True)
class Characters:
    """A worker of one community, an officer of its street, an officer of a district department, a worker of the
    neighbouring community, an administrator, and a stranger who has an account but no post."""

    worker: User
    officer: User
    department: User
    neighbour: User
    administrator: User
    stranger: User

    def all(self) -> dict[str, User]:
        """Every character by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@cache
def _hashed() -> str:
    """The password's hash, computed once: it is slow by design."""
    return make_password(PASSWORD)


def _user(username: str, name: str, role: str = "", region_code: str = "", unit: str = "") -> User:
    user = User(username=username, name=name, password=_hashed())
    user.save()
    if role:
        Post.objects.create(
            user=user,
            role=role,
            region_code=region_code,
            unit=named_unit(region_code, unit) if unit else own_unit(region_code),
            valid_from=date(2020, 1, 1),
        )
    return user


def characters() -> Characters:
    """Make the characters in the test's database."""
    return Characters(
        worker=_user("worker", "陈小静", Role.COMMUNITY_WORKER, COMMUNITY),
        officer=_user("officer", "李建民", Role.STREET_OFFICER, STREET),
        department=_user("department", "周文华", Role.DEPARTMENT_OFFICER, DISTRICT, "延庆区民政局"),
        neighbour=_user("neighbour", "王秀芳", Role.COMMUNITY_WORKER, NEIGHBOUR),
        administrator=_user("administrator", "赵管理", Role.ADMINISTRATOR, DISTRICT),
        stranger=_user("stranger", "钱路人"),
    )
