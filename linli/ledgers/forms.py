"""The pages' forms: upload, correct a column, choose a scope, fill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import Permission
from linli.facts.dictionary import Dictionary, Element
from linli.kernel.hanzi import initials
from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import MAX_BYTES
from linli.ledgers.kept_values import words_of
from linli.ledgers.meaning import own_lists
from linli.ledgers.meaning.lexicon import lexicons_of
from linli.ledgers.meaning.mapping import ELEMENT, NEVER, NUMBER, SERIAL, UNKNOWN, Mapping
from linli.ledgers.recognition import CARD, ROSTER, Recognition
from linli.pages.widgets import Combobox, DateInput, FileDrop
from linli.regions import names
from linli.regions.models import Level, Region

# Lists up to this length are shown in the dictionary's order.
FEW = 8

OTHERS = ((UNKNOWN, _("留空，以后再说")), (SERIAL, _("顺序号 1、2、3")), (NEVER, _("由人填写")))


class FindingCombobox(Combobox):
    """A combobox whose options are also found by synonyms and pinyin initials."""

    def __init__(self, *args: Any, found_by: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_by = found_by or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Django's option with what it is found by."""
        option = super().create_option(name, value, *args, **kwargs)
        if words := self.found_by.get(str(value)):
            option["attrs"]["data-find"] = words
        return option


class UploadForm(forms.Form):
    """A department's empty workbook."""

    file = forms.FileField(
        label=_("要填的表格"),
        widget=FileDrop(
            {"accept": ".xlsx"}, limit=MAX_BYTES, says=_("把部门发来的空表（.xlsx）拖到这里，或点击选择")
        ),
        error_messages={
            "required": _("请选择要填的表格。"),
            "empty": _("文件是空的，请重新选择要填的表格。"),
        },
    )

    def clean_file(self) -> Any:
        """Not larger than a form may be."""
        file = self.cleaned_data["file"]
        if file.size > min(MAX_BYTES, settings.LINLI_UPLOAD_MAX_BYTES):
            raise forms.ValidationError(_("文件超过 30 MB，不像一张待填的空表；请只上传空表。"))
        return file


def _found_by(label: str, element: Element) -> str:
    words = (label, *element.also)
    return " ".join((*element.also, *(initials(word) for word in words)))


