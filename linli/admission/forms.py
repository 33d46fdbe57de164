"""The forms of admission."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access import sealed_files
from linli.access.models import Unit, UnitKind, scopes_q
from linli.access.roles import Permission
from linli.admission.actions.applying import RENEWABLE
from linli.admission.models import Application, Objection, Outcome, Stance
from linli.admission.rules.findings import DocumentLevel
from linli.admission.rules.schedule import PAYABLE
from linli.flow.models import THINGS
from linli.flow.rules.warrants import Per
from linli.gate.catalogue import actions as catalogue
from linli.gate.catalogue.models import Item
from linli.gate.catalogue.rules.terms import Kind, Responsibility
from linli.ledgers.book.workbook import MAX_BYTES
from linli.pages.widgets import Combobox, DateInput, FileDrop
from linli.regions import names
from linli.regions.models import Level, Region

DISTRICT = 6


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _choices(kinds: Any) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kinds]


def _things(**kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("要下派的内容"), choices=THINGS, widget=forms.CheckboxSelectMultiple, **kwargs
    )


def _regions(district: str, level: Level) -> list[tuple[str, str]]:
    found = Region.objects.filter(
        level=level, valid_to__isnull=True, region_code__startswith=district
    ).order_by("region_code")
    if level == Level.COMMUNITY:
        return [(one.region_code, f"{names.title(one.region_code[:9])} {one.title}") for one in found]
    return [(one.region_code, one.title) for one in found]


class Sections:
    """A form whose fields stand under headings: `SECTIONS` are (heading, hint, names)."""

    SECTIONS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = ()

    def sections(self) -> list[tuple[Any, Any, list[Any]]]:
        """Each heading with its hint and its fields; those that are not there are left out."""
        form: Any = self
        return [
            (title, hint, [form[name] for name in held if name in form.fields])
            for title, hint, held in self.SECTIONS
        ]


class ApplicationForm(Sections, forms.Form):
    """A department's application; only the title is needed to keep a draft."""

    unit = forms.ModelChoiceField(label=_("申请部门"), queryset=Unit.objects.none(), empty_label=None)
    title = forms.CharField(
        label=_("事项名称"), max_length=80, help_text=_("一句话说清是什么事，例如 高龄津贴资格年审。")
    )
    category = forms.CharField(
        label=_("属于哪一类"),
        max_length=40,
        required=False,
        help_text=_("和清单里的类一致，例如 民政服务、公共卫生；不清楚就留空。"),
    )
    content = forms.CharField(label=_("要社区做什么"), widget=_text(4), max_length=2000, required=False)
    evidence = forms.CharField(
        label=_("要社区留存或提交的材料"),
        widget=_text(2),
        max_length=500,
        required=False,
        help_text=_("没有就留空。底数里已有的内容，不要再让社区报。"),
    )
    responsibility = forms.ChoiceField(label=_("职责"), choices=_choices(Responsibility), initial="assist")
    kind = forms.ChoiceField(label=_("方式"), choices=_choices(Kind), initial=Kind.SERVE.value)
    basis_1 = forms.ChoiceField(label=_("法律法规依据（一）"), required=False, widget=Combobox())
    basis_2 = forms.ChoiceField(label=_("法律法规依据（二）"), required=False, widget=Combobox())
    basis_3 = forms.ChoiceField(label=_("法律法规依据（三）"), required=False, widget=Combobox())
    document_title = forms.CharField(label=_("或：文件名称"), max_length=120, required=False)
    document_number = forms.CharField(
        label=_("文号"), max_length=60, required=False, help_text=_("例如 延政发〔2026〕12号")
    )
    document_level = forms.ChoiceField(
        label=_("发文层级"), choices=[("", _("请选择")), *_choices(DocumentLevel)], required=False
    )
    document_until = forms.DateField(label=_("文件有效期至"), widget=DateInput(), required=False)
    document = forms.FileField(
        label=_("文件原件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": sealed_files.ACCEPT}),
        help_text=_("PDF、JPG 或 PNG，不超过 10 MB。用文件作依据的必须附上。"),
    )
    areas = forms.MultipleChoiceField(
        label=_("在哪里实施"), required=False, widget=forms.CheckboxSelectMultiple
    )
    communities = forms.MultipleChoiceField(
        label=_("只在个别社区实施的，选社区"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("按住 Ctrl 多选。上面选了整个街道的，不用再选它的社区。"),
    )
    things = _things(required=False)
    times = forms.IntegerField(
        label=_("最多几次"), required=False, min_value=1, max_value=999, help_text=_("不定期的留空。")
    )
    per = forms.ChoiceField(label=_("按什么计"), choices=_choices(Per), initial=Per.YEAR.value)
    expected = forms.IntegerField(
        label=_("不定期的，每年约几次"), required=False, min_value=1, max_value=9999
    )
    hours = forms.DecimalField(
        label=_("每次每个社区要用多少小时"), required=False, max_digits=6, decimal_places=1, min_value=0
    )
    since = forms.DateField(label=_("开始日期"), widget=DateInput(), required=False)
    until = forms.DateField(
        label=_("结束日期"), widget=DateInput(), required=False, help_text=_("从这一天起不再下派。")
    )
    powers = forms.CharField(
        label=_("随事项交给社区什么权限"),
        widget=_text(2),
        max_length=500,
        required=False,
        help_text=_("权随责走。例如 查询某系统、初审签字、提出处理建议。"),
    )
    money = forms.DecimalField(
        label=_("每期付给每个社区多少元"), required=False, max_digits=12, decimal_places=2, min_value=0
    )
    money_per = forms.ChoiceField(label=_("多久付一次"), choices=_choices(PAYABLE), initial=Per.QUARTER.value)
    pay_within = forms.IntegerField(label=_("每期开始后几天内付"), min_value=0, max_value=366, initial=30)
    money_source = forms.CharField(
        label=_("资金来源"), max_length=120, required=False, help_text=_("例如 部门年度预算“老龄服务”科目")
    )
    responsible = forms.CharField(label=_("责任人"), max_length=30, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)

    SECTIONS = (
        (
            _("什么事"),
            "",
            ("unit", "title", "category", "content", "evidence", "responsibility", "kind"),
        ),
        (
            _("依据"),
            _("法律法规条文，或者区级以上文件，至少一项。"),
            (
                "basis_1",
                "basis_2",
                "basis_3",
                "document_title",
                "document_number",
                "document_level",
                "document_until",
                "document",
            ),
        ),
        (_("在哪里、多久、多少工作"), "", ("areas", "communities", "things", "times", "per", "expected")),
        ("", "", ("hours", "since", "until")),
        (
            _("权随责走、费随事转"),
            _("没有经费的事项不能准入。"),
            ("powers", "money", "money_per", "pay_within", "money_source"),
        ),
        (_("谁负责"), "", ("responsible", "phone")),
    )
    BASES = ("basis_1", "basis_2", "basis_3")

    def __init__(
        self, *args: Any, district: str, units: Any, application: Application | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        held: dict[str, Any] = self.fields
        if application is not None or units.count() == 1:
            del held["unit"]
        else:
            held["unit"].queryset = units
        bases = [(str(one.pk), str(one)) for one in catalogue.selectable(district)]
        for name in self.BASES:
            held[name].choices = [("", ""), *bases]
        held["areas"].choices = [
            (district, f"{names.title(district)}（全区）"),
            *_regions(district, Level.STREET),
        ]
        held["communities"].choices = _regions(district, Level.COMMUNITY)
        if application is not None and application.renews_id is not None:
            for name, field in held.items():
                field.disabled = name not in RENEWABLE

    @staticmethod
    def initial_of(application: Application) -> dict[str, Any]:
        """The values of an application."""
        areas = [one.region_code for one in application.areas.all()]
        found = {
            name: getattr(application, name)
            for name in ApplicationForm.base_fields
            if hasattr(application, name) and name != "areas"
        }
        bases = [*application.bases, "", "", ""][:3]
        return found | {
            "areas": [key for key in areas if len(key) < 12],
            "communities": [key for key in areas if len(key) == 12],
            **dict(zip(ApplicationForm.BASES, map(str, bases), strict=True)),
        }

    def values(self) -> dict[str, Any]:
        """What the actions take: fields by name, the areas and bases brought together; the paper and unit apart."""
        data = dict(self.cleaned_data)
        for name in ("unit", "document"):
            data.pop(name, None)
        bases = [int(one) for name in self.BASES if (one := data.pop(name, ""))]
        areas = [*data.pop("areas"), *data.pop("communities")]
        return data | {"bases": list(dict.fromkeys(bases)), "areas": areas}


class AttachForm(forms.Form):
    """An empty form of the department."""

    file = forms.FileField(
        label=_("空表"),
        widget=FileDrop(
            {"accept": ".xlsx"}, limit=MAX_BYTES, says=_("把要社区填的空表（.xlsx）拖到这里，或点击选择")
        ),
    )


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = forms.CharField(label=_("理由"), max_length=1000, widget=_text(3))


class RemarkForm(forms.Form):
    """A remark that may be left out."""

    text = forms.CharField(label=_("附言"), max_length=500, required=False, widget=_text(2))


class RevokeForm(ReasonForm):
    """From when, and why."""

    on = forms.DateField(label=_("从哪天起"), widget=DateInput(), initial=timezone.localdate)
    field_order = ("on", "reason")


class OpinionForm(forms.Form):
    """What a street or community thinks."""

    unit = forms.ModelChoiceField(label=_("代表"), queryset=Unit.objects.none(), empty_label=None)
    stance = forms.ChoiceField(label=_("意见"), choices=Stance.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("理由和建议"),
        max_length=1000,
        required=False,
        widget=_text(3),
        help_text=_("不同意或要调整的必须写，例如 每季度改为每半年一次。"),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(pk__in=[one.pk for one in units])
        if len(units) == 1:
            field.initial = units[0]
            field.widget = forms.HiddenInput()


class DecideForm(forms.Form):
    """The decision, and what is granted where it differs."""

    outcome = forms.ChoiceField(
        label=_("决定"),
        choices=[
            (Outcome.ADMITTED.value, _("准予准入（按下面的内容）")),
            (Outcome.TRIAL.value, _("先试行，期满再定")),
            (Outcome.REFUSED.value, _("不予准入")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=1000,
        widget=_text(3),
        help_text=_("不予准入，或批准的与申请的不一样时必须写，申请部门会看到。"),
    )
    things = _things(required=False)
    times = forms.IntegerField(
        label=_("最多几次"), required=False, min_value=1, max_value=999, help_text=_("不能比申请的多。")
    )
    per = forms.ChoiceField(label=_("按什么计"), choices=_choices(Per))
    until = forms.DateField(label=_("结束日期"), widget=DateInput(), help_text=_("不能比申请的晚。"))
    trial_until = forms.DateField(
        label=_("试行到哪天"), widget=DateInput(), required=False, help_text=_("选“先试行”的要填。")
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only = {"received": {"outcome", "reason"}}.get(application.state)
        choices: Any = self.fields["outcome"]
        if only is not None:
            choices.choices = [one for one in choices.choices if one[0] == Outcome.REFUSED]
            choices.initial = Outcome.REFUSED.value
        if application.renews_id is not None:
            choices.choices = [one for one in choices.choices if one[0] != Outcome.TRIAL]
            only = only or {"outcome", "reason", "until"}
        things: Any = self.fields["things"]
        things.choices = [one for one in THINGS if one[0] in application.things]
        for name in list(self.fields):
            if only is not None and name not in only:
                del self.fields[name]


class SettleForm(forms.Form):
    """What becomes of a trial."""

    outcome = forms.ChoiceField(
        label=_("试行结果"),
        choices=[
            (Outcome.CONFIRMED.value, _("准予准入，继续实施")),
            (Outcome.EXTENDED.value, _("再试行一段，期满再定（只能延长一次）")),
            (Outcome.DROPPED.value, _("不予准入，今天起退出清单")),
        ],
        widget=forms.RadioSelect,
    )
    trial_until = forms.DateField(
        label=_("再试行到哪天"), widget=DateInput(), required=False, help_text=_("选“再试行一段”的要填。")
    )
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=1000,
        widget=_text(3),
        help_text=_("再试行、不予准入的必须写。"),
    )

    def __init__(self, *args: Any, extended: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if extended:
            choices: Any = self.fields["outcome"]
            choices.choices = [one for one in choices.choices if one[0] != Outcome.EXTENDED]
            del self.fields["trial_until"]


class ReceiptForm(forms.Form):
    """What has come."""

    amount = forms.DecimalField(
        label=_("收到多少（元）"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        help_text=_("一分也没收到的填 0，并写明情况。"),
    )
    received_on = forms.DateField(
        label=_("哪天到账"), widget=DateInput(), initial=timezone.localdate, help_text=_("没收到的填今天。")
    )
    remark = forms.CharField(label=_("说明"), required=False, max_length=300, widget=_text(2))


class PayForm(forms.Form):
    """A payment with its paper."""

    due = forms.ChoiceField(label=_("哪一期"), choices=())
    communities = forms.MultipleChoiceField(
        label=_("付给哪些社区"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("不选就是这一期还没付清的全部社区，按各自欠的多少分摊。"),
    )
    amount = forms.DecimalField(label=_("金额（元）"), max_digits=12, decimal_places=2, min_value=0)
    paid_on = forms.DateField(label=_("付款日期"), widget=DateInput(), initial=timezone.localdate)
    voucher = forms.CharField(label=_("凭证号"), max_length=60, required=False)
    paper = forms.FileField(
        label=_("付款凭证"),
        widget=forms.FileInput(attrs={"accept": sealed_files.ACCEPT}),
        help_text=_("国库支付凭证或银行回单，PDF、JPG 或 PNG，不超过 10 MB。"),
        error_messages={"required": _("请附上付款凭证（扫描件或照片）。")},
    )


class EmergencyForm(forms.Form):
    """An emergency approval."""

    unit = forms.ModelChoiceField(
        label=_("提出的部门"), queryset=Unit.objects.none(), empty_label="", widget=Combobox()
    )
    title = forms.CharField(
        label=_("应急事项"), max_length=80, help_text=_("会在网上公开，不要写个人姓名和住址。")
    )
    reason = forms.CharField(label=_("为什么来不及走准入"), max_length=500, widget=_text(3))
    region_code = forms.ChoiceField(label=_("在哪里"), widget=Combobox())
    things = _things()
    until = forms.DateField(
        label=_("自动失效日期"), widget=DateInput(), help_text=_("从这一天起不能再下派。")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held: dict[str, Any] = self.fields
        scopes = user.scopes(Permission.APPROVE_EMERGENCY)
        district = scopes[0].low[:DISTRICT] if scopes else ""
        held["unit"].queryset = Unit.objects.filter(
            is_active=True, region_code__startswith=district, kind__in=[UnitKind.DEPARTMENT, UnitKind.STREET]
        ).exclude(pk__in=user.unit_ids)
        held["region_code"].choices = [
            ("", ""),
            (district, f"{names.title(district)}（全区）"),
            *_regions(district, Level.STREET),
            *_regions(district, Level.COMMUNITY),
        ]


class ReviewForm(forms.Form):
    """The look back on an emergency."""

    text = forms.CharField(
        label=_("事后复盘"),
        max_length=2000,
        widget=_text(5),
        help_text=_("做了什么，是否必要，以后怎样避免走应急。"),
    )


class ObjectionForm(forms.Form):
    """An objection to an item."""

    region_code = forms.ChoiceField(label=_("哪个社区"))
    by = forms.ChoiceField(label=_("谁提出的"), choices=Objection.By.choices, widget=forms.RadioSelect)
    item = forms.ModelChoiceField(
        label=_("对哪个事项"), queryset=Item.objects.none(), empty_label="", widget=Combobox()
    )
    text = forms.CharField(
        label=_("异议内容"),
        max_length=1000,
        widget=_text(4),
        help_text=_("写清哪里不合理、希望怎样。居民提出的，不用写姓名。"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held: dict[str, Any] = self.fields
        scopes = user.scopes(Permission.GIVE_OPINIONS)
        found = Region.objects.filter(
            scopes_q("region_code", scopes), level=Level.COMMUNITY, valid_to__isnull=True
        ).order_by("region_code")
        held["region_code"].choices = [(one.region_code, one.title) for one in found]
        keys = {scope.low[:n] for scope in scopes for n in range(DISTRICT, len(scope.low) + 1)}
        held["item"].queryset = Item.objects.in_force().filter(
            scopes_q("region_code", scopes) | Q(region_code__in=keys)
        )


class AnswerForm(forms.Form):
    """The answer to an objection."""

    upheld = forms.ChoiceField(
        label=_("怎样处理"),
        choices=[("0", _("说明理由，事项不变")), ("1", _("异议成立，事项要调整或撤销"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("答复"), max_length=1000, widget=_text(4))


class SettingForm(forms.Form):
    """The district's rules of admission."""

    office = forms.ModelChoiceField(
        label=_("社区办（受理、审定的单位）"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label="",
        widget=Combobox(),
        help_text=_("不选，就是有审定权限的人所在的单位。"),
    )
    ahead_days = forms.IntegerField(label=_("至少提前几个工作日申请"), min_value=0, max_value=365)
    opinion_days = forms.IntegerField(label=_("征求意见几个工作日"), min_value=1, max_value=365)
    wage = forms.DecimalField(
        label=_("每小时工作折算多少元"),
        required=False,
        max_digits=8,
        decimal_places=2,
        help_text=_("用来对比经费够不够；不折算就留空。"),
    )
    notice_days = forms.IntegerField(label=_("付款日前几天提醒"), min_value=0, max_value=365)
    grace_days = forms.IntegerField(label=_("逾期超过几个工作日自动暂停"), min_value=0, max_value=365)
    emergency_days = forms.IntegerField(label=_("应急事项最长几天"), min_value=1, max_value=365)

    def __init__(self, *args: Any, district: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office: Any = self.fields["office"]
        office.queryset = Unit.objects.filter(
            is_active=True, region_code__startswith=district, kind=UnitKind.DEPARTMENT
        )
