"""Forms about people. What may be is decided by the rules in the actions; forms only read what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel import citizen_number, codes
from linli.pages.widgets import DateInput
from linli.registry.people.actions import Family, Place
from linli.registry.people.models import HEAD, HouseholdKind, Relation
from linli.registry.people.pickers import (
    HomeField,
    HouseholdField,
    PersonField,
    RegionField,
    blank,
    coded,
    day,
    text,
)
from linli.registry.people.rules import details
from linli.registry.places.forms import SealedField

RELATIONS = [
    ("", _("请选择")),
    *((c.code, c.label) for c in codes.KINSHIP.items if c.code not in ("01", HEAD)),
]


class FindForm(forms.Form):
    """Find first: is the person in the base already?"""

    name = text(_("姓名"), most=50, required=False)
    id_number = text(
        _("证件号码"), most=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = text(
        _("手机号码"), most=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth_date = day(_("出生日期"), required=False, help_text=_("没有证件号码的，姓名加出生日期也能查"))

    def clean(self) -> dict[str, Any]:
        """Something must be known, and a citizen number must be right before it is looked for."""
        found: dict[str, Any] = super().clean() or {}
        number = citizen_number.normalise(found.get("id_number") or "")
        if len(number) == 18 and number[:17].isdigit():
            try:
                citizen_number.parse(number)
            except citizen_number.InvalidCitizenNumber as error:
                self.add_error("id_number", str(error))
                return found
        if not any(value for key, value in found.items() if key != "birth_date"):
            raise forms.ValidationError(_("请填写姓名、证件号码或手机号码，证件号码最准。"))
        return found


class PersonForm(forms.Form):
    """What is known of a person, without places and family."""

    name = text(_("姓名"), most=50, required=True)
    id_kind = forms.ChoiceField(label=_("证件类型"), choices=blank(codes.ID_KIND.choices), required=False)
    id_number = SealedField(label=_("证件号码"))
    sex = forms.ChoiceField(
        label=_("性别"), choices=[("", _("未登记")), ("1", _("男")), ("2", _("女"))], required=False
    )
    birth_date = day(_("出生日期"), required=False)
    phone = SealedField(label=_("手机号码"))
    landline = SealedField(label=_("固定电话"))
    ethnic = coded(codes.ETHNIC)
    political = coded(codes.POLITICAL)
    marital = coded(codes.MARITAL)
    education = coded(codes.EDUCATION)
    employment = coded(codes.EMPLOYMENT)
    employer = text(_("工作单位"), most=100)
    occupation = text(_("职业"), most=50)
    skills = text(_("特长"), most=100, help_text=_("例如：书法、理发、水电维修"))
    started_work_on = day(_("参加工作日期"), required=False)
    schooling = coded(codes.SCHOOLING, help_text=_("在校的才填；学校写在“工作单位”里"))
    school_since = forms.IntegerField(
        label=_("入学年份"),
        required=False,
        help_text=_("升入现在这个学段的年份，例如 2024；年级由它推算，每年 9 月升一级"),
        error_messages={"invalid": _("请填年份，例如 2024。")},
    )
    medical_insurance = coded(codes.MEDICAL_INSURANCE)
    pension_insurance = coded(codes.PENSION_INSURANCE)
    health = coded(codes.HEALTH)
    self_care = coded(codes.SELF_CARE)
    labour = coded(codes.LABOUR)
    blood_type = coded(codes.BLOOD_TYPE)
    height = forms.IntegerField(
        label=_("身高（厘米）"), required=False, error_messages={"invalid": _("请填整数，例如 172。")}
    )
    native_place = text(_("籍贯"), most=50)
    birth_place = text(_("出生地"), most=50, help_text=_("到县一级，例如：河北省怀来县"))
    former_name = text(_("曾用名"), most=50)
    other_address = text(_("其他地址"), most=120, help_text=_("现住址和户籍地以外，还能找到本人的地方"))
    email = forms.EmailField(
        label=_("电子邮箱"),
        max_length=100,
        required=False,
        error_messages={"invalid": _("邮箱地址不对，请核对。")},
    )
    note = forms.CharField(
        label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """What the rules say of name and numbers, all at once; the action asks them again."""
        found: dict[str, Any] = super().clean() or {}
        for field in ("phone", "landline"):
            self._ask(field, details.read_phone, field, self._typed(found, field))
        if found.get("name"):
            self._ask("name", details.clean_name, found["name"])
        if said := details.height_problem(found.get("height")):
            self.add_error("height", said)
        if self._typed(found, "id_number"):
            read = self._ask(
                "id_number",
                details.read_identity,
                found.get("id_kind") or "",
                found["id_number"],
                on=timezone.localdate(),
            )
            if read is not None:
                self._ask("", details.agree, read, sex=found.get("sex") or "", born=found.get("birth_date"))
        return found

    def _typed(self, found: dict[str, Any], field: str) -> str:
        """What was typed into a sealed field; "" for nothing and for 无."""
        value = found.get(field) or ""
        return "" if value == "无" else value

    def _ask(self, field: str, rule: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What a rule answers; None when it refuses, with the error put beside its field."""
        try:
            return rule(*args, **kwargs)
        except details.Wrong as error:
            self.add_error(error.field or field, error.message)
            return None


