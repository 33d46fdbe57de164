"""The queue of possible duplicates, two records side by side, and what was merged."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.jobs import actions as jobs
from linli.kernel.codes import KINSHIP
from linli.pages import html
from linli.pages.tables import DateColumn, Table, TagColumn
from linli.pages.views import BatchAction, EditPage, ListPage, Permitted, error_texts
from linli.registry.matching import actions, comparing, filters, rules
from linli.registry.matching.jobs import SCAN
from linli.registry.matching.models import Merge, Pair, PairState, SubjectKind
from linli.registry.matching.subjects import SUBJECTS, Choice
from linli.registry.people import describing
from linli.registry.people.actions.steps import members_of
from linli.registry.people.models import HEAD

EDIT = Permission.EDIT_PEOPLE
STATE_TONES = {
    PairState.OPEN: "warn",
    PairState.LATER: "",
    PairState.SAME: "ok",
    PairState.DIFFERENT: "",
}


def band_tone(score: int) -> str:
    """The surer, the louder."""
    return "danger" if score >= rules.SURE else "warn" if score >= rules.LIKELY else ""


class PairTable(Table):
    """Pairs; the page puts `names` beside each record."""

    pair = tables.Column(verbose_name=_("可能重复的记录"), accessor="pk", order_by=("pk",))
    subject = tables.Column(verbose_name=_("类别"))
    score = tables.Column(verbose_name=_("相似程度"), order_by=("score", "pk"))
    reasons = tables.Column(verbose_name=_("理由"), accessor="said", orderable=False)
    region_code = tables.Column(verbose_name=_("区域"))
    state = TagColumn(verbose_name=_("状态"), tones=STATE_TONES)

    class Meta(Table.Meta):
        model = Pair
        fields: tuple[str, ...] = ()

    def render_pair(self, record: Any) -> Any:
        """Both names, a link to the two records side by side."""
        left, right = record.names
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), f"{left[0]} / {right[0]}")

    def render_score(self, record: Pair) -> Any:
        """The band, with the score."""
        return html.tag(f"{record.band or '较低'} {record.score}", band_tone(record.score))

    def render_region_code(self, value: str) -> str:
        """The community, or the street for pairs of two communities."""
        return describing.area(value) if value else ""


def _visible(rows: QuerySet, user: Any) -> QuerySet:
    """Pairs of organisations only where organisations may be edited."""
    if user.can(Permission.EDIT_ORGANISATIONS):
        return rows
    return rows.exclude(subject=SubjectKind.ORGANISATION)


class PairList(ListPage):
    """/matching/"""

    model = Pair
    permission = EDIT
    template_name = "matching/list.html"
    title = _("查重合并")
    subtitle = _("同一个人、同一户、同一单位登记了两次的，在这里核对、合并")
    noun = _("对")
    filterset_class = filters.PairFilters
    table_class = PairTable
    empty_title = _("没有待核对的疑似重复")
    empty_hint = _("导入名册以后，点“查重”再找一遍。")
    batch_actions = (
        BatchAction(
            "different",
            _("都不是重复"),
            "users-minus",
            EDIT,
            confirm=_("确认所选各对都不是同一个？以后不再提示。"),
        ),
        BatchAction("later", _("以后再看"), "clock", EDIT),
    )

    def get_queryset(self) -> QuerySet:
        """What the user may judge."""
        return _visible(super().get_queryset(), self.request.user)

    def get_table(self, rows: QuerySet) -> Any:
        """With the names of the page's records."""
        table = super().get_table(rows)
        records = [row.record for row in table.paginated_rows]
        known: dict[tuple[str, int], tuple[str, str]] = {}
        for subject in {one.subject for one in records}:
            ids = {pk for one in records if one.subject == subject for pk in (one.left, one.right)}
            known |= {(subject, pk): said for pk, said in comparing.names(subject, ids).items()}
        for one in records:
            one.names = tuple(
                known.get((one.subject, pk), (_t("（已不在）"), "")) for pk in (one.left, one.right)
            )
        return table

    def _decide(self, rows: QuerySet, decision: str) -> str:
        ids = list(
            rows.filter(state__in=[PairState.OPEN, PairState.LATER]).values_list("pk", flat=True)[:501]
        )
        if len(ids) > 500:
            raise RuleError(_t("一次最多处理 500 对，请用筛选条件分批选择。"))
        for pk in ids:
            actions.decide_pair(acting_user=self.request.user, pair_id=pk, decision=decision)
        return _t("已处理 %(n)s 对。") % {"n": len(ids)}

    def batch_different(self, rows: QuerySet) -> str:
        """Remember that they differ."""
        return self._decide(rows, PairState.DIFFERENT)

    def batch_later(self, rows: QuerySet) -> str:
        """Put aside."""
        return self._decide(rows, PairState.LATER)


