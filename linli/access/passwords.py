"""The rules for passwords."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MINIMUM = 10


class LengthAndVariety:
    """At least ten characters of at least three kinds: capitals, small letters, digits, other."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = [
            any(c.isupper() for c in password),
            any(c.islower() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if len(password) < MINIMUM or sum(kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        return _("密码至少 10 位，大写字母、小写字母、数字、符号中至少用三种。")


class NotLikeUser:
    """A password that does not contain the user name."""

    def validate(self, password: str, user: Any = None) -> None:
        name = (getattr(user, "username", "") or "").lower()
        if len(name) >= 3 and name in password.lower():
            raise ValidationError(self.get_help_text(), code="password_like_user")

    def get_help_text(self) -> str:
        return _("密码里不能包含用户名。")
