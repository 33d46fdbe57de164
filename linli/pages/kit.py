"""The catalogue of the kit at /kit: every component with real markup, on made-up people. For administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.pages import html
from linli.pages.filtering import FilterSet
from linli.pages.models import SavedView
from linli.pages.parts import Kpi, chart
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.pages.views import BatchAction, DetailPage, EditPage, ListPage, Permitted, Tab
from linli.pages.widgets import Combobox, DateInput, FileDrop

SURNAMES = "王李张刘陈杨赵黄周吴徐孙"
GIVEN = ("秀英", "建国", "桂兰", "志强", "玉梅", "雨桐", "浩然", "淑珍", "德海", "晓雯")
KINDS = (("resident", _("户籍")), ("present", _("常住")), ("floating", _("流动")))
CARE = (
    ("独居老人", "warn"),
    ("高龄津贴", "brand"),
    ("重点关爱", "danger"),
    ("志愿者", "ok"),
    ("失业登记", ""),
)


@dataclass(frozen=True)
class Sample:
    """A made-up person of the catalogue."""

    pk: int
    name: str
    sex: str
    age: int
    number: str
    phone: str
    home: str
    grid: str
    kind: str
    care: tuple[tuple[str, str], ...]
    seen: str

    def __str__(self) -> str:
        return self.name

    def get_kind_display(self) -> str:
        """The label of the kind."""
        return str(dict(KINDS)[self.kind])

    def get_absolute_url(self) -> str:
        """The page of the person."""
        return reverse("kit_person", args=[self.pk])


def _sample(n: int) -> Sample:
    return Sample(
        pk=n,
        name=SURNAMES[n * 7 % 12] + GIVEN[n * 3 % 10],
        sex="男女"[n % 2],
        age=5 + n * 37 % 88,
        number=f"110119********{1000 + n * 613 % 9000}",
        phone=f"13{n % 10}****{1000 + n * 397 % 9000}",
        home=f"川北小区{1 + n % 19}号楼{1 + n % 4}单元{1 + n % 6}0{1 + n % 3}",
        grid=f"川北东第{'一二三四'[n % 4]}网格",
        kind=KINDS[n * 5 % 3][0],
        care=tuple(CARE[k] for k in range(5) if n % (k + 3) == 0),
        seen=f"2026-{1 + n % 11:02d}-{1 + n * 11 % 28:02d}",
    )


SAMPLES = tuple(_sample(n) for n in range(1, 131))


class SampleTable(Table):
    """The list of the catalogue."""

    name = TitleColumn(verbose_name=_("姓名"))
    age = tables.Column(verbose_name=_("性别 / 年龄"))
    number = tables.Column(verbose_name=_("证件号码"), orderable=False)
    phone = tables.Column(verbose_name=_("手机"), orderable=False)
    home = tables.Column(verbose_name=_("住址"))
    grid = tables.Column(verbose_name=_("所属网格"))
    kind = TagColumn(verbose_name=_("类型"), tones={"floating": "brand"})
    care = tables.Column(verbose_name=_("标签"), orderable=False)
    seen = tables.Column(verbose_name=_("最近走访"))

    class Meta(Table.Meta):
        pass

    def render_age(self, record: Sample) -> str:
        """Sex and age together."""
        return f"{record.sex} / {record.age}"

    def render_kind(self, record: Sample) -> str:
        """The kind's label."""
        return record.get_kind_display()

    def render_care(self, value: Any) -> Any:
        """Tags."""
        return html.tags(value)


class SampleFilters(FilterSet):
    """The filters of the catalogue's list."""

    q = django_filters.CharFilter(
        label=_("关键字"), widget=forms.TextInput(attrs={"placeholder": _("姓名、手机、住址")})
    )
    grid = django_filters.ChoiceFilter(
        label=_("所属网格"),
        choices=[(f"川北东第{n}网格", f"川北东第{n}网格") for n in "一二三四"],
        empty_label=_("全部网格"),
    )
    kind = django_filters.ChoiceFilter(label=_("人口类型"), choices=KINDS, empty_label=_("全部"))
    sex = django_filters.ChoiceFilter(
        label=_("性别"), choices=[("男", _("男")), ("女", _("女"))], empty_label=_("全部")
    )
    age = django_filters.NumberFilter(label=_("年龄不小于"))


