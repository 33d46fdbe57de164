"""Logging in and out, and one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from linli.access import actions
from linli.access.passwords import LengthAndVariety
from linli.access.roles import GRANTS, Permission
from linli.kernel import phone as phones
from linli.office.words import PERMISSIONS
from linli.outbox.models import Reach
from linli.pages.views import EditPage, Permitted


class LoginForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=_("用户名"), widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@never_cache
@sensitive_post_parameters("password")
def log_in(request: HttpRequest) -> HttpResponse:
    """The login page."""
    goal = request.POST.get("next") or request.GET.get("next") or reverse("home")
    if not url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure()):
        goal = reverse("home")
    if request.user.is_authenticated:
        return redirect(goal)
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.check_login(**form.cleaned_data)
        except actions.LoginRefused as refused:
            form.add_error(None, str(refused))
        else:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return redirect(goal)
    return render(
        request, "office/login.html", {"form": form, "next": goal}, status=422 if form.errors else 200
    )


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, _("已退出登录。"))
    return redirect("login")


class Profile(Permitted, TemplateView):
    """One's own account: who one is, which posts one holds, and what they allow."""

    template_name = "office/profile.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        posts = [
            {
                "post": post,
                "permissions": [PERMISSIONS[one] for one in Permission if one in GRANTS[post.role]],
            }
            for post in user.current_posts
        ]
        reach = Reach.objects.filter(user=user).first() or Reach(user=user)
        return super().get_context_data(posts=posts, sms=reach.get_sms_display(), **kwargs)


class ProfileForm(forms.Form):
    """What one may change of one's own account."""

    phone = forms.CharField(
        label=_("联系电话"), required=False, help_text=_("同事在系统里看到的办公电话或手机。")
    )

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        if not text:
            return ""
        try:
            return phones.normalise(text)
        except phones.InvalidPhone as error:
            raise forms.ValidationError(str(error)) from None


class EditProfile(EditPage):
    """Change one's own phone."""

    form_class = ProfileForm
    title = _("修改联系电话")

    def get_initial(self) -> dict[str, Any]:
        return {"phone": self.request.user.phone}  # type: ignore[union-attr]

    def perform(self, form: Any) -> str:
        actions.update_own_profile(acting_user=self.request.user, phone=form.cleaned_data["phone"])  # type: ignore[arg-type]
        return reverse("profile")

    def cancel_url(self) -> str:
        return reverse("profile")


class PasswordForm(forms.Form):
    """The current password, and the new one twice."""

    current = forms.CharField(
        label=_("当前密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=LengthAndVariety().get_help_text(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一遍新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if data and data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两次输入的新密码不一致。"))
        return data


class ChangePassword(EditPage):
    """Change one's own password; other sessions of the account end."""

    form_class = PasswordForm
    title = _("修改密码")
    success_message = _("密码已修改。")

    @property
    def intro(self) -> Any:
        user: Any = self.request.user
        return _("这是初始密码，请先改成自己的密码。") if user.must_change_password else ""

    def perform(self, form: Any) -> Any:
        user: Any = self.request.user
        actions.change_own_password(
            acting_user=user, current=form.cleaned_data["current"], new=form.cleaned_data["new"]
        )
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("密码已修改。"))
        return HttpResponseRedirect(reverse("profile"))

    def cancel_url(self) -> str:
        return reverse("profile")
