"""The list of kinds as it holds and as it was, and the offices to which people are sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import scopes_q
from linli.certificates import actions, listing
from linli.certificates.forms import EditionForm, OfficeForm, ReasonForm
from linli.certificates.models import Kind, Office, Standing
from linli.certificates.pages import MANAGE, VIEW, room_tabs
from linli.pages.views import HISTORY_TAB, DetailPage, EditPage, HistoryTab, Permitted, Tab
from linli.regions import names
from linli.regions.models import Level, Region


def _here(user: Any) -> str:
    """Where the user's list is read: the first region of their posts."""
    scopes = user.scopes(VIEW)
    return scopes[0].low if scopes else ""


def _offices(user: Any) -> QuerySet[Office]:
    """The offices of the user's regions, and those to which these send people: of every region above."""
    above = {key for scope in user.scopes(VIEW) for key in listing.upwards(scope.low)}
    return Office.objects.filter(region_code__in=above) | Office.objects.permitted(user, VIEW)


def asked_day(text: str) -> date | None:
    """A day of the address between 2000 and 2100; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


class Kinds(Permitted, TemplateView):
    """/certificates/kinds/?q=&day=: the list as it holds for the user on a day, and what the district may change."""

    permission = VIEW
    template_name = "certificates/kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list and the offices."""
        user: Any = self.request.user
        here, today = _here(user), timezone.localdate()
        day = asked_day(self.request.GET.get("day", "")) or today
        editions = listing.in_force(here, day)
        text = self.request.GET.get("q", "").strip()[:60]
        return super().get_context_data(
            title=_t("证明清单"),
            subtitle=names.title(here) if here else "",
            asked=text,
            day=day,
            is_today=day == today,
            rows=[listing.explained(one, here) for one in listing.find(text, editions)],
            offices=[
                {"office": one, "where": names.title(one.region_code)}
                for one in _offices(user).filter(removed_on__isnull=True)
            ],
            can_manage=user.can(MANAGE),
            public_url=f"{reverse('certificates:public')}?region={here}",
            room_tabs=room_tabs(user, "kinds"),
            **kwargs,
        )


class KindPage(Permitted, TemplateView):
    """/certificates/kinds/<code>/: what the list says of a kind, and every edition of it with its days, reason and changes."""

    permission = VIEW
    template_name = "certificates/kind.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The kind where the user is; the editions of the regions above and inside."""
        user: Any = self.request.user
        here, code = _here(user), self.kwargs["code"]
        inside = Kind.objects.filter(scopes_q("region_code", user.scopes(VIEW)), code=code)
        regions = {*listing.upwards(here), *inside.values_list("region_code", flat=True)}
        dated = listing.editions_of(code, regions)
        if not dated:
            raise Http404
        held = listing.one_in_force(here, code)
        return super().get_context_data(
            title=(held or dated[0].edition).title,
            one=listing.explained(held, here) if held is not None else None,
            dated=dated,
            can_manage=user.can(MANAGE),
            room_tabs=room_tabs(user, "kinds"),
            crumbs=[
                (_t("证明清单"), reverse("certificates:kinds")),
                ((held or dated[0].edition).title, ""),
            ],
            **kwargs,
        )


_OF_OFFICES = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)


def _regions(user: Any, levels: tuple[Level, ...] = (Level.DISTRICT,)) -> list[tuple[str, str]]:
    """The regions of some levels in which the user keeps the list (districts), or offices (down to communities)."""
    rows = Region.objects.filter(
        scopes_q("region_code", user.scopes(MANAGE)),
        level__in=levels,
        valid_to__isnull=True,
    ).order_by("region_code")[:800]
    indent = {Level.DISTRICT: "", Level.STREET: "　", Level.COMMUNITY: "　　"}
    return [(one.region_code, f"{indent[Level(one.level)]}{one.title}") for one in rows]


class KindAdd(EditPage):
    """/certificates/kinds/add?as=: another kind on the list; the form asks only what its standing needs."""

    permission = MANAGE
    title = _("清单上增加一项")
    intro = _("没有法律法规依据的证明不能列入。公布后不能改，要改就发布新版。")
    submit_label = _("公布")
    success_message = _("已公布。")
    template_name = "certificates/edition.html"
    form_class: Any = EditionForm
    code = ""

    def standing(self) -> Standing:
        """Whether this is about a kind that may, must not, or may no longer be issued."""
        asked = self.request.GET.get("as", "")
        return Standing(asked) if asked in Standing.values else Standing.ALLOWED

    def standings(self) -> list[Standing]:
        """What it may become."""
        return [Standing.ALLOWED, Standing.NOT_ALLOWED]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "regions": _regions(self.request.user),
            "standing": self.standing(),
            "is_new": not self.code,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = self.standing()
        return super().get_context_data(
            standings=[
                {"url": f"{self.request.path}?as={one.value}", "label": one.label, "current": one == now}
                for one in self.standings()
            ],
            **kwargs,
        )

    def cancel_url(self) -> str:
        return reverse("certificates:kinds")

    def perform(self, form: Any) -> str:
        made = actions.publish(
            acting_user=self.request.user,
            region_code=form.cleaned_data["region_code"],
            since=form.cleaned_data["since"],
            values=form.values,
            code=self.code,
            reason=form.cleaned_data["reason"],
        )
        return reverse("certificates:kind", args=[made.kind.code])


