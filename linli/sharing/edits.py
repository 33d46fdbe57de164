"""The forms of sharing as pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.access.models import Unit
from linli.audit.recording import RuleError
from linli.facts.dictionary import UnknownTerm, dictionary
from linli.pages.views import EditPage, Permitted
from linli.regions import names
from linli.regions.models import Level, Region
from linli.registry.places import areas
from linli.sharing import actions
from linli.sharing.forms import ClientForm, GrantForm, KeyForm, ReasonForm
from linli.sharing.models import Client, Entitlement, Key
from linli.sharing.pages import CONFIRM, MANAGE, VIEW


def _regions(user: Any, within: str = "") -> list[tuple[str, str]]:
    """Districts, streets and communities that the user manages, inside one of them."""
    own = Region.objects.filter(
        region_code__in=[scope.low for scope in user.scopes(MANAGE)], level__lt=Level.GRID
    )
    listed = {one.region_code: one.title for one in own}
    listed |= dict(areas.filter_choices(user, MANAGE))
    if within and within not in listed:
        listed[within] = names.title(within)
    return [(key, label) for key, label in sorted(listed.items()) if key.startswith(within)]


class ClientAdd(EditPage):
    """/sharing/add"""

    model = Client
    permission = MANAGE
    title = _("登记接入方")
    form_class: Any = ClientForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "regions": _regions(self.request.user),
            "units": Unit.objects.permitted(self.request.user, MANAGE).filter(is_active=True),
        }

    def cancel_url(self) -> str:
        return reverse("sharing:clients")

    def perform(self, form: Any) -> Client:
        data = dict(form.cleaned_data)
        return actions.save_client(
            acting_user=self.request.user,
            region_code=data.pop("region_code"),
            unit=data.pop("unit"),
            values=data,
        )


class ClientEdit(ClientAdd):
    """/sharing/<id>/edit"""

    title = _("修改接入方")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ClientForm.base_fields}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        del form.fields["region_code"]
        return form

    def cancel_url(self) -> str:
        return str(self.object.get_absolute_url())

    def perform(self, form: Any) -> Client:
        data = dict(form.cleaned_data)
        return actions.save_client(
            acting_user=self.request.user, unit=data.pop("unit"), values=data, client_id=self.object.pk
        )


class IssueKey(EditPage):
    """/sharing/<id>/key: the key is shown on the page that answers, and never again."""

    model = Client
    permission = MANAGE
    title = _("发放密钥")
    intro = _("密钥只显示一次，请当面或用安全的方式交给责任人。系统里只保存无法还原的摘要。")
    submit_label = _("发放")
    form_class: Any = KeyForm

    def perform(self, form: Any) -> Any:
        key, text = actions.issue_key(
            acting_user=self.request.user,
            client_id=self.object.pk,
            expires_on=form.cleaned_data["expires_on"],
        )
        context = {
            "client": self.object,
            "key": key,
            "text": text,
            "title": _t("新的密钥"),
            "crumbs": [
                (_t("数据共享"), reverse("sharing:clients")),
                (self.object.name, self.object.get_absolute_url()),
            ],
        }
        return render(self.request, "sharing/key.html", context)


class Grant(EditPage):
    """/sharing/<id>/grant?subject=: write an entitlement down."""

    model = Client
    permission = MANAGE
    template_name = "sharing/grant.html"
    title = _("录入授权")
    submit_label = _("录入")
    success_message = _("已录入，请另一位负责人确认后生效。")
    form_class: Any = GrantForm

    @property
    def subject(self) -> str:
        """The subject named in the address, people otherwise."""
        key = self.request.GET.get("subject", "person")
        try:
            return dictionary.refresh().subject(key).key
        except UnknownTerm:
            raise Http404 from None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "words": dictionary.refresh(),
            "subject": self.subject,
            "regions": _regions(self.request.user, self.object.region_code),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.subtitle = f"{self.object.name} · {dictionary.subject(self.subject).label}"
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> Client:
        actions.grant(
            acting_user=self.request.user, client_id=self.object.pk, subject=self.subject, **form.cleaned_data
        )
        client: Client = self.object
        return client


class End(EditPage):
    """/sharing/entitlements/<id>/end"""

    model = Entitlement
    permission = VIEW
    title = _("终止授权")
    tone = "danger"
    submit_label = _("终止")
    success_message = _("已终止。")
    form_class: Any = ReasonForm

    def get_object(self) -> Any:
        """One that the user manages or confirms."""
        found = super().get_object()
        user: Any = self.request.user
        if not (user.can(MANAGE, found.region_code) or user.can(CONFIRM, found.region_code)):
            raise Http404
        return found

    def cancel_url(self) -> str:
        return str(self.object.client.get_absolute_url())

    def perform(self, form: Any) -> Client:
        found = actions.end_entitlement(
            acting_user=self.request.user,
            entitlement_id=self.object.pk,
            reason=form.cleaned_data["reason"],
        )
        return found.client


class _Button(Permitted, View):
    """A button: do it, say so, go to the client's page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = self.client_of(pk)
        try:
            messages.success(request, self.perform(pk))
        except RuleError as problem:
            messages.error(request, problem.message)
        return HttpResponseRedirect(f"{client.get_absolute_url()}?tab={self.tab}")

    tab = ""

    def client_of(self, pk: int) -> Client:
        """Whose page to go to. Raises Http404."""
        raise NotImplementedError

    def perform(self, pk: int) -> str:
        """The deed in words."""
        raise NotImplementedError


class RevokeKey(_Button):
    """/sharing/keys/<id>/revoke"""

    permission = MANAGE
    tab = "keys"

    def client_of(self, pk: int) -> Client:
        key = Key.objects.select_related("client").filter(pk=pk).first()
        user: Any = self.request.user
        if key is None or not user.can(MANAGE, key.client.region_code):
            raise Http404
        return key.client

    def perform(self, pk: int) -> str:
        actions.revoke_key(acting_user=self.request.user, key_id=pk)
        return _t("已吊销，立即失效。")


class Confirm(_Button):
    """/sharing/entitlements/<id>/confirm"""

    permission = CONFIRM
    tab = "entitlements"

    def client_of(self, pk: int) -> Client:
        found = (
            Entitlement.objects.permitted(self.request.user, CONFIRM)
            .select_related("client")
            .filter(pk=pk)
            .first()
        )
        if found is None:
            raise Http404
        client: Client = found.client
        return client

    def perform(self, pk: int) -> str:
        actions.confirm(acting_user=self.request.user, entitlement_id=pk)
        return _t("已确认，授权生效。")