class KitOnly(Permitted):
    """For administrators, and for everybody logged in while developing."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse the others."""
        user: Any = request.user
        if user.is_authenticated and not settings.DEBUG and not user.can(Permission.MANAGE_SYSTEM):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class KitList(KitOnly, ListPage):
    """A list page over the made-up people."""

    title = _("居民")
    subtitle = _("示例名单，人名均为虚构")
    noun = _("人")
    per_page = 20
    table_class = SampleTable
    filterset_class = SampleFilters
    create_url_name = "kit_edit"
    create_label = _("登记居民")
    batch_actions = (
        BatchAction("tag", _("打标签"), "tag"),
        BatchAction("assign", _("分配网格员"), "users", confirm=_("把所选居民分配给当前网格的网格员？")),
    )

    def get_queryset(self) -> Any:
        """All of them."""
        return list(SAMPLES)

    def get_filterset(self) -> SampleFilters:
        """The filters; `get_rows` applies them, for the people are no queryset."""
        return SampleFilters(self.request.GET, queryset=SavedView.objects.none(), request=self.request)

    def get_rows(self, filterset: Any) -> Any:
        """Those that match."""
        wanted = filterset.form.cleaned_data if filterset.form.is_valid() else {}
        q, age = wanted.get("q") or "", wanted.get("age") or 0
        return [
            one
            for one in SAMPLES
            if (q in one.name or q in one.home or q in one.phone)
            and one.age >= age
            and all(
                not wanted.get(key) or getattr(one, key) == wanted[key] for key in ("grid", "kind", "sex")
            )
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing is kept: only says what was picked."""
        picked = request.POST.getlist("pk")
        return HttpResponse(f"{request.POST.get('action')} {len(picked)}", content_type="text/plain")


class KitPerson(KitOnly, DetailPage):
    """The page and drawer of a made-up person."""

    template_name = "pages/kit_person.html"
    tabs = (
        Tab("basic", _("基本信息"), "pages/kit_basic.html"),
        Tab("visits", _("服务记录"), "pages/kit_visits.html", 4),
    )

    def get_object(self, queryset: Any = None) -> Sample:
        """The person of that number."""
        found = next((one for one in SAMPLES if one.pk == self.kwargs["pk"]), None)
        if found is None:
            raise Http404
        return found


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label=_("姓名"), max_length=30, help_text=_("与身份证上的一致。"))
    number = forms.RegexField(
        r"^\d{17}[\dX]$",
        label=_("公民身份号码"),
        error_messages={"invalid": _("身份证号应为 18 位，最后一位可以是 X。请对照证件检查。")},
    )
    born = forms.DateField(label=_("出生日期"), widget=DateInput())
    kind = forms.ChoiceField(label=_("人口类型"), choices=KINDS)
    region = forms.ChoiceField(
        label=_("所属社区"),
        choices=[
            ("", ""),
            ("001", "东外社区"),
            ("002", "高塔社区"),
            ("003", "恒安社区"),
            ("004", "川北东社区"),
        ],
        widget=Combobox(placeholder=_("输入社区名查找")),
    )
    sex = forms.ChoiceField(
        label=_("性别"), choices=[("1", _("男")), ("2", _("女"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("备注"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label=_("已当面核对证件原件"))


class UploadForm(forms.Form):
    """A form with a file."""

    file = forms.FileField(
        label=_("居民名册"), widget=FileDrop(limit=200 << 20, says=_("把 Excel 文件拖到这里，或点下面选择"))
    )


class KitEdit(KitOnly, EditPage):
    """The form; the rule refuses people called 测试."""

    title = _("登记居民")
    form_class = SampleForm
    intro = _("带 * 的必须填写。")

    def perform(self, form: Any) -> str:
        """Refuse, or go to the list."""
        if form.cleaned_data["name"] == "测试":
            raise RuleError("请填写真实姓名。", field="name")
        return reverse("kit_list")


class KitUpload(KitOnly, EditPage):
    """The form with a file; it takes only names that end in .xlsx, and keeps nothing."""

    title = _("导入名册")
    form_class = UploadForm
    submit_label = _("上传")
    success_message = _("文件已收下。")

    def perform(self, form: Any) -> str:
        """Refuse, or go to the list."""
        if not form.cleaned_data["file"].name.endswith(".xlsx"):
            raise RuleError("请上传 .xlsx 格式的 Excel 文件。", field="file")
        return reverse("kit_list")


class KitPage(KitOnly, TemplateView):
    """The catalogue."""

    template_name = "pages/kit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One of everything."""
        wrong = SampleForm({"name": "", "number": "1101", "kind": "floating", "region": "002"})
        months = [f"{n} 月" for n in range(1, 13)]
        return super().get_context_data(
            title=_("界面组件"),
            kpis=[
                Kpi(
                    _("在册居民"),
                    15284,
                    "users",
                    change="+126",
                    change_tone="ok",
                    under=_("较上月"),
                    url="#kpi",
                ),
                Kpi(_("待办事件"), 47, "message-report", change="-9", change_tone="ok", under=_("较昨日")),
                Kpi(_("走访完成率"), 86.3, "walk", unit="%", under=_("本月目标 90%")),
                Kpi(
                    _("超期未结"),
                    5,
                    "alert-triangle",
                    change="+2",
                    change_tone="danger",
                    under=_("需今日督办"),
                    tone="danger",
                ),
            ],
            form=SampleForm(initial={"kind": "present", "region": "001"}),
            wrong=wrong,
            upload=UploadForm(),
            tabs=KitPerson.tabs,
            current=KitPerson.tabs[0],
            steps=[_("提交"), _("受理"), _("审核"), _("办结")],
            crumbs=[(_("人房底数"), "#"), (_("居民"), "#"), (_("王秀英"), "")],
            line=chart(
                "line",
                months,
                {
                    "受理": [182, 201, 165, 219, 243, 232, 265, 288, 279, 251, 266, 238],
                    "办结": [176, 190, 170, 210, 236, 228, 248, 271, 280, 246, 259, 221],
                },
                "件",
            ),
            bars=chart(
                "bar",
                ["0–14", "15–34", "35–59", "60–79", "80 以上"],
                {"男": [1630, 2210, 2842, 1320, 310], "女": [1540, 2180, 2910, 1430, 402]},
                "人",
            ),
            pie=chart("pie", ["自住", "出租", "空置", "商用"], {"户": [4120, 1630, 720, 210]}, "户"),
            icons=[
                "home",
                "users",
                "building-community",
                "map-pin",
                "file-import",
                "chart-bar",
                "shield-lock",
            ],
            **kwargs,
        )


page = KitPage.as_view()
