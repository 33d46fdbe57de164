"""The pages of plates: figures by community, a community's plates, the walk, the list, what is decided."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.gate.plates import actions, filters, forms
from linli.gate.plates.models import PhotoKind, Plate, Walk
from linli.gate.plates.rules import EVER, HANGING, State, may_be_ordered_away
from linli.pages import html
from linli.pages.parts import Kpi
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.pages.views import BatchAction, DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

VIEW, EDIT = Permission.VIEW_GATE, Permission.EDIT_PLATES
DECIDE, SEND = Permission.DECIDE_PLATES, Permission.SEND_TO_COMMUNITIES
DISTRICT, STREET = KEY_LENGTH[Level.DISTRICT], KEY_LENGTH[Level.STREET]
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
MOST_AT_ONCE = 500
"""So many plates are ordered away in one form."""
TONES = {
    "allowed": "ok",
    "listed": "brand",
    "found": "warn",
    "removing": "danger",
    "removed": "",
    "proposed": "warn",
    "refused": "",
}


def community_or_404(user: Any, code: str, permission: Permission) -> str:
    """The key of a community in which the user holds the permission."""
    if len(code) != COMMUNITY or not user.can(permission, code) or names.title(code) == code:
        raise Http404
    return code


def counted(rows: QuerySet) -> dict[str, Any]:
    """How many plates there were, are, stay, wait, are to go, are late, are gone."""

    def of(**wanted: Any) -> Count:
        return Count("pk", filter=Q(**wanted))

    today = timezone.localdate()
    return {
        "before": of(state__in=EVER),
        "now": of(state__in=HANGING),
        "allowed": of(state=State.ALLOWED),
        "listed": of(state=State.LISTED),
        "found": of(state=State.FOUND),
        "removing": of(state=State.REMOVING),
        "overdue": of(state=State.REMOVING, remove_by__lt=today),
        "removed": of(state=State.REMOVED),
        "proposed": of(state=State.PROPOSED),
    }


class Home(Permitted, TemplateView):
    """/plates/: one row a community; those of one community go straight to it."""

    permission = VIEW
    template_name = "plates/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A community's people see their own."""
        user: Any = request.user
        lows = [scope.low for scope in user.scopes(VIEW)]
        if lows and all(len(low) >= COMMUNITY for low in lows):
            return HttpResponseRedirect(reverse("plates:community", args=[lows[0][:COMMUNITY]]))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures."""
        user: Any = self.request.user
        plates = Plate.objects.permitted(user, VIEW)
        wanted = counted(plates)
        rows: list[Any] = list(
            plates.order_by().values("region_code").annotate(**wanted).order_by("region_code")
        )
        for row in rows:
            row["name"] = names.title(row["region_code"])
        total = plates.aggregate(**wanted)
        listed = reverse("plates:list")
        return super().get_context_data(
            title=_("机构牌子"),
            rows=rows,
            may_decide=user.can(DECIDE),
            may_send=user.can(SEND),
            kpis=[
                Kpi(_("清理前"), total["before"], "history", _("块"), under=_("登记过的牌子和机构")),
                Kpi(
                    _("现在"),
                    total["now"],
                    "id-badge-2",
                    _("块"),
                    under=f"保留 {total['allowed']}，经准入 {total['listed']}",
                    url=f"{listed}?state=hanging",
                ),
                Kpi(_("待处理"), total["found"], "help-circle", _("块"), url=f"{listed}?state=found"),
                Kpi(
                    _("逾期未摘除"),
                    total["overdue"],
                    "alert-triangle",
                    _("块"),
                    under=f"限期摘除 {total['removing']}，已摘除 {total['removed']}",
                    tone="danger" if total["overdue"] else "",
                    url=f"{listed}?state=overdue",
                ),
            ],
            **kwargs,
        )


class CommunityPage(Permitted, TemplateView):
    """/plates/<community>/: what hangs, what is to go, what is gone."""

    permission = VIEW
    template_name = "plates/community.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The plates by state, and the walks."""
        user: Any = self.request.user
        code = community_or_404(user, self.kwargs["region_code"], VIEW)
        plates = list(Plate.objects.filter(region_code=code).select_related("unit", "payer"))
        today = timezone.localdate()
        groups = [
            (
                state.label,
                TONES[state.value],
                [(one, one.is_overdue(today)) for one in plates if one.state == state],
            )
            for state in (
                State.REMOVING,
                State.FOUND,
                State.PROPOSED,
                State.ALLOWED,
                State.LISTED,
                State.REMOVED,
                State.REFUSED,
            )
        ]
        name = names.title(code)
        return super().get_context_data(
            title=f"{name}的机构牌子",
            code=code,
            groups=[one for one in groups if one[2]],
            before=sum(one.state in EVER for one in plates),
            now=sum(one.state in HANGING for one in plates),
            walks=list(Walk.objects.filter(region_code=code).select_related("walker")[:5]),
            may_edit=user.can(EDIT, code),
            may_decide=user.can(DECIDE, code),
            crumbs=[(str(_("机构牌子")), reverse("plates:home")), (name, "")],
            **kwargs,
        )


