"""The records that have a fault: people live, everything else from the findings, each with the way to mend it."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.pages import html
from linli.pages.tables import DateColumn, Table, TitleColumn
from linli.pages.views import BatchAction, EditPage, ListPage
from linli.regions import names
from linli.registry.people.describing import area, sex_and_age
from linli.registry.people.models import Person
from linli.registry.people.pickers import text
from linli.registry.quality import actions, describing, filters, measuring, rules, sight
from linli.registry.quality.models import Finding
from linli.registry.quality.regions import VIEW, InRegion

EDIT = Permission.EDIT_PEOPLE
PICKED = "quality_picked"


class OfCheck(InRegion):
    """Pages of one check in a region."""

    def check(self) -> rules.Check:
        """The check in the address; 404 for one that there is not, or whose records the user does not see there."""
        found = rules.BY_KEY.get(self.kwargs["check"])
        user: Any = self.request.user
        if found is None or not user.can(sight.VIEW[found.subject], self.region()):
            raise Http404
        return found


class FaultTable(Table):
    """People with a fault, each with the way to mend it."""

    name = TitleColumn(verbose_name=_("姓名"), order_by=("initials", "id"))
    age = tables.Column(
        verbose_name=_("性别 / 年龄"), accessor="birth_date", empty_values=(), orderable=False
    )
    region_code = tables.Column(verbose_name=_("社区或网格"))
    standing = tables.Column(verbose_name=_("类型"), orderable=False)
    mend = tables.Column(verbose_name=_("怎么改"), accessor="pk", orderable=False)

    class Meta(Table.Meta):
        model = Person
        fields: tuple[str, ...] = ()

    def render_age(self, record: Person) -> str:
        """Sex and age together."""
        return sex_and_age(record) or html.DASH

    def render_region_code(self, value: str) -> str:
        """The community and grid."""
        return area(value)

    def render_mend(self, record: Any) -> Any:
        """A link to the form that mends it."""
        url = getattr(record, "mend_url", "")
        return format_html('<a href="{}">{}</a>', url, _("去改")) if url else html.DASH


class PeopleOfCheck(OfCheck, ListPage):
    """/quality/<region>/<check>/ of a check of people."""

    model = Person
    noun = _("人")
    today_because = _("这里列的是现在还没改好的人。")
    table_class = FaultTable
    empty_title = _("没有这种问题了")
    empty_hint = _("改好的不再列出。看别的问题，回到“数据质量”。")

    @property
    def title(self) -> str:
        """The fault."""
        return self.check().label

    @property
    def subtitle(self) -> str:
        """What to do."""
        return f"{names.title(self.region())} · {self.check().says}"

    def get_queryset(self) -> QuerySet:
        """The people of the region who have it now."""
        rows = Person.objects.permitted(self.request.user, VIEW).in_region(self.region())
        return measuring.people_with(rows, self.check().key, timezone.localdate())

    def get_table(self, rows: QuerySet) -> Any:
        """With the way to mend each."""
        table = super().get_table(rows)
        check = self.check()
        user: Any = self.request.user
        for row in table.paginated_rows:
            person = row.record
            if check.fix.startswith("people:") and user.can(EDIT, person.region_code):
                person.mend_url = reverse(check.fix, args=[person.pk])
            elif check.fix and not check.fix.startswith("people:"):
                person.mend_url = reverse(check.fix) if user.can(EDIT, person.region_code) else ""
            else:
                person.mend_url = person.get_absolute_url() + (f"?tab={check.tab}" if check.tab else "")
        return table


class FindingTable(Table):
    """Findings of one check."""

    title = TitleColumn(verbose_name=_("名称"), accessor="row", orderable=False)
    rests_on = tables.Column(verbose_name=_("情况"), orderable=False, attrs={"td": {"class": "wrap"}})
    region_code = tables.Column(verbose_name=_("社区或网格"))
    since = DateColumn(verbose_name=_("发现日期"), accessor="period__lower", order_by=("period", "pk"))
    aside_reason = tables.Column(verbose_name=_("属实理由"), orderable=False, attrs={"td": {"class": "wrap"}})
    mend = tables.Column(verbose_name=_("怎么改"), accessor="pk", orderable=False)

    class Meta(Table.Meta):
        model = Finding
        fields: tuple[str, ...] = ()

    def render_title(self, record: Any) -> Any:
        """The record's name, which opens it."""
        return html.drawer_link(record.url, record.title) if record.may_open else record.title

    def render_region_code(self, value: str) -> str:
        """The community and grid."""
        return area(value)

    def render_aside_reason(self, record: Any) -> Any:
        """Who said it, when and why."""
        if record.aside_on is None:
            return html.DASH
        who = record.aside_by.name if record.aside_by is not None else ""
        return format_html(
            '{}<br><span class="muted">{} {}</span>',
            record.aside_reason,
            who,
            record.aside_on.isoformat(),
        )

    def render_mend(self, record: Any) -> Any:
        """A link to the form that mends it."""
        if not record.mend_url:
            return html.DASH
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>',
            record.mend_url,
            _t("去改：%(what)s") % {"what": record.title},
            _("去改"),
        )