class SharedHomeForm(forms.Form):
    """Somebody comes to live in a home. Whether they share it is asked only when the action found that others live there."""

    share_home = forms.BooleanField(label=_("与现住的人同住"), required=False)

    def ask_sharing_only_if_needed(self) -> None:
        """Take the question away unless it was refused or answered before."""
        if not self.is_bound or not (
            "share_home" in self.errors or self.data.get(self.add_prefix("share_home"))
        ):
            self.fields.pop("share_home", None)


class FamilyFields(forms.Form):
    """Which household somebody joins."""

    FAMILIES: tuple[tuple[str, Any], ...] = (
        ("join", _("加入已有的户")),
        ("new", _("新立一户，任户主")),
        ("none", _("暂不入户")),
    )
    family = forms.ChoiceField(
        label=_("家庭户"),
        choices=FAMILIES,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择加入已有的户、新立一户，还是暂不入户。")},
    )
    household = HouseholdField(label=_("加入哪一户"), required=False)
    relation = forms.ChoiceField(label=_("与户主关系"), choices=RELATIONS, required=False)

    def clean(self) -> dict[str, Any]:
        """Joining needs to know whom and how."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("family") == "join":
            if not found.get("household") and "household" not in self.errors:
                self.add_error("household", _("请选择要加入的户；没有的话选“新立一户”。"))
            if not found.get("relation"):
                self.add_error("relation", _("请选择与户主的关系。"))
        return found

    def wanted_family(self, kind: str = HouseholdKind.LIVING) -> Family | None:
        """The household wanted, None to leave things as they are."""
        found = self.cleaned_data
        if found["family"] == "join":
            return Family(found["household"], found["relation"])
        return Family(None, HEAD, "", kind) if found["family"] == "new" else None


class HukouFields(forms.Form):
    """Where the hukou is."""

    HUKOUS: tuple[tuple[str, Any], ...] = (
        ("same", _("就在现住房屋")),
        ("home", _("在本辖区另一套房屋")),
        ("away", _("在外地")),
        ("unknown", _("还不清楚（户籍待补）")),
    )
    hukou = forms.ChoiceField(label=_("户籍在哪里"), choices=HUKOUS, widget=forms.RadioSelect, initial="same")
    hukou_home = HomeField(label=_("户籍房屋"), required=False, help_text=_("户籍在本辖区另一套房屋时填写"))
    hukou_region = RegionField(_("户籍所在县区"), help_text=_("户籍在外地时填写"))
    hukou_address = text(_("户籍详细地址"), most=200)
    hukou_nature = coded(codes.HUKOU_NATURE)
    hukou_station = text(
        _("户籍派出所"), most=40, help_text=_("例如：川汇分局人和派出所；户籍在本社区的可以留空")
    )

    def clean(self) -> dict[str, Any]:
        """The place that goes with the choice."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("hukou") == "home" and not found.get("hukou_home"):
            self.add_error("hukou_home", _("请选择户籍所在的房屋。"))
        if found.get("hukou") == "away" and not found.get("hukou_region"):
            self.add_error("hukou_region", _("请选择户籍所在的县区。"))
        return found

    def wanted_hukou(self, home_id: int | None = None) -> Place | None:
        """The place of the hukou, None when it is not known."""
        found = self.cleaned_data
        if found["hukou"] == "same":
            return Place(home_id=home_id) if home_id else None
        if found["hukou"] == "home":
            return Place(home_id=found["hukou_home"])
        if found["hukou"] == "away":
            return Place(region_code=found["hukou_region"], address=found["hukou_address"])
        return None


