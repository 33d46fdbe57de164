"""Accounts and posts: every change to who may do what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from linli.access.guard import NotPermitted, require
from linli.access.models import Post, Unit, User
from linli.access.roles import Permission, Role
from linli.access.units import own_unit
from linli.audit.recording import SYSTEM, ActingUser, RuleError, action

FAILURES_ALLOWED = 5
LOCK_MINUTES = 15


class LoginRefused(Exception):
    """The login fails; the text is the sentence for the login page."""


def check_login(*, username: str, password: str) -> User:
    """The user whose name and password these are, with lock-out: after five failures in a row the account rests for
    fifteen minutes (MLPS). Failures, locks and successes are recorded.

    Raises LoginRefused. The sentence does not tell whether the account exists.
    """
    refused = LoginRefused("用户名或密码不正确。请检查后再试；连续输错 5 次，账号会锁定 15 分钟。")
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username__iexact=username.strip()).first()
        if user is None:
            User().set_password(password)  # take as long as for a real account
            return _refuse(refused)
        now = timezone.now()
        if user.locked_until and user.locked_until > now:
            minutes = int((user.locked_until - now).total_seconds() // 60) + 1
            return _refuse(LoginRefused(f"账号已锁定，请 {minutes} 分钟后再试，或请系统管理员解锁。"))
        if user.is_active and user.check_password(password):
            if user.failed_logins or user.locked_until:
                user.failed_logins, user.locked_until = 0, None
                user.save(update_fields=["failed_logins", "locked_until"])
            with action(user, "access.log_in") as act:
                act.record(user, f"{user.name}登录", region_code=_home(user))
            return user
        user.failed_logins += 1
        says = f"{user.name}登录失败（连续第 {user.failed_logins} 次）"
        if user.failed_logins >= FAILURES_ALLOWED:
            user.failed_logins, user.locked_until = 0, now + timedelta(minutes=LOCK_MINUTES)
            says = f"{user.name}连续 {FAILURES_ALLOWED} 次登录失败，账号锁定 {LOCK_MINUTES} 分钟"
            refused = LoginRefused(f"连续 {FAILURES_ALLOWED} 次输错，账号已锁定 {LOCK_MINUTES} 分钟。")
        user.save(update_fields=["failed_logins", "locked_until"])
        with action(SYSTEM, "access.log_in_failed") as act:
            act.record(user, says, region_code=_home(user))
    return _refuse(refused)


def _home(user: User) -> str:
    """The region under which deeds on an account are listed: that of its first post in force."""
    post = user.main_post
    return post.region_code if post else ""


def _refuse(refused: LoginRefused) -> User:
    raise refused


def _own_area(acting_user: ActingUser, user: User) -> None:
    """An administrator manages the accounts whose posts all lie in their own area, and those that have none."""
    posts = list(user.posts.values_list("region_code", flat=True))
    if not acting_user.can(Permission.MANAGE_USERS) or any(  # type: ignore[attr-defined]
        not acting_user.can(Permission.MANAGE_USERS, code)  # type: ignore[attr-defined]
        for code in posts
    ):
        raise NotPermitted(Permission.MANAGE_USERS)


def _checked(password: str, user: User, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleError("".join(error.messages), field=field) from None


def create_user(
    *,
    acting_user: ActingUser,
    username: str,
    name: str,
    password: str,
    role: str,
    region_code: str,
    phone: str = "",
    unit: Unit | None = None,
    must_change: bool = True,
) -> User:
    """A new account with its first post. The password holds until the first login.

    Raises RuleError for a taken name or a weak password, NotPermitted outside the acting user's area.
    """
    require(acting_user, Permission.MANAGE_USERS, region_code)
    username = username.strip()
    if User.objects.filter(username__iexact=username).exists():
        raise RuleError(f"用户名“{username}”已有人使用，请换一个。", field="username")
    with action(acting_user, "access.create_user") as act:
        user = User(username=username, name=name.strip(), phone=phone, must_change_password=must_change)
        _checked(password, user, "password")
        user.set_password(password)
        user.save()
        Post.objects.create(user=user, role=role, region_code=region_code, unit=unit or own_unit(region_code))
        act.record(user, f"新增账号 {username}（{user.name}，{Role(role).label}）", region_code=region_code)
    return user


def update_user(*, acting_user: ActingUser, user: User, name: str, phone: str, is_active: bool) -> User:
    """Change an account's name, phone, or whether it may be used."""
    _own_area(acting_user, user)
    if user.pk == acting_user.pk and not is_active:
        raise RuleError("不能停用自己的账号。", field="is_active")
    with action(acting_user, "access.update_user") as act:
        changed = [
            field
            for field, value in (("name", name.strip()), ("phone", phone), ("is_active", is_active))
            if getattr(user, field) != value
        ]
        user.name, user.phone, user.is_active = name.strip(), phone, is_active
        if not changed:
            act.nothing_to_record()
            return user
        user.save(update_fields=changed)
        names = {"name": "姓名", "phone": "联系电话", "is_active": "启用状态"}
        labels = "、".join(names[field] for field in changed)
        act.record(user, f"修改账号 {user.username} 的{labels}", region_code=_home(user))
    return user


