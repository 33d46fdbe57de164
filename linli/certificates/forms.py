"""Forms of this room."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.certificates.carried.not_allowed import OFFICES
from linli.certificates.models import Asker, Edition, Seal, Standing, Why
from linli.certificates.rules.wording import ASKERS, CONDITIONS
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.people.pickers import PersonField, day, text

ISSUE = Permission.ISSUE_CERTIFICATES
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]


def communities(user: Any, permission: Permission = ISSUE) -> list[tuple[str, str]]:
    """The communities in which the user holds the permission."""
    rows = Region.objects.filter(
        scopes_q("region_code", user.scopes(permission)), level=Level.COMMUNITY, valid_to__isnull=True
    ).order_by("region_code")
    return [(one.region_code, one.title) for one in rows]


def seal_field(community: str) -> forms.ChoiceField:
    """The seals of a community that are in use; the only one is picked already."""
    rows = list(Seal.objects.filter(region_code=community, in_use=True))
    return forms.ChoiceField(
        label=_("印章"),
        choices=[
            (str(one.pk), _("%(name)s（%(who)s保管）") % {"name": one.name, "who": one.keeper})
            for one in rows
        ],
        required=False,
        help_text="" if rows else _("还没有登记印章，请社区书记、主任先到“用印登记”页登记"),
    )


class ReceiverInput(forms.TextInput):
    """A text with the names used before to choose from."""

    template_name = "certificates/widgets/receiver.html"

    def __init__(self, district: str) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.district = district

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With up to 200 names of the district."""
        context = super().get_context(name, value, attrs)
        context["widget"]["known"] = list(
            Asker.objects.filter(region_code=self.district).values_list("name", flat=True)[:200]
        )
        return context


