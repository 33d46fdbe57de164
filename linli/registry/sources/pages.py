"""Contradictions between sources, and how reliable each kind of source is."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.pages import html
from linli.pages.tables import DateColumn, NumberColumn, Table, TagColumn
from linli.pages.views import BatchAction, EditPage, ListPage
from linli.registry.people import describing
from linli.registry.sources import actions, filters, knowing
from linli.registry.sources.models import Claim, ClaimState, SourceKind

EDIT = Permission.EDIT_PEOPLE
TONES = {ClaimState.CONFLICT: "warn", ClaimState.TAKEN: "ok", ClaimState.AGREED: "", ClaimState.REFUSED: ""}


class ClaimTable(Table):
    """What sources say against what is known."""

    person = tables.Column(verbose_name=_("居民"), order_by=("person__initials", "pk"))
    element = tables.Column(verbose_name=_("数据项"))
    now = tables.Column(verbose_name=_("库里现在"), accessor="pk", orderable=False)
    value = tables.Column(verbose_name=_("来源说的"), accessor="pk", orderable=False)
    source = tables.Column(verbose_name=_("来源"))
    on = DateColumn(verbose_name=_("来源日期"))
    region_code = tables.Column(verbose_name=_("社区"))
    state = TagColumn(verbose_name=_("状态"), tones=TONES)

    class Meta(Table.Meta):
        model = Claim
        fields: tuple[str, ...] = ()

    def render_person(self, record: Claim) -> Any:
        """A link to the person's page, at the sources."""
        return html.drawer_link(f"{record.person.get_absolute_url()}?tab=sources", record.person.name)

    def render_element(self, value: str) -> str:
        """What the fact is called."""
        return knowing.label(value)

    def render_now(self, record: Claim) -> str:
        """What is known now, masked."""
        return (
            self._hidden(record)
            or knowing.shown(
                record.element, knowing.as_text(record.element, getattr(record.person, record.element))
            )
            or html.DASH
        )

    def render_value(self, record: Claim) -> str:
        """What was said, masked."""
        return self._hidden(record) or knowing.shown(record.element, knowing.value_of(record))

    def _hidden(self, record: Claim) -> str:
        user: Any = self.request.user
        if record.element in knowing.SENSITIVE and not user.can(
            Permission.VIEW_SENSITIVE_GROUPS, record.region_code
        ):
            return _t("（无权查看）")
        return ""

    def render_source(self, record: Claim) -> str:
        """The kind, and who."""
        return f"{record.source.name}：{record.said_by}" if record.said_by else record.source.name

    def render_region_code(self, value: str) -> str:
        """The community."""
        return describing.area(value)


class Conflicts(ListPage):
    """/sources/"""

    model = Claim
    permission = EDIT
    title = _("来源冲突")
    subtitle = _("不同来源说法不一、按可靠程度又不能自动采用的，在这里核定")
    filterset_class = filters.ClaimFilters
    table_class = ClaimTable
    empty_title = _("没有待核定的冲突")
    empty_hint = _("名册入库时，说法与库里不同、又不能自动采用的会列在这里。")
    batch_actions = (
        BatchAction(
            "take", _("采用来源说的"), "check", EDIT, confirm=_("用来源说的内容改掉库里现在的内容？")
        ),
        BatchAction(
            "keep", _("保留库里的"), "shield", EDIT, confirm=_("保留库里的内容，这一来源的说法不再提示？")
        ),
    )

    def get_queryset(self) -> QuerySet:
        """With persons and sources."""
        return super().get_queryset().select_related("person", "source")

    def _settle(self, rows: QuerySet, *, take: bool) -> str:
        ids = list(rows.filter(state=ClaimState.CONFLICT).values_list("pk", flat=True)[:501])
        if len(ids) > 500:
            raise RuleError(_t("一次最多处理 500 条，请用筛选条件分批选择。"))
        for pk in ids:
            actions.settle(acting_user=self.request.user, claim_id=pk, take=take)
        return _t("已核定 %(n)s 条。") % {"n": len(ids)}

    def batch_take(self, rows: QuerySet) -> str:
        """Believe the source."""
        return self._settle(rows, take=True)

    def batch_keep(self, rows: QuerySet) -> str:
        """Keep what is known."""
        return self._settle(rows, take=False)


class KindTable(Table):
    """Kinds of sources, the most reliable first."""

    name = tables.Column(verbose_name=_("来源"))
    rank = NumberColumn(verbose_name=_("可靠程度"))

    class Meta(Table.Meta):
        model = SourceKind
        fields: tuple[str, ...] = ()

    def render_name(self, record: SourceKind) -> Any:
        """A link to its rank."""
        return html.drawer_link(reverse("sources:kind", args=[record.pk]), record.name)


class Kinds(ListPage):
    """/sources/kinds/"""

    permission = Permission.MANAGE_SYSTEM
    title = _("来源可靠程度")
    subtitle = _("数字大的说法优先采用；一样大的，新的优先")
    table_class = KindTable

    def get_queryset(self) -> QuerySet:
        """All of them; they are of no region."""
        knowing.kinds()
        return SourceKind.objects.all()


class RankForm(forms.Form):
    """A rank."""

    rank = forms.IntegerField(label=_("可靠程度"), min_value=0, max_value=100)
    reason = forms.CharField(label=_("事由"), max_length=200)


class KindEdit(EditPage):
    """/sources/kinds/<id>/"""

    permission = Permission.MANAGE_SYSTEM
    title = _("修改可靠程度")
    form_class = RankForm

    def get_queryset(self) -> QuerySet:
        """All of them; they are of no region."""
        return SourceKind.objects.all()

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"rank": self.object.rank}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("sources:kinds")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which."""
        self.subtitle = self.object.name
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> str:
        """Change it."""
        actions.set_rank(
            acting_user=self.request.user,
            kind_id=self.object.pk,
            rank=form.cleaned_data["rank"],
            reason=form.cleaned_data["reason"],
        )
        return reverse("sources:kinds")
