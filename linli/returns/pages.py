"""名册入库: upload a filled roster, say what its columns mean, look at what it would change, apply it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from linli.access import sealed_files
from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.jobs import actions as jobs
from linli.ledgers import kept_values
from linli.ledgers.forms import ValuesForm
from linli.ledgers.meaning.mapping import ASKED, ELEMENT, UNKNOWN
from linli.pages.views import EditPage, Permitted, error_texts
from linli.pages.widgets import Combobox, DateInput, FileDrop
from linli.regions.models import Region
from linli.registry.groups import seeing
from linli.registry.intake.pages import regions_for
from linli.registry.sources import knowing
from linli.registry.sources.models import SourceKind
from linli.returns import actions, rules
from linli.returns.jobs import APPLY, PREVIEW
from linli.returns.models import Return, State
from linli.returns.takers import taker_for
from linli.returns.takers.base import Option

IMPORT = Permission.IMPORT_REGISTRY
SHOWN = 200
# Longer rosters are looked at and applied as a job.
AT_ONCE = 100


class UploadForm(forms.Form):
    """A filled roster, and who gave it."""

    file = forms.FileField(
        label=_("填好的名册"), widget=FileDrop(limit=20 << 20, says=_("把 Excel 文件拖到这里，或点下面选择"))
    )
    region = forms.ChoiceField(label=_("哪个社区或街道的"), widget=Combobox(placeholder=_("输入名称查找")))
    sender = forms.CharField(
        label=_("谁给的"),
        max_length=60,
        help_text=_("例如 延庆区民政局、东外社区网格员。同一家下次再给同样的表，会记得每列的含义。"),
    )
    source = forms.ModelChoiceField(
        label=_("来源种类"),
        queryset=SourceKind.objects.none(),
        empty_label=_("请选择"),
        help_text=_("说法与库里不同时，更可靠的优先。"),
    )
    on = forms.DateField(label=_("数据日期"), widget=DateInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        choices = [(one.region_code, one.title) for one in regions_for(user)]
        region.choices = choices if len(choices) == 1 else [("", ""), *choices]
        knowing.kinds()
        source: Any = self.fields["source"]
        source.queryset = SourceKind.objects.all()


class ReturnList(EditPage):
    """/returns/: upload, and what was uploaded before."""

    permission = IMPORT
    template_name = "returns/list.html"
    title = _("名册入库")
    subtitle = _("填好的居民、房屋、楼栋、单位、从业人员等名册，直接更新底数")
    form_class = UploadForm
    submit_label = _("上传并识别")
    success_message = _("已识别，请核对每一列的含义。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user's regions."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With one's own rosters."""
        mine = Return.objects.filter(uploaded_by_id=self.request.user.pk).select_related("source")[:30]
        return super().get_context_data(mine=mine, groups=seeing.groups(self.request.user), **kwargs)

    def perform(self, form: Any) -> Return:
        """Keep and recognise it."""
        data = form.cleaned_data
        region = Region.objects.filter(region_code=data["region"]).first()
        if region is None:
            raise RuleError(_t("请从列表中选择社区或街道。"), field="region")
        made, left = actions.upload_workbook(
            acting_user=self.request.user,
            name=data["file"].name,
            data=data["file"].read(),
            region=region,
            sender=data["sender"],
            source=data["source"],
            on=data["on"],
        )
        if left:
            messages.warning(
                self.request,
                _t("工作表%(names)s不是逐行登记的名册，没有读。")
                % {"names": "".join(f"“{one}”" for one in left)},
            )
        return made[0]


class OptionsForm(forms.Form):
    """What is to be done with rows that are new or differ."""

    def __init__(self, options: list[Option], chosen: dict[str, Any]) -> None:
        super().__init__(initial={one.key: chosen.get(one.key, one.default) for one in options})
        for one in options:
            if one.choices:
                widget = Combobox() if len(one.choices) > 12 else forms.Select()
                self.fields[one.key] = forms.ChoiceField(
                    label=one.label, required=False, choices=one.choices, widget=widget
                )
            else:
                self.fields[one.key] = forms.BooleanField(label=one.label, required=False)