class RegisterForm(FamilyFields, HukouFields, PersonForm, SharedHomeForm):
    """A new person: who, where, which family."""

    home = HomeField(label=_("现住房屋"), required=False, help_text=_("不住在本辖区、只有户籍在的，留空"))
    since = day(_("入住日期"), required=False, help_text=_("不清楚可以留空"))
    reason = coded(codes.INFLOW_REASON)
    dwelling = coded(codes.DWELLING_TYPE)
    came_from = text(_("从哪里来"), most=100)

    FIRST = ("name", "id_kind", "id_number", "sex", "birth_date", "phone", "ethnic", "political")
    WHERE = ("home", "share_home", "since", "dwelling", "reason", "came_from")
    HUKOU = ("hukou", "hukou_home", "hukou_region", "hukou_address", "hukou_nature", "hukou_station")
    WITH = ("family", "household", "relation")

    def sections(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """The form in parts: heading, fields, and whether the part may be folded away."""
        named = (*self.FIRST, *self.WHERE, *self.HUKOU, *self.WITH)
        rest = [name for name in self.fields if name not in named]
        parts = (
            (_("是谁"), self.FIRST, False),
            (_("住在哪里"), self.WHERE, False),
            (_("户籍"), self.HUKOU, False),
            (_("家庭"), self.WITH, False),
            (_("更多信息（可以以后再补）"), rest, True),
        )
        return [
            (title, [self[name] for name in fields if name in self.fields], folded)
            for title, fields, folded in parts
        ]


class NewHeadField(forms.ChoiceField):
    """Who follows as head when the head leaves; filled by the page with the others of the household."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("由谁接任户主"), required=False, **kwargs)


class LeavingForm(forms.Form):
    """Forms after which somebody may leave their household: who follows as head is asked only where it matters."""

    new_head = NewHeadField()

    def offer_heads(self, others: list[tuple[str, str]], proposed: int | None) -> None:
        """Offer the others of the household, or take the question away."""
        if not others:
            del self.fields["new_head"]
            return
        field: Any = self.fields["new_head"]
        field.choices = [("", _("请选择")), *others]
        field.help_text = _("本人是户主，离开本户后须有人接任。")
        self.initial.setdefault("new_head", str(proposed or ""))

    def new_head_id(self) -> int | None:
        """The person picked."""
        value = self.cleaned_data.get("new_head")
        return int(value) if value else None


class MoveInForm(FamilyFields, SharedHomeForm):
    """Somebody comes to live here."""

    FAMILIES = (("keep", _("户不变")), ("join", _("加入已有的户")), ("new", _("新立一户，任户主")))
    home = HomeField(label=_("住进哪套房屋"))
    on = day(_("入住日期"))
    dwelling = coded(codes.DWELLING_TYPE)
    inflow = coded(codes.INFLOW_REASON)
    came_from = text(_("从哪里来"), most=100)
    family = forms.ChoiceField(label=_("家庭户"), choices=FAMILIES, widget=forms.RadioSelect, initial="keep")
    new_head = NewHeadField()
    field_order = (
        "home",
        "share_home",
        "on",
        "dwelling",
        "inflow",
        "came_from",
        "family",
        "household",
        "relation",
        "new_head",
    )

    offer_heads = LeavingForm.offer_heads
    new_head_id = LeavingForm.new_head_id


class MoveWithinForm(FamilyFields, SharedHomeForm):
    """Somebody moves from one home of the area to another."""

    FAMILIES = (("keep", _("户不变")), ("join", _("加入已有的户")), ("new", _("新立一户，任户主")))
    home = HomeField(label=_("搬到哪套房屋"))
    on = day(_("搬家日期"))
    dwelling = coded(codes.DWELLING_TYPE)
    family = forms.ChoiceField(label=_("家庭户"), choices=FAMILIES, widget=forms.RadioSelect, initial="keep")
    new_head = NewHeadField()
    field_order = ("home", "share_home", "on", "dwelling", "family", "household", "relation", "new_head")

    offer_heads = LeavingForm.offer_heads
    new_head_id = LeavingForm.new_head_id


class MoveOutForm(LeavingForm):
    """Somebody leaves."""

    on = day(_("迁出日期"))
    went_region = RegionField(_("迁往县区"), help_text=_("不清楚可以留空"))
    went_address = text(_("迁往地址"), most=200)
    with_hukou = forms.BooleanField(label=_("户口一并迁出"), required=False)
    reason = text(_("迁出原因"), most=100)
    field_order = ("on", "went_region", "went_address", "with_hukou", "new_head", "reason")


class HukouForm(HukouFields):
    """The hukou moves, or was recorded wrongly."""

    HUKOUS = (("home", _("在本辖区房屋")), ("away", _("在外地")))
    hukou = forms.ChoiceField(label=_("户籍在哪里"), choices=HUKOUS, widget=forms.RadioSelect)
    on = day(_("落户日期"), required=False, help_text=_("不清楚可以留空；原来已有户籍的必须填写"))
    correction = forms.BooleanField(label=_("原来登记错了，这是更正"), required=False)
    field_order = (
        "hukou",
        "hukou_home",
        "hukou_region",
        "hukou_address",
        "hukou_nature",
        "hukou_station",
        "on",
        "correction",
    )


class LivingForm(forms.Form):
    """What goes with living here: why they came, what they live in, the residence permit."""

    reason = coded(codes.INFLOW_REASON)
    dwelling = coded(codes.DWELLING_TYPE)
    permit_kind = coded(codes.PERMIT)
    permit_number = SealedField(label=_("居住证号"))
    permit_place = text(_("居住证登记地"), most=60, help_text=_("在哪里办的，例如：延庆区香水园派出所登记站"))
    permit_on = day(_("居住证发证日期"), required=False)
    permit_until = forms.DateField(
        label=_("居住证有效期至"),
        required=False,
        widget=DateInput(),
        error_messages={"invalid": _("请按 2026-01-31 的样子填写日期。")},
    )


class CorrectLivingForm(forms.Form):
    """The present home was recorded wrongly."""

    home = HomeField(label=_("正确的房屋"))
    since = day(_("入住日期"), required=False, help_text=_("不改可以留空"))
    reason = text(_("更正原因"), most=100, required=True)


class DeathForm(LeavingForm):
    """A death."""

    died = day(_("去世日期"))
    reason = text(_("依据"), most=100, required=False, help_text=_("例如：死亡证明、家属告知"))
    field_order = ("died", "new_head", "reason")


class ReasonForm(forms.Form):
    """Why."""

    reason = text(_("原因"), most=100, required=True)


class PurposeForm(forms.Form):
    """What for."""

    purpose = text(
        _("用途"),
        most=100,
        required=True,
        help_text=_("例如：电话核实居住情况。查看会被记录，本人和管理部门可以查到。"),
    )


class JoinForm(LeavingForm):
    """Somebody joins a household."""

    household = HouseholdField(label=_("加入哪一户"))
    relation = forms.ChoiceField(label=_("与户主关系"), choices=RELATIONS)
    on = day(_("入户日期"))
    field_order = ("household", "relation", "on", "new_head")


class FoundForm(LeavingForm):
    """Somebody becomes the head of a new household."""

    home = HomeField(label=_("立户房屋"))
    number = text(_("户号"), most=30, help_text=_("户口簿上的户号；没有的留空，由系统编号"))
    kind = forms.ChoiceField(label=_("户类型"), choices=HouseholdKind.choices, initial=HouseholdKind.FAMILY)
    on = day(_("立户日期"))
    field_order = ("home", "number", "kind", "on", "new_head")


class LeaveForm(LeavingForm):
    """Somebody leaves their household."""

    on = day(_("退户日期"))
    reason = text(_("原因"), most=100)
    field_order = ("on", "new_head", "reason")


class HouseholdForm(forms.Form):
    """A household's own facts."""

    number = text(_("户号"), most=30, required=True)
    kind = forms.ChoiceField(label=_("户类型"), choices=HouseholdKind.choices)
    home = HomeField(label=_("登记房屋"), required=False)
    note = forms.CharField(
        label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class HeadForm(forms.Form):
    """Another head. The others' relations to the new head are inferred; those picked here override."""

    new_head = forms.ChoiceField(label=_("新户主"), widget=forms.RadioSelect)
    on = day(_("变更日期"))
    reason = text(_("变更原因"), most=100)


class MoveHouseholdForm(SharedHomeForm):
    """A family moves at once."""

    home = HomeField(label=_("搬到哪套房屋"))
    on = day(_("搬家日期"))
    people = forms.MultipleChoiceField(label=_("随迁成员"), widget=forms.CheckboxSelectMultiple)
    with_hukou = forms.BooleanField(
        label=_("全户户口一并迁到新址"),
        required=False,
        help_text=_("户口在本辖区的成员都迁，包括不随迁居住的"),
    )
    reason = text(_("搬家原因"), most=100)
    field_order = ("home", "share_home", "on", "people", "with_hukou", "reason")


class KinForm(forms.Form):
    """A spouse, parent, guardian or contact in need, in the base or by name."""

    relation = forms.ChoiceField(label=_("关系"), choices=Relation.choices)
    relative = PersonField(_("在册居民"), required=False, help_text=_("亲属已登记的，从这里选"))
    relative_name = text(_("亲属姓名"), most=50, help_text=_("亲属不在册的，填姓名和电话"))
    relative_phone = text(_("亲属电话"), most=30)
    how = forms.ChoiceField(
        label=_("与本人关系"),
        choices=RELATIONS,
        required=False,
        help_text=_("监护人、紧急联系人填写：对方是本人的什么人，邻居、朋友选“非亲属”"),
    )
    since = day(_("开始日期"), required=False, help_text=_("结婚或监护开始的日期，不清楚可以留空"))

    def clean(self) -> dict[str, Any]:
        """Somebody is named."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("relative") and not (found.get("relative_name") or "").strip():
            self.add_error("relative", _("请选择在册居民，或者填写亲属姓名。"))
        return found


class EndForm(forms.Form):
    """When something ends."""

    on = day(_("结束日期"), initial=timezone.localdate)
    reason = text(_("原因"), most=100)