class PlateTable(Table):
    """Plates."""

    name = TitleColumn(verbose_name=_("牌子、机构"))
    form = tables.Column(verbose_name=_("形式"))
    region_code = tables.Column(verbose_name=_("社区"))
    who = tables.Column(verbose_name=_("要求设立的部门"), order_by=("unit__name", "unit_name"))
    state = TagColumn(verbose_name=_("状态"), tones=TONES)
    remove_by = tables.Column(verbose_name=_("摘除期限"))
    removed_on = tables.Column(verbose_name=_("摘除日期"))

    class Meta(Table.Meta):
        model = Plate
        fields: tuple[str, ...] = ()

    def render_region_code(self, value: str) -> str:
        """Its spoken name."""
        return names.title(value)

    def render_remove_by(self, value: Any, record: Plate) -> SafeString:
        """Marked when it is late."""
        said = f"{value:%Y-%m-%d}"
        return html.tag(f"{said} 已逾期", "danger") if record.is_overdue() else format_html("{}", said)

    def render_removed_on(self, value: Any) -> str:
        """The day."""
        return f"{value:%Y-%m-%d}"


class PlateList(ListPage):
    """/plates/list/"""

    model = Plate
    permission = VIEW
    title = _("牌子和机构")
    subtitle = _("每块牌子谁要求挂的，允许不允许，什么时候摘")
    noun = _("块")
    filterset_class = filters.PlateFilters
    table_class = PlateTable
    batch_actions = (BatchAction("remove", _("限期摘除"), "calendar-due", DECIDE),)
    empty_title = _("还没有登记牌子")
    empty_hint = _("打开一个社区，点“登记一块”，或先盘点。")

    def get_queryset(self) -> QuerySet:
        """With the unit."""
        return super().get_queryset().select_related("unit")

    def batch_remove(self, rows: QuerySet) -> HttpResponse:
        """On to the form that asks until when and who pays."""
        picked = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(picked) > MOST_AT_ONCE:
            raise RuleError(_("一次最多限期摘除 %(n)d 块牌子，请先筛选，分几次办。") % {"n": MOST_AT_ONCE})
        return HttpResponseRedirect(f"{reverse('plates:removal')}?{urlencode({'pk': picked}, doseq=True)}")


class PlatePage(HistoryTab, DetailPage):
    """/plates/one/<id>/: photographs before and after, what was decided and why."""

    model = Plate
    permission = VIEW
    template_name = "plates/plate.html"
    tabs = (Tab("facts", _("牌子"), "plates/_plate.html"),)

    def get_queryset(self) -> QuerySet:
        """With what it belongs to."""
        return super().get_queryset().select_related("unit", "payer", "warrant", "kind")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Photographs, and what the user may do."""
        user: Any = self.request.user
        plate: Plate = self.object
        state = State(plate.state)
        photos = list(plate.photos.all())
        decides, edits = user.can(DECIDE, plate.region_code), user.can(EDIT, plate.region_code)
        return super().get_context_data(
            area=names.title(plate.region_code),
            tone=TONES[plate.state],
            overdue=plate.is_overdue(),
            photos=[
                (PhotoKind(kind).label, [one for one in photos if one.kind == kind])
                for kind in PhotoKind.values
                if any(one.kind == kind for one in photos)
            ],
            may_accept=decides and state in (State.PROPOSED, State.FOUND, State.REMOVING),
            may_refuse=decides and state is State.PROPOSED,
            may_order=decides and may_be_ordered_away(state),
            may_remove=edits and state in HANGING,
            may_photograph=edits and state in EVER,
            crumbs=[
                (str(_("机构牌子")), reverse("plates:home")),
                (names.title(plate.region_code), reverse("plates:community", args=[plate.region_code])),
                (plate.name, ""),
            ],
            **kwargs,
        )


class _InCommunity(EditPage):
    """A form about a community."""

    permission: Any = EDIT

    def get_object(self) -> None:
        """The community must be the user's."""
        self.code = community_or_404(self.request.user, self.kwargs["region_code"], EDIT)
        self.subtitle = names.title(self.code)

    def cancel_url(self) -> str:
        """Back to the community."""
        return reverse("plates:community", args=[self.kwargs["region_code"]])


class Register(_InCommunity):
    """/plates/<community>/register/"""

    title = _("登记一块牌子或一个机构")
    intro = _("看到什么登记什么，不管该不该挂。部门要求成立的领导小组、工作站，没有牌子的也登记。")
    form_class: Any = forms.RegisterForm
    submit_label = _("登记")
    success_message = _("已登记。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The kinds and units of the district."""
        return super().get_form_kwargs() | {"district": self.code[:DISTRICT]}

    def perform(self, form: Any) -> str:
        """Register it."""
        actions.register(acting_user=self.request.user, region_code=self.code, **form.cleaned_data)
        return self.cancel_url()


class WalkPage(_InCommunity):
    """/plates/<community>/walk/: every plate registered, hanging or gone; made for the phone."""

    title = _("盘点牌子")
    intro = _("拿着手机走一圈，一块一块看：还在，还是不在了。名单上没有的，盘点完再点“登记一块”。")
    template_name = "plates/walk.html"
    form_class: Any = forms.WalkForm
    submit_label = _("盘点完了")
    success_message = _("已登记盘点结果。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """What hangs, then what was taken down."""
        rows = list(Plate.objects.filter(region_code=self.code, state__in=EVER).select_related("unit"))
        return super().get_form_kwargs() | {
            "plates": sorted(rows, key=lambda one: (one.state == State.REMOVED, one.pk))
        }

    def perform(self, form: Any) -> str:
        """Keep what was found."""
        actions.walk(
            acting_user=self.request.user,
            region_code=self.code,
            seen=form.seen(),
            on=form.cleaned_data["on"],
        )
        return self.cancel_url()