class KindEdit(KindAdd):
    """/certificates/kinds/<code>/edit?as=: a new edition for the district, filled with the one in force."""

    title = _("发布新版")
    intro = _("原来的版本留作记录，已开的证明和告知单不受影响。")

    @property
    def code(self) -> str:  # type: ignore[override]
        """The kind."""
        return str(self.kwargs["code"])

    def get_object(self) -> None:
        """Raises Http404 for a kind that the list does not know where the user keeps it."""
        regions = _regions(self.request.user)
        self.here = regions[0][0] if regions else ""
        found = listing.one_in_force(self.here, self.code)
        if found is None:
            raise Http404
        self.found = found
        self.subtitle = found.title
        country = Kind.objects.filter(code=self.code, region_code="").first()
        newest = country.editions.first() if country is not None else None
        self.is_forbidden = newest is not None and newest.standing == Standing.NOT_ALLOWED

    def standing(self) -> Standing:
        """As asked for, else as it is."""
        asked = self.request.GET.get("as", "")
        wanted = Standing(asked) if asked in Standing.values else Standing(self.found.standing)
        return Standing.NOT_ALLOWED if self.is_forbidden else wanted

    def standings(self) -> list[Standing]:
        """What the country's list forbids stays forbidden."""
        return [Standing.NOT_ALLOWED] if self.is_forbidden else list(Standing)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"fixed_title": self.found.title if self.is_forbidden else ""}

    def cancel_url(self) -> str:
        return reverse("certificates:kind", args=[self.code])

    def get_initial(self) -> dict[str, Any]:
        found = self.found
        return {
            "region_code": found.kind.region_code or self.here,
            "title": found.title,
            "also": "、".join(found.also),
            "basis": found.basis,
            "source": found.source,
            "since": timezone.localdate(),
            "wording": found.wording,
            "inputs": "\n".join(f"{one['key']}：{one['label']}" for one in found.inputs),
            "askers": found.askers,
            "conditions": found.conditions,
            "days": found.days,
            "needs_head": found.needs_head,
            "purpose_hint": found.purpose_hint,
            "instead": found.instead,
            "offices": found.offices,
            "bring": found.bring,
        }


class OfficePage(HistoryTab, DetailPage):
    """/certificates/offices/<id>/: an office, where it is, and what was changed of it."""

    model = Office
    permission = VIEW
    template_name = "certificates/office.html"

    def get_queryset(self) -> QuerySet[Office]:
        """Of the user's regions and those above them, as the list names them."""
        user: Any = self.request.user
        return _offices(user)

    def get_tabs(self) -> list[Any]:
        """The office, and the deeds."""
        return [Tab("office", _("办理机构"), "certificates/_office.html"), HISTORY_TAB]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where it is, which kinds lead to it, what may be done."""
        user: Any = self.request.user
        one: Office = self.object
        return super().get_context_data(
            where=names.title(one.region_code),
            kinds=[edition for edition in listing.in_force(one.region_code) if one.kind in edition.offices],
            can_manage=user.can(MANAGE, one.region_code) and one.removed_on is None,
            crumbs=[(_t("证明清单"), reverse("certificates:kinds")), (one.name, "")],
            **kwargs,
        )


class OfficeAdd(EditPage):
    """/certificates/offices/add"""

    model = Office
    permission = MANAGE
    title = _("登记办理机构")
    intro = _("登记后，告知单和公开清单上就有它的地址和电话。")
    form_class: Any = OfficeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "regions": _regions(self.request.user, _OF_OFFICES),
            "is_new": self.object is None,
        }

    def cancel_url(self) -> str:
        return self.object.get_absolute_url() if self.object else reverse("certificates:kinds")

    def perform(self, form: Any) -> str:
        data = dict(form.cleaned_data)
        actions.save_office(
            acting_user=self.request.user,
            region_code=data.pop("region_code"),
            reason=data.pop("reason", ""),
            values=data,
            office_id=self.object.pk if self.object else None,
        )
        return self.cancel_url()


class OfficeEdit(OfficeAdd):
    """/certificates/offices/<id>/edit"""

    title = _("修改办理机构")
    intro = _("以后开的告知单按新的写，已开的不变。")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name, "") for name in OfficeForm.base_fields}


class OfficeRemove(EditPage):
    """/certificates/offices/<id>/remove"""

    model = Office
    permission = MANAGE
    title = _("撤下办理机构")
    intro = _("居民不再被引导到这里。已开的告知单不受影响，这条记录会留着。")
    submit_label = _("撤下")
    success_message = _("已撤下。")
    tone = "danger"
    form_class: Any = ReasonForm

    def perform(self, form: Any) -> HttpResponseRedirect:
        actions.remove_office(
            acting_user=self.request.user, office_id=self.object.pk, reason=form.cleaned_data["reason"]
        )
        return HttpResponseRedirect(reverse("certificates:kinds"))
