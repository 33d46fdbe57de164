"""Sizes of communities against the norms, the norms, and the list of plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish, grouped
from linli.kernel.scope import within
from linli.pages.asof import Dated
from linli.pages.views import EditPage, ListPage, Permitted
from linli.pages.widgets import Combobox
from linli.regions import names
from linli.regions.models import Level, Region
from linli.registry.adjustment import actions, showing
from linli.registry.adjustment.base import COMMUNITY, communities_of
from linli.registry.adjustment.forms import NormForm, PlanForm
from linli.registry.adjustment.models import Norm, Plan
from linli.registry.adjustment.norms import Applied, Finding
from linli.registry.adjustment.rules import Size
from linli.registry.adjustment.tables import NormTable, PlanTable, describe

LOOK, PLAN = Permission.VIEW_STATISTICS, Permission.PLAN_ADJUSTMENT
MOST = 2000  # communities of a page


class SizeFilters(forms.Form):
    """Where, and whether only those out of the norm."""

    region = forms.ChoiceField(label=_("范围"), required=False, widget=Combobox())
    out = forms.BooleanField(label=_("只看不符合标准的"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Region.objects.filter(
            scopes_q("region_code", user.scopes(LOOK)), level__in=(Level.DISTRICT, Level.STREET)
        )
        found = list(rows.order_by("region_code")[:MOST])
        field: Any = self.fields["region"]
        names.learn(r.region_code for r in found)
        field.choices = [
            ("", _("全部")),
            *((r.region_code, names.path(r.region_code, joint=" ")) for r in found),
        ]


@dataclass(frozen=True)
class SizeRow:
    """A community with its size and what the norms say."""

    region: Region
    street: str
    size: Size
    findings: tuple[tuple[Applied, Finding], ...]
    needs: showing.Needs

    @property
    def is_out(self) -> bool:
        """Out of the foremost norm."""
        return bool(self.findings) and self.findings[0][1].tone != "ok"


class CommunitySizes(Dated, Permitted, TemplateView):
    """/adjustment/: how large the communities are, as of a date, against the norms of that date."""

    permission = LOOK
    dated = True
    as_of_says = _("户数、人口和标准都是那一天的，按那一天的社区列出。")
    template_name = "adjustment/sizes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The communities of the user's area, those out of the norm first."""
        user: Any = self.request.user
        form = SizeFilters(self.request.GET or None, user=user)
        wanted = form.cleaned_data if form.is_valid() else {}
        on = self.on
        scopes = within(user.scopes(LOOK), wanted.get("region") or "")
        rows = self._rows(scopes, on)
        shown = [row for row in rows if row.is_out] if wanted.get("out") else rows
        return super().get_context_data(
            page_view=self,
            as_of=self.as_of,
            form=form,
            on=on,
            rows=sorted(shown, key=lambda r: (not r.is_out, r.region.region_code)),
            count=len(rows),
            out=sum(row.is_out for row in rows),
            empty=sum(not row.size.households for row in rows),
            norms=self._norms(rows),
            may_plan=user.can(PLAN),
            **kwargs,
        )

    def _rows(self, scopes: Any, on: date) -> list[SizeRow]:
        dictionary.refresh()
        inside = [region for scope in scopes for region in communities_of(scope.low, on) if scope.low][:MOST]
        numbers = {
            measure: grouped(Wish(subject, scopes, on), measure, by_region_length=COMMUNITY)
            for subject, measure in (
                ("household", "households"),
                ("person", "residents"),
                ("home", "homes"),
                ("building", "buildings"),
            )
        }
        known: dict[str, dict[str, list[Applied]]] = {}
        found = []
        for region in inside:
            key = region.region_code
            if not any(key in counts for counts in numbers.values()):
                continue
            by_kind = known.setdefault(key[:9], {}) or showing.rules_for(key, on)
            known[key[:9]] = by_kind
            size = Size(
                numbers["buildings"].get(key, 0),
                numbers["households"].get(key, 0),
                numbers["residents"].get(key, 0),
                numbers["homes"].get(key, 0),
            )
            found.append(
                SizeRow(
                    region,
                    names.title(key[:9]),
                    size,
                    tuple(zip(showing.size_norms(by_kind), showing.findings_of(by_kind, size), strict=True)),
                    showing.needs_of(by_kind, size),
                )
            )
        return found

    def _norms(self, rows: list[SizeRow]) -> list[tuple[Applied, str]]:
        found: dict[int, Applied] = {}
        for row in rows:
            for applied, _finding in row.findings:
                found.setdefault(applied.rule.pk, applied)
        return [(one, describe(one.rule.low, one.rule.high, None)) for one in found.values()]


class NormList(ListPage):
    """/adjustment/norms/"""

    model = Norm
    permission = LOOK
    title = _("社区设置标准")
    subtitle = _("户数、人员、用房和经费的标准；不同来源的标准都保留，按施行日期和适用地区取用")
    noun = _("条")
    table_class = NormTable
    create_url_name = "adjustment:norm_add"
    create_label = _("新增标准")
    create_permission = PLAN
    empty_title = _("还没有标准")
    empty_hint = _("新增一条标准，规模不符的社区就会列出来。")

    def get_queryset(self) -> Any:
        """All norms: they are public."""
        return Norm.objects.all()

    def get_table(self, rows: Any) -> Any:
        """With links where one may change a norm."""
        table = super().get_table(rows)
        user: Any = self.request.user
        table.editable = lambda norm: user.can(PLAN, norm.region_code)
        return table


class NormEdit(EditPage):
    """/adjustment/norms/<id>/edit/"""

    model = Norm
    permission = PLAN
    title = _("修改设置标准")
    form_class = NormForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user, whose area is offered."""
        return super().get_form_kwargs() | {"user": self.request.user, "norm": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        if self.object is None:
            return {}
        return {name: getattr(self.object, name) for name in NormForm.base_fields}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("adjustment:norms")

    def perform(self, form: Any) -> str:
        """Put it."""
        actions.put_norm(acting_user=self.request.user, norm=self.object, **form.cleaned_data)
        return reverse("adjustment:norms")


class NormAdd(NormEdit):
    """/adjustment/norms/add/"""

    title = _("新增设置标准")
    success_message = _("已新增标准。")


class PlanList(ListPage):
    """/adjustment/plans/"""

    model = Plan
    permission = PLAN
    title = _("社区调整方案")
    subtitle = _("拆分、合并、划转先在方案里试算，批准后按生效日期执行")
    noun = _("个方案")
    table_class = PlanTable
    create_url_name = "adjustment:plan_add"
    create_label = _("新建方案")
    create_permission = PLAN
    empty_title = _("还没有方案")
    empty_hint = _("新建一个方案，可以先让系统拟定，再手工调整。")


class PlanAdd(EditPage):
    """/adjustment/plans/add/"""

    permission = PLAN
    title = _("新建社区调整方案")
    intro = _("方案只是草案，不影响现有社区；批准并执行后才生效。")
    form_class = PlanForm
    submit_label = _("新建")
    success_message = _("已新建方案。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user, whose area is offered."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("adjustment:plans")

    def perform(self, form: Any) -> Plan:
        """Open it."""
        return actions.open_plan(acting_user=self.request.user, **form.cleaned_data)