def unlock_user(*, acting_user: ActingUser, user: User) -> None:
    """Lift a lock-out."""
    _own_area(acting_user, user)
    with action(acting_user, "access.unlock_user") as act:
        user.failed_logins, user.locked_until = 0, None
        user.save(update_fields=["failed_logins", "locked_until"])
        act.record(user, f"解锁账号 {user.username}", region_code=_home(user))


def reset_password(*, acting_user: ActingUser, user: User, password: str) -> None:
    """Give an account a password that must be changed at the next login; its sessions end."""
    _own_area(acting_user, user)
    _checked(password, user, "password")
    with action(acting_user, "access.reset_password") as act:
        user.set_password(password)
        user.must_change_password = True
        user.failed_logins, user.locked_until = 0, None
        user.save(update_fields=["password", "must_change_password", "failed_logins", "locked_until"])
        act.record(user, f"重置账号 {user.username} 的密码", region_code=_home(user))


def change_own_password(*, acting_user: User, current: str, new: str) -> None:
    """Change one's own password.

    Raises RuleError when the current one is wrong or the new one weak or the same.
    """
    if not acting_user.check_password(current):
        raise RuleError("当前密码不正确，请重新输入。", field="current")
    if current == new:
        raise RuleError("新密码不能与当前密码相同。", field="new")
    _checked(new, acting_user, "new")
    with action(acting_user, "access.change_password") as act:
        acting_user.set_password(new)
        acting_user.must_change_password = False
        acting_user.password_changed_at = timezone.now()
        acting_user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        act.record(acting_user, "修改本人密码", region_code=_home(acting_user))


def update_own_profile(*, acting_user: User, phone: str) -> None:
    """Change one's own phone number."""
    with action(acting_user, "access.update_profile") as act:
        if acting_user.phone == phone:
            act.nothing_to_record()
            return
        acting_user.phone = phone
        acting_user.save(update_fields=["phone"])
        act.record(acting_user, "修改本人联系电话", region_code=_home(acting_user))


def give_post(
    *,
    acting_user: ActingUser,
    user: User,
    role: str,
    region_code: str,
    unit: Unit | None = None,
    valid_from: date | None = None,
) -> Post:
    """Give a user a further post.

    Raises RuleError when the same post is held already, NotPermitted outside the acting user's area.
    """
    require(acting_user, Permission.MANAGE_USERS, region_code)
    _own_area(acting_user, user)
    start = valid_from or timezone.localdate()
    with action(acting_user, "access.give_post") as act:
        held = user.posts.filter(role=role, region_code=region_code).filter(valid_to__isnull=True)
        if held.exists():
            raise RuleError("该用户已经担任这个岗位。", field="role")
        post = Post.objects.create(
            user=user,
            role=role,
            region_code=region_code,
            unit=unit or own_unit(region_code),
            valid_from=start,
        )
        act.record(user, f"{user.name}任{Role(role).label}", region_code=region_code, post=post.pk)
    return post


def end_post(*, acting_user: ActingUser, post: Post, on: date | None = None) -> None:
    """End a post on a day (the first day it is no longer held).

    Raises RuleError when an administrator would end their own last administration post.
    """
    require(acting_user, Permission.MANAGE_USERS, post.region_code)
    _own_area(acting_user, post.user)
    day = on or timezone.localdate()
    if day < post.valid_from:
        raise RuleError(f"离任日期不能早于任职日期 {post.valid_from:%Y-%m-%d}。", field="valid_to")
    if post.user_id == acting_user.pk and post.role == Role.ADMINISTRATOR:
        raise RuleError("不能结束自己的系统管理员岗位，请由另一位管理员操作。")
    with action(acting_user, "access.end_post") as act:
        post.valid_to = day
        post.save(update_fields=["valid_to"])
        act.record(
            post.user,
            f"{post.user.name}不再任{post.get_role_display()}",
            region_code=post.region_code,
            post=post.pk,
        )


def users_in_area(acting_user: Any) -> Any:
    """The accounts that an administrator may manage: a post in the area, or no post at all."""
    inside = Post.objects.permitted(acting_user, Permission.MANAGE_USERS).values("user_id")
    if not acting_user.can(Permission.MANAGE_USERS):
        return User.objects.none()
    return User.objects.filter(pk__in=inside) | User.objects.filter(posts__isnull=True)
