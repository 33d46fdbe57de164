"""Users and posts, for administrators."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access import actions, units
from linli.access.models import Post, User
from linli.access.passwords import LengthAndVariety
from linli.access.roles import Permission, Role
from linli.office.regions import region_choices
from linli.pages.filtering import FilterSet
from linli.pages.tables import Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.pages.widgets import Combobox, DateInput
from linli.regions import names
from linli.regions.models import Level


class _Managed(Permitted):
    """Accounts whose posts lie in the administrator's area, and those without a post."""

    permission = Permission.MANAGE_USERS
    model = User

    def get_queryset(self) -> QuerySet[User]:
        found = actions.users_in_area(self.request.user)
        return found.prefetch_related("posts").distinct()


class UserFilters(FilterSet):
    """Search by user name or name; by role; by whether the account is in use."""

    q = django_filters.CharFilter(label=_("用户名、姓名"), method="search")
    role = django_filters.ChoiceFilter(
        label=_("角色"), choices=Role.choices, field_name="posts__role", empty_label=_("全部")
    )
    is_active = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=(("true", _("启用")), ("false", _("停用"))),
        method="active",
        empty_label=_("全部"),
    )

    def search(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(Q(username__icontains=value) | Q(name__contains=value))

    def active(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(is_active=value == "true")


class UserTable(Table):
    """Accounts."""

    username = TitleColumn(verbose_name=_("用户名"))
    name = tables.Column(verbose_name=_("姓名"))
    posts = tables.Column(verbose_name=_("岗位"), orderable=False, empty_values=())
    is_active = tables.Column(verbose_name=_("状态"))
    last_login = tables.DateTimeColumn(verbose_name=_("上次登录"), format="Y-m-d H:i")

    class Meta(Table.Meta):
        pass

    def render_posts(self, record: User) -> str:
        held = [f"{names.title(p.region_code)} {p.get_role_display()}" for p in record.current_posts]
        return "、".join(held) or str(_("没有岗位"))

    def render_is_active(self, record: User) -> str:
        if not record.is_active:
            return str(_("停用"))
        return str(_("锁定")) if record.is_locked else str(_("启用"))


class UserList(_Managed, ListPage):
    """All accounts of the area."""

    title = _("用户与岗位")
    noun = _("个账号")
    filterset_class = UserFilters
    table_class = UserTable
    create_url_name = "user_create"
    create_label = _("新增账号")
    exact_count = True
    empty_hint = _("新增账号后，把用户名和初始密码交给本人，首次登录须修改密码。")

    def get_queryset(self) -> QuerySet[User]:
        return super().get_queryset().order_by("username")


class UserPage(HistoryTab, _Managed, DetailPage):
    """One account with its posts."""

    template_name = "office/user.html"
    tabs = (Tab("posts", _("岗位"), "office/_posts.html"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            posts=self.object.posts.select_related("unit").order_by("-valid_from"), **kwargs
        )


def region_field(user: Any, *, label: Any = "") -> forms.ChoiceField:
    """One of the regions of the administrator's area, from the district down to the grid."""
    return forms.ChoiceField(
        label=label or _("任职区域"),
        choices=[
            ("", ""),
            *region_choices(
                user.scopes(Permission.MANAGE_USERS),
                levels=(Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID),
            ),
        ],
        widget=Combobox(placeholder=_("输入区、街道、社区名称或代码")),
    )


class _UnitField(forms.ModelChoiceField):
    """One of the units of the administrator's area."""

    def __init__(self, user: Any) -> None:
        super().__init__(
            queryset=units.selectable(user),
            label=_("机构"),
            required=False,
            empty_label="",
            widget=Combobox(placeholder=_("输入机构名称")),
            help_text=_(
                "社区和街道人员可以不选，默认是本社区、本街道。部门人员请选择，没有的先在“机构”里新增。"
            ),
        )


class CreateUserForm(forms.Form):
    """A new account and its first post."""

    username = forms.RegexField(
        label=_("用户名"),
        regex=r"^[A-Za-z0-9_.-]{3,30}$",
        help_text=_("3 到 30 位字母、数字、点、横线或下划线。"),
        error_messages={"invalid": _("用户名只能用 3 到 30 位字母、数字、点、横线或下划线。")},
    )
    name = forms.CharField(label=_("姓名"), max_length=50)
    phone = forms.CharField(label=_("联系电话"), required=False, max_length=30)
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *Role.choices])
    password = forms.CharField(
        label=_("初始密码"),
        help_text=LengthAndVariety().get_help_text(),
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )
    field_order = ("username", "name", "phone", "role", "region_code", "unit", "password")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"] = region_field(user)
        self.fields["unit"] = _UnitField(user)
        self.order_fields(self.field_order)


class _WithUser:
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}  # type: ignore[misc,attr-defined]