class Scan(Permitted, View):
    """/matching/scan/: look for duplicates in one's area, as a job."""

    permission = EDIT
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start it, and show how far it is."""
        user: Any = request.user
        region = min((scope.low for scope in user.scopes(EDIT)), key=len)
        job = jobs.start(
            acting_user=user,
            kind=SCAN,
            title=_t("查重（%(region)s）") % {"region": describing.area(region) or region},
            region_code=region,
            unit=_t("对"),
            region=region,
        )
        return HttpResponseRedirect(job.get_absolute_url())


class PairPage(Permitted, TemplateView):
    """/matching/<id>/: both records side by side, and what to do with them."""

    model = Pair
    permission = EDIT
    template_name = "matching/pair.html"

    def get_pair(self) -> tuple[Pair, Any, Any]:
        """The pair and its records; a record that is gone was merged or deleted."""
        pair = _visible(self.get_queryset(), self.request.user).filter(pk=self.kwargs["pk"]).first()
        if pair is None:
            raise Http404
        model: Any = SUBJECTS[pair.subject].model
        found = {one.pk: one for one in model.objects.filter(pk__in=[pair.left, pair.right])}
        return pair, found.get(pair.left), found.get(pair.right)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, reasons, decisions."""
        pair, left, right = self.get_pair()
        user: Any = self.request.user
        merge = (
            Merge.objects.filter(
                subject=pair.subject,
                survivor__in=[pair.left, pair.right],
                merged__in=[pair.left, pair.right],
                undone_at__isnull=True,
            ).first()
            if left is None or right is None
            else None
        )
        both = left is not None and right is not None
        return super().get_context_data(
            pair=pair,
            title=_t("核对疑似重复"),
            left=left,
            right=right,
            both=both,
            merge=merge,
            lines=comparing.lines(pair, left, right, user) if both else [],
            names=comparing.names(pair.subject, [pair.left, pair.right]),
            tone=band_tone(pair.score),
            relations=self._relations(pair, left, right) if both else [],
            can_reveal=pair.subject == SubjectKind.PERSON
            and user.can(Permission.REVEAL_PEOPLE, pair.region_code),
            crumbs=[(_t("查重合并"), reverse("matching:list")), (_t("核对"), "")],
            posted=self.request.POST,
            **kwargs,
        )

    def _relations(self, pair: Pair, left: Any, right: Any) -> list[tuple[str, str]]:
        if pair.subject != SubjectKind.HOUSEHOLD:
            return []
        heads = [any(one.relation == HEAD for one in members_of(each)) for each in (left, right)]
        return [(c.code, c.label) for c in KINSHIP.items if c.code not in ("01", HEAD)] if all(heads) else []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """`decision`: same (merge as chosen), different, later, open."""
        pair, left, right = self.get_pair()
        decision = request.POST.get("decision", "")
        try:
            if decision == PairState.SAME:
                if left is None or right is None:
                    raise RuleError(_t("其中一条记录已不在，不能合并。"))
                merge = actions.merge_records(
                    acting_user=request.user,
                    reason=request.POST.get("note", ""),
                    **self._wanted(pair, request),
                )
                messages.success(request, _t("已合并。合错了可以在合并记录里撤销。"))
                return HttpResponseRedirect(merge.get_absolute_url())
            actions.decide_pair(
                acting_user=request.user,
                pair_id=pair.pk,
                decision=decision,
                note=request.POST.get("note", ""),
            )
        except RuleError as error:
            for said in error_texts(error):
                messages.error(request, said)
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, _t("已记下，可以接着核对下一对。"))
        return HttpResponseRedirect(self._next(pair))

    def _next(self, pair: Pair) -> str:
        following = (
            _visible(self.get_queryset(), self.request.user)
            .filter(state=PairState.OPEN)
            .exclude(pk=pair.pk)
            .order_by("-score", "pk")
            .first()
        )
        return following.get_absolute_url() if following else reverse("matching:list")

    def _wanted(self, pair: Pair, request: HttpRequest) -> dict[str, Any]:
        survivor = request.POST.get("survivor", comparing.LEFT)
        keep, go = (pair.left, pair.right) if survivor == comparing.LEFT else (pair.right, pair.left)
        taken = {
            key: value
            for key, value in request.POST.items()
            if key.startswith(("field_", "side_")) and value in (comparing.LEFT, comparing.RIGHT)
        }
        return {
            "subject": pair.subject,
            "survivor_id": keep,
            "merged_id": go,
            "choice": Choice(
                fields=frozenset(
                    key.removeprefix("field_")
                    for key, value in taken.items()
                    if key.startswith("field_") and value != survivor
                ),
                sides={
                    key.removeprefix("side_"): "merged"
                    for key, value in taken.items()
                    if key.startswith("side_") and value != survivor
                },
                relation=request.POST.get("relation", ""),
            ),
        }


