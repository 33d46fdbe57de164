"""The pages of plates: figures by community, a community's plates, the walk, the list, what is decided."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from linli.access import sealed_files
from linli.access.roles import Permission
from linli.flow.models import Warrant
from linli.gate.plates import actions, filters, forms
from linli.gate.plates.models import PhotoKind, Plate, PlateKind, PlatePhoto, Walk
from linli.gate.plates.rules import ALLOWED, EVER, HANGING, State, may_be_ordered_away
from linli.pages import html
from linli.pages.parts import Kpi
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.pages.views import BatchAction, DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region

VIEW, EDIT = Permission.VIEW_GATE, Permission.EDIT_PLATES
DECIDE, SEND = Permission.DECIDE_PLATES, Permission.SEND_TO_COMMUNITIES
DISTRICT, STREET = KEY_LENGTH[Level.DISTRICT], KEY_LENGTH[Level.STREET]
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
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
        picked = list(rows.order_by("pk").values_list("pk", flat=True)[:500])
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


class _OnPlate(EditPage):
    """A form about a plate; only in these states."""

    model = Plate
    permission: Any = DECIDE
    states: tuple[State, ...] = ()

    def get_object(self) -> Plate:
        """The plate."""
        found: Plate = super().get_object()
        if self.states and State(found.state) not in self.states:
            raise Http404
        self.subtitle = f"{names.title(found.region_code)} · {found.name}"
        return found


class Accept(_OnPlate):
    """/plates/one/<id>/accept/"""

    title = _("同意挂牌")
    intro = _("只有准入了“机构牌子”、在有效期内的事项才能挂牌；次数用完的也不行。")
    form_class: Any = forms.AcceptForm
    submit_label = _("同意")
    states = (State.PROPOSED, State.FOUND, State.REMOVING)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The item of the proposal, else those to choose from."""
        return super().get_form_kwargs() | {"plate": self.object}

    def perform(self, form: Any) -> Plate:
        """Accept."""
        return actions.accept(acting_user=self.request.user, plate=self.object, **form.cleaned_data)


class Refuse(_OnPlate):
    """/plates/one/<id>/refuse/"""

    title = _("不同意挂牌")
    form_class: Any = forms.ReasonForm
    submit_label = _("不同意")
    tone = "danger"
    states = (State.PROPOSED,)

    def perform(self, form: Any) -> Plate:
        """Refuse."""
        return actions.refuse(acting_user=self.request.user, plate=self.object, **form.cleaned_data)