class FindingsOfCheck(OfCheck, ListPage):
    """/quality/<region>/<check>/ of a check of anything but people."""

    model = Finding
    template_name = "quality/findings.html"
    today_because = _("这里列的是现在还没改好的。")
    table_class = FindingTable
    filterset_class = filters.FindingFilters
    empty_title = _("没有这种问题了")
    empty_hint = _("改好的不再列出。看别的问题，回到“数据质量”。")
    batch_actions = (
        BatchAction("aside", _("情况属实"), "circle-check"),
        BatchAction("back", _("不再当作属实"), "refresh"),
    )

    @property
    def title(self) -> str:
        """The fault."""
        return self.check().label

    @property
    def subtitle(self) -> str:
        """What to do."""
        return f"{names.title(self.region())} · {self.check().says}"

    @property
    def noun(self) -> str:
        """套, 栋, 户 …"""
        return self.check().about.unit

    def allowed_batch_actions(self) -> list[BatchAction]:
        """Setting aside where a fault may be right, taking it back where those are listed."""
        check, user = self.check(), self.request.user
        if not check.may_stand or not user.can(sight.EDIT[check.subject], self.region()):  # type: ignore[union-attr]
            return []
        wanted = "back" if self.request.GET.get("state") == "aside" else "aside"
        return [one for one in super().allowed_batch_actions() if one.key == wanted]

    def get_filterset(self) -> Any:
        """Without a state where nothing can be set aside."""
        check = self.check()
        return filters.FindingFilters(
            self.request.GET,
            queryset=self.get_queryset(),
            request=self.request,
            subject=check.subject,
            may_stand=check.may_stand,
        )

    def get_queryset(self) -> QuerySet:
        """What is wrong now in the region, as far as the user may see it."""
        rows = Finding.objects.in_region(self.region()).filter(fault=self.check().key, period__upper_inf=True)
        return sight.of_user(rows, self.request.user).select_related("aside_by")

    def get_table(self, rows: QuerySet) -> Any:
        """With the names of the page's records and the way to mend each."""
        table = super().get_table(rows)
        check = self.check()
        user: Any = self.request.user
        records = [row.record for row in table.paginated_rows]
        describing.describe(
            check, records, can_edit=lambda region: user.can(sight.EDIT[check.subject], region)
        )
        hidden = [] if self.request.GET.get("state") == "aside" else ["aside_reason"]
        if not any(one.rests_on for one in records):
            hidden.append("rests_on")
        table.exclude = tuple(hidden)
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where the check comes from, and the way back."""
        region = self.region()
        kwargs |= {
            "check": self.check(),
            "region": region,
            "crumbs": [
                (_t("数据质量"), reverse("quality:overview")),
                (names.title(region), reverse("quality:community", args=[region])),
                (self.title, ""),
            ],
        }
        return super().get_context_data(**kwargs)

    def batch_aside(self, rows: QuerySet) -> HttpResponse:
        """To the form that asks why."""
        ids = list(rows.order_by().values_list("pk", flat=True)[: actions.MOST + 1])
        if not ids:
            raise RuleError(_t("请先勾选。"))
        if len(ids) > actions.MOST:
            raise RuleError(_t("一次最多处理 %(n)d 条，请用条件分批选择。") % {"n": actions.MOST})
        self.request.session[PICKED] = ids
        return HttpResponseRedirect(reverse("quality:aside", args=[self.region(), self.check().key]))

    def batch_back(self, rows: QuerySet) -> str:
        """They count again."""
        ids = list(rows.order_by().values_list("pk", flat=True)[: actions.MOST + 1])
        n = actions.bring_back(acting_user=self.request.user, finding_ids=ids)
        return _t("%(n)d 条重新列为待改正。") % {"n": n}


def check_page(request: HttpRequest, region: str, check: str) -> HttpResponseBase:
    """/quality/<region>/<check>/"""
    found = rules.BY_KEY.get(check)
    of_people = found is None or found.subject == "person"
    view = PeopleOfCheck.as_view() if of_people else FindingsOfCheck.as_view()
    return view(request, region=region, check=check)


class AsideForm(forms.Form):
    """Why it is so and right."""

    reason = text(
        _("理由"),
        most=200,
        required=True,
        help_text=_("写明怎样核实的，例如：已上门核实，房主长期在外地。情况变了会重新列出来"),
    )


class SetAside(OfCheck, EditPage):
    """/quality/<region>/<check>/aside/: the findings picked in the list."""

    title = _("设为情况属实")
    form_class: Any = AsideForm
    submit_label = _("情况属实")

    def picked(self) -> list[int]:
        """Their numbers: of this check, still there."""
        ids = [pk for pk in self.request.session.get(PICKED, []) if isinstance(pk, int)]
        rows = measuring.findings(self.region(), timezone.localdate())
        return list(rows.filter(pk__in=ids, fault=self.check().key).values_list("pk", flat=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say how many of what."""
        check = self.check()
        self.subtitle = _t("%(what)s：%(n)d %(unit)s") % {
            "what": check.label,
            "n": len(self.picked()),
            "unit": check.about.unit,
        }
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("quality:check", args=[self.region(), self.check().key])

    def perform(self, form: Any) -> str:
        """Set aside."""
        n = actions.set_aside(
            acting_user=self.request.user, finding_ids=self.picked(), reason=form.cleaned_data["reason"]
        )
        self.success_message = _t("%(n)d 条已设为情况属实，不再扣分。") % {"n": n}
        return self.cancel_url()


class LookAgain(OfCheck, View):
    """/quality/<region>/<check>/again/: what was mended leaves the list at once."""

    permission = VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, region: str, check: str) -> HttpResponse:
        """Look for this fault again."""
        wanted = self.check()
        left = actions.look_again(acting_user=request.user, region_code=self.region(), check=wanted.key)
        messages.success(
            request, _t("已核对，还有 %(n)s %(unit)s。") % {"n": f"{left:,}", "unit": wanted.about.unit}
        )
        return HttpResponseRedirect(reverse("quality:check", args=[region, check]))