def element_choices(words: Dictionary, subject: str) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Every element that a column of this subject may ask, its own first, and what each is found by."""
    lexicons = lexicons_of(words)
    here = words.subject(subject)
    choices: list[tuple[str, str]] = []
    found_by: dict[str, str] = {}

    def add(prefix: str, elements: Iterable[Element]) -> None:
        for element in elements:
            path = f"{prefix}{element.key}"
            label = words.label(subject, path)
            choices.append((path, label))
            found_by[path] = _found_by(label, element)

    add("", here.elements.values())
    for link in here.links.values():
        if link.key in ("last_living",):
            continue
        add(f"{link.key}.", lexicons.of(link.to).subject.elements.values())
    return choices, found_by


class ColumnForm(forms.Form):
    """What a column asks: one search over the dictionary and the other ways to treat it."""

    meaning = forms.ChoiceField(
        label=_("这一列填什么"),
        help_text=_(
            "点开列表选一项，或输入几个字、拼音首字母查找。更正会记住：以后无论谁上传同样结构的表，这一列都按此处理；"
            "核对页上会写明是谁在哪天更正的，可以撤销。"
        ),
        error_messages={"required": _("请从列表中选一项。")},
    )

    def __init__(
        self, *args: Any, words: Dictionary, recognition: Recognition, mapping: Mapping, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        elements, found_by = element_choices(words, recognition.subject)
        first = [(f"element:{path}", f"{label}（建议）") for path, label in mapping.suggestions]
        rest = [(f"element:{path}", label) for path, label in elements]
        found = {f"element:{path}": text for path, text in found_by.items()}
        choices = [("", ""), *first, *[(key, label) for key, label in OTHERS], *rest]
        if mapping.number:
            choices = [("", ""), (NUMBER, mapping.element_label), *OTHERS]
        seen: set[str] = set()
        unique = [choice for choice in choices if not (choice[0] in seen or seen.add(choice[0]))]  # type: ignore[func-returns-value]
        field = self.fields["meaning"]
        field.choices = unique  # type: ignore[attr-defined]
        field.widget = FindingCombobox(
            choices=unique, found_by=found, placeholder=_("输入几个字查找，例如：联系电话")
        )

    def chosen(self) -> tuple[str, str]:
        """(target, element path)."""
        target, _colon, element = self.cleaned_data["meaning"].partition(":")
        return (ELEMENT, element) if target == "element" else (target, "")


class ValuesForm(forms.Form):
    """Which word of the form's own list is written for each of our values; of many, those that the base has come first, then those
    that no name tells."""

    def __init__(
        self,
        *args: Any,
        mapping: Mapping,
        element: Element,
        groups: dict[str, list[str]],
        in_use: frozenset[str] = frozenset(),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (one, one if squash(one).endswith(squash(word)) else f"{one}（{word}）")
            for one, word in words_of(mapping)
        ]
        every = own_lists.values_of(element, groups)
        said = mapping.values or own_lists.counterparts(element, mapping.options, mapping.says, groups)
        order = list(every)
        used = in_use & every.keys() if len(every) > FEW else frozenset()
        if len(every) > FEW:
            order.sort(key=lambda key: (bool(used) and key not in used, bool(said.get(key))))
        for key in order[: own_lists.MOST_VALUES]:
            self.fields[f"value_{key}"] = forms.ChoiceField(
                label=_("%(value)s（现在没有）") % {"value": every[key]}
                if used and key not in used
                else every[key],
                required=False,
                choices=[("", _("留空")), *offered],
                initial=said.get(key, ""),
                error_messages={"invalid_choice": _("请从表上的选项里选。")},
            )
        if len(every) > 2:
            self.fields["value_*"] = forms.ChoiceField(
                label=_("上面选“留空”的，一律写成"),
                required=False,
                choices=[("", _("不写，留空")), *offered],
                initial=said.get(own_lists.REST, ""),
                help_text=_("例如表上只分“汉族、少数民族”时，这里选“少数民族”。"),
                error_messages={"invalid_choice": _("请从表上的选项里选。")},
            )

    def chosen(self) -> dict[str, str]:
        """The word chosen for each value that has one."""
        return {
            name.removeprefix("value_"): word
            for name, word in self.cleaned_data.items()
            if name.startswith("value_") and word
        }


class ScopeForm(forms.Form):
    """Whom the form lists."""

    conditions = forms.MultipleChoiceField(
        label=_("填哪些"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("可以多选，多选时须同时符合；一项不选，填全部。"),
    )

    def __init__(self, *args: Any, words: Dictionary, subject: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        conditions = words.subject(subject).conditions.values()
        self.fields["conditions"].choices = [(c.key, c.label) for c in conditions]  # type: ignore[attr-defined]


class FillForm(forms.Form):
    """For which community, as of which day."""

    region = forms.ChoiceField(label=_("填哪个社区"))
    on = forms.DateField(label=_("数据日期"), widget=DateInput, help_text=_("按这一天的情况填写。"))
    notes = forms.BooleanField(
        label=_("附上“填报说明”工作表"), required=False, help_text=_("逐列说明来源和空白原因，报送前可删除。")
    )
    highlight = forms.BooleanField(label=_("空白格标浅黄色"), required=False)
    who = forms.CharField(
        label=_("只填这几位"),
        required=False,
        max_length=400,
        help_text=_("写姓名，几位之间用顿号隔开；一户一张的写户主姓名。不写就给范围内的每人（户）填一张。"),
    )

    def __init__(self, *args: Any, user: Any, kind: str = ROSTER, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {"on": today, "notes": True, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if kind != CARD:
            del self.fields["who"]
        if kind != ROSTER:
            del self.fields["highlight"]
        choices, found_by = region_choices(user)
        field = self.fields["region"]
        if choices:
            own, label = own_region(user, choices)
            self.initial.setdefault("region", own)
            field.help_text = _("默认是您岗位所在的%(region)s，可以改选。") % {"region": label}
        field.choices = choices  # type: ignore[attr-defined]
        if len(choices) > 8:
            field.widget = FindingCombobox(
                choices=choices, found_by=found_by, placeholder=_("输入社区名称或拼音首字母")
            )
        self.fields["on"].widget.attrs["max"] = f"{today:%Y-%m-%d}"


def own_region(user: Any, choices: list[tuple[str, str]]) -> tuple[str, str]:
    """Where the user starts: the region of their own post where they may fill forms — a street's officer at the whole
    street, a community's worker at the community — as (order key, label)."""
    labels = dict(choices)
    for post in user.current_posts:
        if post.region_code in labels and user.can(Permission.FILL_FORMS, post.region_code):
            return post.region_code, labels[post.region_code]
    return choices[0]


def region_choices(user: Any) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The regions where the user may fill forms: district, streets, communities, grids, each with everything in it."""
    choices: list[tuple[str, str]] = []
    found_by: dict[str, str] = {}
    for scope in user.scopes(Permission.FILL_FORMS):
        rows = Region.objects.filter(region_code__gte=scope.low, region_code__lt=scope.high)
        for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID):
            for region in rows.filter(level=level, valid_to__isnull=True).order_by("region_code")[:2000]:
                label = names.path(region.region_code, since=Level.STREET) or region.title
                if level in (Level.STREET, Level.DISTRICT):
                    label = f"{label}（全部社区）"
                choices.append((region.region_code, label))
                found_by[region.region_code] = f"{region.initials} {region.pinyin}"
    unique = list(dict(choices).items())
    return unique, found_by