class MergeTable(Table):
    """What was merged."""

    name = tables.Column(verbose_name=_("记录"))
    subject = tables.Column(verbose_name=_("类别"))
    made_at = DateColumn(verbose_name=_("合并日期"))
    made_by = tables.Column(verbose_name=_("合并人"))
    region_code = tables.Column(verbose_name=_("区域"))
    undone_at = tables.Column(verbose_name=_("状态"), empty_values=())

    class Meta(Table.Meta):
        model = Merge
        fields: tuple[str, ...] = ()

    def render_name(self, record: Merge) -> Any:
        """A link to what it did."""
        return html.drawer_link(record.get_absolute_url(), record.name)

    def render_region_code(self, value: str) -> str:
        """The community."""
        return describing.area(value) if value else ""

    def render_undone_at(self, value: Any) -> Any:
        """有效, or taken back."""
        return html.tag(_("已撤销") if value else _("有效"), "" if value else "ok")


class MergeList(ListPage):
    """/matching/merges/"""

    model = Merge
    permission = EDIT
    title = _("合并记录")
    subtitle = _("合并可以撤销；原来的编号打开后会转到保留的记录")
    filterset_class = filters.MergeFilters
    table_class = MergeTable
    empty_title = _("还没有合并过")
    empty_hint = _("在“查重合并”里核对、合并以后记在这里，合并错了可以撤销。")

    def get_queryset(self) -> QuerySet:
        """Merges in the user's area, without their rows."""
        return _visible(super().get_queryset(), self.request.user).defer("rows")


class UndoForm(forms.Form):
    """Why a merge is taken back."""

    reason = forms.CharField(label=_("撤销原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class MergePage(EditPage):
    """/matching/merges/<id>/: what a merge did; sent, it is taken back."""

    model = Merge
    permission = EDIT
    template_name = "matching/merge.html"
    title = _("合并记录")
    form_class = UndoForm
    submit_label = _("撤销合并")
    success_message = _("已撤销，两条记录恢复原样。")
    tone = "danger"

    def get_queryset(self) -> QuerySet:
        """Those in the user's area."""
        return _visible(super().get_queryset(), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where the survivor is, and what changed hands."""
        merge: Merge = self.object
        what = SUBJECTS[merge.subject]
        survivor = what.model._default_manager.filter(pk=merge.survivor).first()
        counts: dict[str, int] = {}
        for row in merge.rows:
            if row["table"] != what.model._meta.db_table:
                label = str(actions.model_of(row["table"])._meta.verbose_name)
                counts[label] = counts.get(label, 0) + 1
        labels = {one.name: str(one.verbose_name) for one in what.fields()}
        return super().get_context_data(
            survivor=survivor,
            moved=sorted(counts.items()),
            taken=[labels.get(name, name) for name in merge.choices.get("fields", [])],
            crumbs=[
                (_t("查重合并"), reverse("matching:list")),
                (_t("合并记录"), reverse("matching:merges")),
                (merge.name, ""),
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> str:
        """Take it back."""
        actions.undo_merge(
            acting_user=self.request.user,
            merge_id=self.object.pk,
            reason=form.cleaned_data["reason"],
        )
        return self.object.get_absolute_url()