class PickForm(forms.Form):
    """Whom the certificate is about."""

    person = PersonField(_("居民"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.user = user


class PrepareForm(forms.Form):
    """What the base cannot know: who asks, what for, for whom, and the answers of the kind."""

    asker_kind = forms.ChoiceField(label=_("谁来申请"), widget=forms.RadioSelect)
    asker_name = text(_("来办的人姓名"), most=30, help_text=_("不是本人来的才填"))
    asker_paper = text(
        _("核对了什么"), most=100, required=True, help_text=_("如：居民身份证原件；代办的还有委托书")
    )
    receiver = forms.CharField(
        label=_("交给哪个单位"), max_length=60, help_text=_("写全称，这份证明只给它用")
    )
    purpose = text(_("用途"), most=100, required=True)
    as_of = day(_("情况截止日期"), help_text=_("证明写“截至”这一天的情况，一般是今天"))
    copies = forms.IntegerField(label=_("份数"), min_value=1, max_value=20, initial=1)

    def __init__(self, *args: Any, edition: Edition, district: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["asker_kind"].choices = [(one, ASKERS[one]) for one in edition.askers]
        fields["asker_kind"].initial = edition.askers[0]
        fields["as_of"].initial = timezone.localdate()
        fields["as_of"].widget.attrs["max"] = timezone.localdate().isoformat()
        fields["asker_paper"].initial = _("居民身份证原件")
        fields["purpose"].help_text = edition.purpose_hint
        fields["receiver"].widget = ReceiverInput(district)
        for one in edition.inputs:
            fields[f"answer_{one['key']}"] = forms.CharField(
                label=one["label"], max_length=int(one.get("most", 60))
            )

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by key."""
        return {
            name.removeprefix("answer_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("answer_")
        }


class IssueForm(forms.Form):
    """Which seal, by whose hands."""

    seal = forms.ChoiceField(label=_("印章"), required=False)
    hand = text(_("盖章人"), most=30, required=True, help_text=_("实际盖章的人，一般是印章保管人"))

    def __init__(self, *args: Any, community: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["seal"] = seal_field(community)
        seal = Seal.objects.filter(region_code=community, in_use=True).first()
        fields["hand"].initial = seal.keeper if seal else ""


class CopiesForm(IssueForm):
    """Further copies of an issued paper."""

    copies = forms.IntegerField(label=_("加印份数"), min_value=1, max_value=20, initial=1)
    reason = text(_("加印原因"), most=200, required=True)
    field_order = ["copies", "reason", "seal", "hand"]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class RefuseForm(forms.Form):
    """A slip of refusal."""

    region_code = forms.ChoiceField(label=_("社区"))
    asked = forms.CharField(label=_("要求出具的证明"), max_length=60, help_text=_("按来人说的写"))
    person = PersonField(_("申请人（居民）"), required=False, help_text=_("查得到的从这里选"))
    name = text(_("申请人姓名"), most=30, help_text=_("查不到的才填这里"))
    asker = forms.CharField(label=_("哪个单位要的"), max_length=60, help_text=_("写全称，好去交涉"))
    purpose = text(_("办什么事"), most=100)
    why = forms.ChoiceField(label=_("不予出具的理由"), choices=Why.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由说明"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("清单上的事项可以留空，按清单写；情况不符、无法核实的必须写明"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        mine = communities(user)
        fields["region_code"].choices = mine
        fields["person"].user = user
        fields["asker"].widget = ReceiverInput(mine[0][0][: KEY_LENGTH[Level.DISTRICT]] if mine else "")
        if len(mine) == 1:
            fields["region_code"].initial = mine[0][0]
            fields["region_code"].widget = forms.HiddenInput()


class LogForm(forms.Form):
    """A use of the seal on another paper."""

    region_code = forms.ChoiceField(label=_("社区"))
    seal = forms.ChoiceField(label=_("印章"), required=False)
    paper = text(_("用印文件"), most=100, required=True)
    copies = forms.IntegerField(label=_("份数"), min_value=1, max_value=500, initial=1)
    reason = text(_("事由"), most=200, required=True)
    requested_by = text(_("申请人"), most=30, required=True)
    approved_by = text(_("批准人"), most=30, required=True)
    hand = text(_("盖章人"), most=30, required=True)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        mine = communities(user)
        fields["region_code"].choices = mine
        if len(mine) == 1:
            fields["region_code"].initial = mine[0][0]
            fields["region_code"].widget = forms.HiddenInput()
        rows = Seal.objects.filter(region_code__in=[code for code, _label in mine], in_use=True)
        fields["seal"].choices = [
            (
                str(one.pk),
                one.name if len(mine) == 1 else f"{names.title(one.region_code)} · {one.name}",
            )
            for one in rows
        ]


class SealForm(forms.Form):
    """A seal and its keeper."""

    region_code = forms.ChoiceField(label=_("社区"))
    name = text(_("印章名称"), most=60, required=True)
    keeper = text(_("保管人"), most=30, required=True)
    in_use = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        mine = communities(user, Permission.APPROVE_CERTIFICATES)
        fields["region_code"].choices = mine
        if len(mine) == 1:
            fields["region_code"].initial = mine[0][0]
            fields["region_code"].widget = forms.HiddenInput()


class CheckForm(forms.Form):
    """Number and check word, and the file if there is one."""

    number = forms.CharField(
        label=_("证明编号"), max_length=60, help_text=_("如：东外社区证字〔2026〕第0012号，括号怎么写都可以")
    )
    word = forms.CharField(label=_("校验码"), max_length=12, help_text=_("印在证明下方，6 位字母和数字"))
    file = forms.FileField(
        label=_("电子文件（可不选）"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=_("收到的是 PDF 的，选上可以比对是不是原件；文件不会保存"),
    )

    def clean_file(self) -> Any:
        """Not too large."""
        found = self.cleaned_data.get("file")
        if found is not None and found.size > 5 << 20:
            raise forms.ValidationError(_("文件超过 5 MB，不是本系统出具的证明文件。"))
        return found


def _lines(value: str) -> list[str]:
    return [one.strip() for one in value.replace("、", "\n").replace("，", "\n").splitlines() if one.strip()]


class EditionForm(forms.Form):
    """A kind of the list, as a new edition of a standing: only what that needs is asked."""

    region_code = forms.ChoiceField(label=_("适用范围"))
    title = text(_("名称"), most=40, required=True)
    also = forms.CharField(
        label=_("别名"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("群众平时怎么叫，用顿号隔开，查找时都能查到"),
    )
    basis = forms.CharField(label=_("依据"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    source = text(_("清单来源"), most=100, help_text=_("如：本区证明事项清单的文号"))
    since = day(_("施行日期"))
    wording = forms.CharField(
        label=_("正文"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "花括号里写底数的名称，由系统带出：姓名、性别、出生日期、证件类型、证件号码、现住址、入住日期、户籍地址、登记地址、户号、与户主关系、同住人员、社区、截止日期"
        ),
    )
    inputs = forms.CharField(
        label=_("窗口询问项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("底数里没有、要当面问的，一行一项，写成“名称：提示”，并在正文里用花括号写上名称"),
    )
    askers = forms.MultipleChoiceField(
        label=_("谁可以申请"),
        choices=list(ASKERS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    conditions = forms.MultipleChoiceField(
        label=_("须符合的情况"),
        choices=list(CONDITIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("有效天数"), required=False, min_value=1, max_value=3650, help_text=_("长期有效的留空")
    )
    needs_head = forms.BooleanField(label=_("须社区书记、主任审批"), required=False)
    purpose_hint = text(_("常见用途"), most=100)
    instead = forms.CharField(
        label=_("怎么办"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    offices = forms.MultipleChoiceField(
        label=_("到哪类机构办"),
        choices=list(OFFICES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    bring = text(_("带什么"), most=200)
    checked = text(
        _("依据核对情况"), most=200, help_text=_("如：已对照某某办法第几条；没有核对的写明以哪个部门解释为准")
    )
    reason = forms.CharField(
        label=_("为什么改"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写进历次版本，大家都能看到"),
    )

    _ONLY: ClassVar[dict[str, tuple[str, ...]]] = {
        Standing.ALLOWED: ("wording", "inputs", "askers", "conditions", "days", "needs_head", "purpose_hint"),
        Standing.NOT_ALLOWED: ("instead", "offices", "bring"),
        Standing.ENDED: ("offices", "bring", "instead"),
    }

    def __init__(
        self,
        *args: Any,
        regions: list[tuple[str, str]],
        standing: str = Standing.ALLOWED,
        is_new: bool = True,
        fixed_title: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.standing = standing
        wanted = self._ONLY[standing]
        for name in {one for group in self._ONLY.values() for one in group} - set(wanted):
            del fields[name]
        fields["region_code"].choices = regions
        fields["since"].initial = timezone.localdate()
        if standing == Standing.ENDED:
            fields["instead"].required = False
        if fixed_title:
            fields["title"].disabled = True
            fields["title"].help_text = _("名称出自国家的清单，不能改；怎么办、到哪里办可以写得更具体")
        if is_new:
            del fields["reason"]

    def clean_also(self) -> list[str]:
        """One name each."""
        return _lines(self.cleaned_data["also"])

    def clean_inputs(self) -> list[dict[str, Any]]:
        """名称：提示, a line each."""
        found = []
        for line in self.cleaned_data["inputs"].splitlines():
            if not line.strip():
                continue
            key, _colon, label = line.replace(":", "：").partition("：")
            if not key.strip():
                raise forms.ValidationError(_("请每行写成“名称：提示”。"))
            found.append({"key": key.strip(), "label": label.strip() or key.strip(), "most": 60})
        return found

    @property
    def values(self) -> dict[str, Any]:
        """The fields of an edition."""
        left = ("region_code", "since", "reason")
        found = {key: value for key, value in self.cleaned_data.items() if key not in left}
        return found | {"standing": str(self.standing)}


class OfficeForm(forms.Form):
    """An office."""

    region_code = forms.ChoiceField(label=_("管哪里"), help_text=_("这里的居民会被引导到这个机构"))
    kind = forms.ChoiceField(label=_("类别"), choices=list(OFFICES.items()))
    name = text(_("名称"), most=60, required=True)
    address = text(_("地址"), most=120)
    phone = text(_("电话"), most=60)
    hours = text(_("办理时间"), most=60)
    reason = text(_("为什么改"), most=200, required=True, help_text=_("如：搬迁、改名、换电话"))

    def __init__(
        self, *args: Any, regions: list[tuple[str, str]], is_new: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["region_code"].choices = regions
        if is_new:
            del fields["reason"]


class AnswerForm(forms.Form):
    """What an organisation answered."""

    answer = forms.CharField(
        label=_("交涉结果"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("如：已函告，答复改为个人书面承诺，不再要求社区证明"),
    )