class Removal(EditPage):
    """/plates/removal/?pk=…: several at once are to be gone by a day."""

    permission = DECIDE
    title = _("限期摘除")
    form_class: Any = forms.RemovalForm
    submit_label = _("限期摘除")
    success_message = _("已定下期限，社区会收到通知；到期没摘会提醒。")

    def get_object(self) -> None:
        """The plates picked, of those the user may decide on."""
        picked = [int(one) for one in self.request.GET.getlist("pk") if one.isdecimal() and len(one) < 19]
        rows = Plate.objects.permitted(self.request.user, DECIDE).filter(pk__in=picked)
        self.found = [one for one in rows.select_related("unit") if may_be_ordered_away(State(one.state))]
        if not self.found:
            raise Http404
        shown = "、".join(f"“{one.name}”" for one in self.found[:5])
        self.subtitle = f"{len(self.found)} 块：{shown}" + ("等" if len(self.found) > 5 else "")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units of the district."""
        return super().get_form_kwargs() | {"district": self.found[0].region_code[:DISTRICT]}

    def get_initial(self) -> dict[str, Any]:
        """The department that wanted them pays, where it is one."""
        units = {one.unit_id for one in self.found}
        return {"payer": units.pop()} if len(units) == 1 else {}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("plates:list")

    def perform(self, form: Any) -> str:
        """Order it."""
        done = actions.order_removal(acting_user=self.request.user, plates=self.found, **form.cleaned_data)
        return done[0].get_absolute_url() if len(done) == 1 else f"{reverse('plates:list')}?state=removing"


class Remove(_OnPlate):
    """/plates/one/<id>/remove/: it is gone."""

    permission = EDIT
    title = _("登记已摘除")
    form_class: Any = forms.RemoveForm
    submit_label = _("已摘除")
    success_message = _("已登记摘除。")
    states = HANGING

    def perform(self, form: Any) -> Plate:
        """Say so."""
        return actions.remove(acting_user=self.request.user, plate=self.object, **form.cleaned_data)


class AddPhoto(_OnPlate):
    """/plates/one/<id>/photos/"""

    permission = EDIT
    title = _("添加照片")
    form_class: Any = forms.PhotoForm
    states = EVER

    def perform(self, form: Any) -> Plate:
        """Add them."""
        return actions.add_photo(acting_user=self.request.user, plate=self.object, **form.cleaned_data)


class Photo(Permitted, View):
    """/plates/one/<id>/photos/<photo>/: a photograph or paper, for whoever may see the plate."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int, photo: int) -> FileResponse:
        """The file as it was given."""
        plate = Plate.objects.permitted(request.user, VIEW).filter(pk=pk).first()
        found: PlatePhoto | None = plate.photos.filter(pk=photo).first() if plate is not None else None
        if found is None:
            raise Http404
        try:
            data = sealed_files.read(found.path)
        except FileNotFoundError:
            raise Http404 from None
        return FileResponse(
            io.BytesIO(data),
            as_attachment=not found.is_image,
            filename=found.name,
            content_type=found.media_type,
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


def own_warrants(user: Any) -> QuerySet[Warrant]:
    """The warrants of the user's units that let plates be put up and have not run out."""
    return Warrant.objects.filter(
        Q(period__endswith__isnull=True) | Q(period__endswith__gt=timezone.localdate()),
        issuer__in=user.unit_ids,
        things__contains=["plate"],
    ).select_related("issuer")


class Choose(Permitted, TemplateView):
    """/plates/propose/: under which of one's items that allow plates."""

    permission = SEND
    template_name = "plates/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items."""
        found = own_warrants(self.request.user)
        return super().get_context_data(
            title=_("申请挂牌、设机构"),
            items=[(one, one.terms, names.title(one.region_code)) for one in found],
            allowed="、".join(ALLOWED),
            crumbs=[(str(_("机构牌子")), reverse("plates:home")), (str(_("申请挂牌、设机构")), "")],
            **kwargs,
        )


class Propose(EditPage):
    """/plates/propose/<warrant>/?street="""

    permission = SEND
    template_name = "plates/propose.html"
    title = _("申请挂牌、设机构")
    form_class: Any = forms.ProposeForm
    submit_label = _("提交申请")
    success_message = _("已提交，街道会回复。")

    def get_object(self) -> Warrant:
        """The warrant: one of the user's units'."""
        found = own_warrants(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.subtitle = f"{found.title} · {found.terms.frequency}"
        user: Any = self.request.user
        if len(found.region_code) >= STREET:
            self.streets = [(found.region_code[:STREET], names.title(found.region_code[:STREET]))]
        else:
            rows = Region.objects.filter(
                level=Level.STREET, region_code__startswith=found.region_code, valid_to__isnull=True
            ).order_by("region_code")
            self.streets = [(one.region_code, one.title) for one in rows if user.can(SEND, one.region_code)]
        keys = [key for key, _name in self.streets]
        asked = self.request.GET.get("street", "")
        self.street = asked if asked in keys else (keys or [""])[0]
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """The communities of the street."""
        within = max(self.street, self.object.region_code, key=len)
        rows = Region.objects.filter(
            level=Level.COMMUNITY, region_code__startswith=within, valid_to__isnull=True
        ).order_by("region_code")
        return super().get_form_kwargs() | {"communities": [(one.region_code, one.title) for one in rows]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The streets to choose from."""
        return super().get_context_data(streets=self.streets, street=self.street, **kwargs)

    def cancel_url(self) -> str:
        """Back to the choice."""
        return reverse("plates:choose")

    def perform(self, form: Any) -> str:
        """Propose."""
        made = actions.propose(acting_user=self.request.user, warrant=self.object, **form.cleaned_data)
        return made[0].get_absolute_url() if len(made) == 1 else f"{reverse('plates:list')}?state=proposed"


class Kinds(Permitted, TemplateView):
    """/plates/kinds/: which plates may hang, for everybody whom it binds."""

    permission = VIEW
    template_name = "plates/kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """By district; the usual three where a district has settled nothing."""
        user: Any = self.request.user
        districts = sorted(
            {scope.low[:DISTRICT] for scope in user.scopes(VIEW) if len(scope.low) >= DISTRICT}
        )
        held = list(PlateKind.objects.filter(region_code__in=districts))
        return super().get_context_data(
            title=_("允许悬挂的牌子"),
            districts=[
                (
                    code,
                    names.title(code),
                    [one for one in held if one.region_code == code],
                    user.can(DECIDE, code),
                )
                for code in districts
            ],
            usual=ALLOWED,
            crumbs=[(str(_("机构牌子")), reverse("plates:home")), (str(_("允许悬挂的牌子")), "")],
            **kwargs,
        )


class SetKind(EditPage):
    """/plates/kinds/<district>/?name="""

    permission = DECIDE
    title = _("牌子种类")
    form_class: Any = forms.KindForm

    def get_object(self) -> None:
        """A district in which the user decides."""
        user: Any = self.request.user
        code = self.kwargs["region_code"]
        if len(code) != DISTRICT or not user.can(DECIDE, code) or names.title(code) == code:
            raise Http404
        self.subtitle = names.title(code)

    def get_initial(self) -> dict[str, Any]:
        """That of the link."""
        asked = self.request.GET.get("name", "")
        found = PlateKind.objects.filter(region_code=self.kwargs["region_code"], name=asked).first()
        if found is None:
            return {"name": asked, "is_allowed": True}
        return {"name": found.name, "is_allowed": found.is_allowed, "basis": found.basis}

    def cancel_url(self) -> str:
        """Back to the kinds."""
        return reverse("plates:kinds")

    def perform(self, form: Any) -> str:
        """Keep it."""
        actions.set_kind(
            acting_user=self.request.user, region_code=self.kwargs["region_code"], **form.cleaned_data
        )
        return reverse("plates:kinds")