class Own(Permitted):
    """Pages of one's own roster."""

    permission = IMPORT
    kwargs: dict[str, Any]

    def returned(self) -> Return:
        """The roster named in the address."""
        return actions.own_return(self.request.user, self.kwargs["pk"])


class ReturnPage(Own, TemplateView):
    """/returns/<id>/: columns, options, preview, result."""

    template_name = "returns/return.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What there is to see at this stage."""
        returned = self.returned()
        recognition = returned.recognition
        terms = actions.words()
        taker = taker_for(returned, self.request.user, terms)
        columns = []
        for mapping in recognition.mappings:
            known = mapping.target == ELEMENT
            columns.append(
                {
                    "label": mapping.label,
                    "meant": mapping.element_label if known else "",
                    "used": known and taker.target(mapping.element) is not None,
                    "why": taker.why_left(mapping.element) if known else "",
                    "declined": mapping.target == "declined",
                    "unknown": mapping.target in (UNKNOWN, ASKED) and not mapping.remembered,
                    "remembered": mapping.remembered,
                    "url": reverse("returns:column", args=[returned.pk, mapping.column]),
                    "values": reverse("returns:values", args=[returned.pk, mapping.column])
                    if kept_values.element_of(mapping, recognition, terms) is not None
                    else "",
                    "valued": mapping.valued,
                }
            )
        kind = self.request.GET.get("kind", "")
        rows = returned.rows if returned.state != State.MAPPED else []
        tabs = [
            {"key": key, "label": label, "count": returned.counts.get(key, 0)}
            for key, label in rules.KINDS
            if returned.counts.get(key)
        ]
        if not any(tab["key"] == kind for tab in tabs):
            kind = str(tabs[0]["key"]) if tabs else ""
        shown = [row for row in rows if row["kind"] == kind]
        both = actions.together(returned)
        return super().get_context_data(
            returned=returned,
            title=returned.title,
            columns=columns,
            used=sum(1 for one in columns if one["used"]),
            unknown=[one["label"] for one in columns if one["unknown"]],
            sheet=recognition.sheet,
            together=[{"one": one, "sheet": one.recognition.sheet} for one in both] if len(both) > 1 else [],
            options=OptionsForm(taker.options(), returned.options),
            noun=taker.noun,
            page_name=taker.page,
            is_people=recognition.subject == "person",
            tabs=tabs,
            kind=kind,
            rows=shown[:SHOWN],
            more=max(0, len(shown) - SHOWN),
            previewed=returned.state == State.PREVIEWED,
            applied=returned.state == State.APPLIED,
            sentence=actions.sentence(returned) if returned.state != State.MAPPED else "",
            crumbs=[(_t("名册入库"), reverse("returns:list")), (returned.title, "")],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """`do`: options (and look), preview, apply."""
        returned = self.returned()
        do = request.POST.get("do", "")
        try:
            if do == "preview":
                actions.choose_options(
                    acting_user=request.user,
                    return_id=returned.pk,
                    chosen=request.POST.dict(),
                )
                return self._work(returned, PREVIEW, actions.preview_return, _t("名册预览"))
            if do == "apply":
                return self._work(returned, APPLY, actions.apply_return, _t("名册入库"))
        except RuleError as error:
            for said in error_texts(error):
                messages.error(request, said)
            return HttpResponseRedirect(returned.get_absolute_url())
        raise Http404

    def _work(self, returned: Return, kind: str, action: Any, title: str) -> HttpResponse:
        """At once where the roster is short, else as a job."""
        if self._length(returned) <= AT_ONCE:
            made = action(acting_user=self.request.user, return_id=returned.pk)
            if made.state == State.APPLIED:
                messages.success(self.request, _t("已入库：%(said)s。") % {"said": actions.sentence(made)})
            return HttpResponseRedirect(made.get_absolute_url())
        job = jobs.start(
            acting_user=self.request.user,
            kind=kind,
            title=f"{title}：{returned.title}",
            region_code=returned.region_code,
            returned=returned.pk,
        )
        return HttpResponseRedirect(job.get_absolute_url())

    def _length(self, returned: Return) -> int:
        if returned.counts:
            return sum(n for key, n in returned.counts.items() if key != "back")
        return actions.count_rows(returned)


class ColumnForm(forms.Form):
    """What a column means."""

    element = forms.ChoiceField(
        label=_("这一列是"),
        required=False,
        widget=Combobox(placeholder=_("输入名称查找，如 文化程度")),
        help_text=_("从数据字典里选；清空就是这一列不入库。"),
    )


class ColumnPage(Own, EditPage):
    """/returns/<id>/columns/<column>/"""

    form_class = ColumnForm
    title = _("这一列是什么")
    success_message = _("已记住，这一家下次给同样的表不用再选。")

    def get_object(self) -> Any:
        """The roster."""
        return self.returned()

    def _mapping(self) -> Any:
        recognition = self.object.recognition
        found = next((one for one in recognition.mappings if one.column == self.kwargs["column"]), None)
        if found is None:
            raise Http404
        return found

    def get_form(self, form_class: Any = None) -> Any:
        """With what can be picked."""
        form = super().get_form(form_class)
        taker = taker_for(self.object, self.request.user, actions.words())
        form.fields["element"].choices = [("", ""), *taker.choices()]
        self.subtitle = self._mapping().label
        return form

    def get_initial(self) -> dict[str, Any]:
        """As it is understood."""
        return {"element": self._mapping().element}

    def perform(self, form: Any) -> Return:
        """Remember it."""
        return actions.pick_column(
            acting_user=self.request.user,
            return_id=self.object.pk,
            column=self.kwargs["column"],
            element=form.cleaned_data["element"],
        )


class ValuesPage(Own, EditPage):
    """/returns/<id>/columns/<column>/values/: which word of the form's own list stands for each of our values."""

    form_class = ValuesForm
    success_message = _("选项对好了，以后同样的选项都按此读。")

    def get_object(self) -> Any:
        """The roster."""
        returned = self.returned()
        recognition, terms = returned.recognition, actions.words()
        found = next((one for one in recognition.mappings if one.column == self.kwargs["column"]), None)
        element = kept_values.element_of(found, recognition, terms) if found is not None else None
        if found is None or element is None:
            raise Http404
        self.mapping, self.element, self.groups = found, element, kept_values.group_words(terms)
        self.in_use = kept_values.in_use(found, recognition, terms, self.request.user)
        self.title = _t("“%(label)s”的选项") % {"label": found.label}
        self.intro = _t("下面每一行是登记库的说法，请选它在这张表上怎么写；没有相当的就留空。")
        return returned

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the list."""
        return super().get_form_kwargs() | {
            "mapping": self.mapping,
            "element": self.element,
            "groups": self.groups,
            "in_use": self.in_use,
        }

    def perform(self, form: Any) -> Return:
        """Remember it."""
        return actions.pick_values(
            acting_user=self.request.user,
            return_id=self.object.pk,
            column=self.kwargs["column"],
            values=form.chosen(),
        )


class SentBack(Own, View):
    """/returns/<id>/file: the rows that could not be used."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The workbook."""
        returned = self.returned()
        if not returned.sent_back:
            raise Http404
        answer = HttpResponse(
            sealed_files.read(returned.sent_back),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        answer.headers["Content-Disposition"] = "attachment; filename*=UTF-8''" + _quoted(
            f"{returned.title}（退回）.xlsx"
        )
        return answer


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name)