class CreateUser(_Managed, _WithUser, EditPage):
    """Add an account."""

    form_class = CreateUserForm
    title = _("新增账号")
    success_message = _("账号已新增，请把用户名和初始密码交给本人。")

    def perform(self, form: Any) -> str:
        made = actions.create_user(acting_user=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]
        return reverse("user", args=[made.pk])

    def cancel_url(self) -> str:
        return reverse("users")


class UserForm(forms.Form):
    """Name, phone, in use or not."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    phone = forms.CharField(label=_("联系电话"), required=False, max_length=30)
    is_active = forms.BooleanField(label=_("启用"), required=False)


class EditUser(_Managed, EditPage):
    """Change an account."""

    form_class = UserForm
    title = _("修改账号")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name, "phone": self.object.phone, "is_active": self.object.is_active}

    def perform(self, form: Any) -> str:
        actions.update_user(acting_user=self.request.user, user=self.object, **form.cleaned_data)  # type: ignore[arg-type]
        return reverse("user", args=[self.object.pk])

    def cancel_url(self) -> str:
        return reverse("user", args=[self.object.pk])


class ResetForm(forms.Form):
    """A first password."""

    password = forms.CharField(
        label=_("新的初始密码"),
        help_text=LengthAndVariety().get_help_text(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ResetPassword(_Managed, EditPage):
    """Give an account a password that must be changed at the next login."""

    form_class = ResetForm
    title = _("重置密码")
    submit_label = _("重置")
    success_message = _("密码已重置，并已解除锁定。对方下次登录须修改密码。")

    def perform(self, form: Any) -> str:
        actions.reset_password(acting_user=self.request.user, user=self.object, **form.cleaned_data)  # type: ignore[arg-type]
        return reverse("user", args=[self.object.pk])

    def cancel_url(self) -> str:
        return reverse("user", args=[self.object.pk])


class PostForm(forms.Form):
    """A further post."""

    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *Role.choices])
    valid_from = forms.DateField(label=_("任职日期"), required=False, widget=DateInput())
    field_order = ("role", "region_code", "unit", "valid_from")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"] = region_field(user)
        self.fields["unit"] = _UnitField(user)
        self.order_fields(self.field_order)


class GivePost(_Managed, _WithUser, EditPage):
    """Give a user a post."""

    form_class = PostForm
    title = _("增加岗位")

    def perform(self, form: Any) -> str:
        actions.give_post(acting_user=self.request.user, user=self.object, **form.cleaned_data)  # type: ignore[arg-type]
        return reverse("user", args=[self.object.pk])

    def cancel_url(self) -> str:
        return reverse("user", args=[self.object.pk])


class EndForm(forms.Form):
    """The day from which the post is no longer held."""

    valid_to = forms.DateField(
        label=_("离任日期"), required=False, widget=DateInput(), help_text=_("不填即今天。")
    )


class EndPost(EditPage):
    """End a post."""

    permission = Permission.MANAGE_USERS
    model = Post
    form_class = EndForm
    title = _("结束岗位")
    submit_label = _("结束岗位")
    tone = "danger"

    def get_object(self) -> Any:
        found = self.get_queryset().filter(pk=self.kwargs["post"], user_id=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def perform(self, form: Any) -> str:
        actions.end_post(acting_user=self.request.user, post=self.object, on=form.cleaned_data["valid_to"])  # type: ignore[arg-type]
        return reverse("user", args=[self.object.user_id])

    def cancel_url(self) -> str:
        return reverse("user", args=[self.object.user_id])


class UnlockUser(_Managed, View):
    """Lift a lock-out."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.get_queryset().filter(pk=pk).first()
        if user is None:
            raise Http404
        acting: Any = request.user
        actions.unlock_user(acting_user=acting, user=user)
        messages.success(request, _("已解锁，对方可以马上登录。"))
        return redirect("user", pk=pk)
