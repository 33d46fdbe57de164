"""填表: upload a form, see what was recognised, correct it, fill it, take it away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from openpyxl.utils import get_column_letter

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.jobs.actions import start
from linli.ledgers import actions, kept_values
from linli.ledgers.book.workbook import BadWorkbook, Picture, open_workbook, pictures
from linli.ledgers.drawing import draw, tone
from linli.ledgers.filling import EMPTY, expected_rows
from linli.ledgers.filling.cards import MOST_CARDS
from linli.ledgers.forms import ColumnForm, FillForm, ScopeForm, UploadForm, ValuesForm
from linli.ledgers.jobs import FILL, PRINT
from linli.ledgers.meaning.mapping import ASKED, ELEMENT, FORMULA, NEVER, NUMBER, SERIAL, UNKNOWN, Mapping
from linli.ledgers.models import FilledForm, FormUpload
from linli.ledgers.notes import TARGET_LABELS
from linli.ledgers.recognition import AGGREGATE, CARD, ROSTER, Recognition
from linli.ledgers.usual import fill_again, last_filling, usual_forms
from linli.ledgers.value_actions import forget_values, set_values
from linli.pages.views import EditPage, Permitted, put_error

# Blanks listed beside a card or a table of numbers.
MOST_LISTED = 240
HISTORY = 20
# Options without a counterpart that are named beside a column.
MOST_UNUSED = 6
# Rosters up to this many rows are filled while one waits; longer ones by a job.
AT_ONCE = 6_000
# In the session: the filled form whose file is handed over as soon as its page is shown.
TAKE = "take_filled_form"


class _Forms(Permitted):
    """For those who may fill forms; each sees only their own uploads."""

    kwargs: dict[str, Any]
    permission = Permission.FILL_FORMS

    def upload(self) -> FormUpload:
        """The upload named in the address."""
        return actions.own_upload(self.request.user, self.kwargs["pk"])

    def crumbs(self, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
        """Where one is."""
        return [(_("填表"), reverse("forms") if more else ""), *more]


class FormList(_Forms, EditPage):
    """Upload a form; the forms of before below it."""

    template_name = "ledgers/forms.html"
    form_class = UploadForm
    title = _("填表")

    def perform(self, form: Any) -> Any:
        """A form that was filled before is filled at once, as the last time; a new one is looked at first."""
        file = form.cleaned_data["file"]
        upload = actions.upload_form(acting_user=self.request.user, name=file.name, data=file.read())
        last = last_filling(self.request.user, upload)
        if last is not None:
            try:
                return self.again(upload, last)
            except RuleError as problem:
                messages.warning(self.request, problem.message)
        self.success_message = _("已识别。请看一眼每一列，再填写。")
        return reverse("form", args=[upload.pk])

    def again(self, upload: FormUpload, last: FilledForm) -> Any:
        """Fill as the last time, with today's facts; where to go. Raises RuleError."""
        user: Any = self.request.user
        if long_roster(upload, last.region_code, timezone.localdate(), user):
            return fill_by_job(upload, last.region_code, timezone.localdate(), user, notes=True)
        filled = fill_again(acting_user=self.request.user, upload=upload)
        self.request.session[TAKE] = filled.pk
        self.success_message = _("这张表以前填过，已按上次的填法填好今天的数据。")
        return reverse("filled_form", args=[filled.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        uploads = FormUpload.objects.filter(uploaded_by=user).prefetch_related("filled")[:HISTORY]
        filled = FilledForm.objects.filter(made_by=user).select_related("upload")[:HISTORY]
        return super().get_context_data(
            uploads=uploads, filled_forms=filled, usual=usual_forms(user), **kwargs
        )


class FillAgain(_Forms, View):
    """/forms/<id>/again: one press fills a form as the last time, with today's facts, and hands the file over."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the filled form; its file begins to download there."""
        upload = self.upload()
        last = last_filling(request.user, upload)
        if last is None:
            return redirect("form", pk=upload.pk)
        try:
            if long_roster(upload, last.region_code, timezone.localdate(), request.user):
                return fill_by_job(upload, last.region_code, timezone.localdate(), request.user, notes=True)
            filled = fill_again(acting_user=request.user, upload=upload)
        except RuleError as problem:
            messages.error(request, problem.message)
            return redirect("form", pk=upload.pk)
        request.session[TAKE] = filled.pk
        return redirect("filled_form", pk=filled.pk)


def long_roster(upload: FormUpload, region_code: str, on: date, user: Any, who: str = "") -> bool:
    """Whether filling takes longer than somebody waits for; a few named people (`who`) never do. Raises RuleError as filling
    does."""
    recognition = upload.recognition
    if recognition.kind == CARD and who.strip():
        return False
    rows = expected_rows(recognition, actions.words(), region_code=region_code, on=on, user=user)
    return rows > (MOST_CARDS if recognition.kind == CARD else AT_ONCE)


def fill_by_job(upload: FormUpload, region_code: str, on: date, user: Any, **manner: Any) -> HttpResponse:
    """To the job that fills the form."""
    usual: dict[str, Any] = {"highlight": False, "who": ""}
    job = start(
        acting_user=user,
        kind=FILL,
        title=_gettext("填表：%(title)s") % {"title": upload.title},
        region_code=region_code,
        upload=upload.pk,
        region=region_code,
        on=f"{on:%Y-%m-%d}",
        **(usual | manner),
    )
    return redirect("job", pk=job.pk)


class FormPage(_Forms, TemplateView):
    """What was recognised: the sheet's picture beside the columns' meanings; correct, choose, fill."""

    template_name = "ledgers/form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Fill the form."""
        upload = self.upload()
        form = FillForm(request.POST, user=request.user, kind=upload.recognition.kind)
        if form.is_valid():
            try:
                return self.fill(upload, form.cleaned_data)
            except RuleError as problem:
                put_error(form, problem)
        return self.render_to_response(self.get_context_data(fill_form=form), status=422)

    def fill(self, upload: FormUpload, data: dict[str, Any]) -> HttpResponse:
        """Fill at once, or as a job when the roster is long. Raises RuleError."""
        user: Any = self.request.user
        region, on = data["region"], data["on"]
        manner = {
            "notes": data["notes"],
            "highlight": data.get("highlight", False),
            "who": data.get("who", ""),
        }
        if long_roster(upload, region, on, user, manner["who"]):
            return fill_by_job(upload, region, on, user, **manner)
        filled = actions.fill_form(acting_user=user, upload=upload, region_code=region, on=on, **manner)
        return redirect("filled_form", pk=filled.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        upload = self.upload()
        recognition = upload.recognition
        kwargs.setdefault("fill_form", FillForm(user=self.request.user, kind=recognition.kind))
        sheets = self.sheets(upload)
        self.terms = actions.words()
        self.groups = kept_values.group_words(self.terms)
        regions = [
            self.region(upload, region, part, sheets)
            for part, region in enumerate(recognition.regions_of_form)
        ]
        every = recognition.regions_of_form
        return super().get_context_data(
            upload=upload,
            recognition=recognition,
            regions=regions,
            sure=sum(one.count(ELEMENT, NUMBER, SERIAL) for one in every),
            unit=_("列") if all(one.kind == ROSTER for one in every) else _("格"),
            asked=sum(one.count(ASKED) for one in every),
            unknown=sum(one.count(UNKNOWN) for one in every),
            total=len(recognition.all_mappings),
            crumbs=self.crumbs((upload.title, "")),
            **kwargs,
        )

    def region(
        self, upload: FormUpload, region: Recognition, part: int, sheets: list[Picture]
    ) -> dict[str, Any]:
        """One region of the form: its sheet's picture beside what its columns (or blanks) ask."""
        drawn = next((p for p in sheets if p.name == region.sheet), None)
        before = f"{part}-" if part else ""
        return {
            "title": region.title or region.sheet,
            "sheet": region.sheet,
            "place": region.place,
            "kind": region.kind,
            "population": region.population_label,
            "reasons": region.population.reasons,
            "doubt": bool(region.population.doubt) and region.kind == ROSTER,
            "declined": region.declined,
            "fillable": region.fillable,
            "scope": reverse("form_scope_part", args=[upload.pk, part]) if region.subject else "",
            "before": before,
            "drawing": draw(drawn, region) if drawn is not None else None,
            "columns": [self.column(upload, region, m, before) for m in region.mappings[:MOST_LISTED]],
            "unlisted": max(0, len(region.mappings) - MOST_LISTED),
        }

    def column(self, upload: FormUpload, region: Recognition, m: Mapping, before: str) -> dict[str, Any]:
        """What one column (or blank) asks."""
        listed = kept_values.element_of(m, region, self.terms)
        unused = kept_values.unused(m, listed, self.groups) if listed is not None else []
        return {
            "values": reverse("form_values", args=[upload.pk, m.key]) if listed is not None else "",
            "unused": unused[:MOST_UNUSED],
            "unused_more": max(0, len(unused) - MOST_UNUSED),
            "none_used": listed is not None and len(unused) == len(kept_values.words_of(m)),
            "valued": m.valued,
            "forget_values": reverse("form_values_forget", args=[upload.pk, m.key]),
            "anchor": f"{before}{m.where}",
            "letter": m.where,
            "tone": tone(m),
            "label": m.label,
            "meant": m.element_label or TARGET_LABELS.get(m.target, m.target),
            "percent": round(m.confidence * 100) if m.target in (ELEMENT, NUMBER) else None,
            "reasons": m.reasons,
            "suggestions": m.suggestions,
            "who": m.who,
            "required": m.required,
            "correctable": bool(region.subject)
            and m.target != "declined"
            and m.form != FORMULA
            and (region.kind != AGGREGATE or bool(m.number)),
            "remembered": m.remembered,
            "forget": reverse("form_column_forget", args=[upload.pk, m.key]),
            "url": reverse("form_column", args=[upload.pk, m.key]),
        }

    def sheets(self, upload: FormUpload) -> list[Picture]:
        """The sheets' pictures; none when the stored file is gone."""
        try:
            with upload.file.open("rb") as stored:
                return pictures(open_workbook(stored.read()))
        except (BadWorkbook, OSError):
            return []


class CorrectColumn(_Forms, EditPage):
    """Say what a column asks."""

    form_class = ColumnForm
    title: Any = _("更正一列")
    submit_label = _("确定")
    success_message = _("已更正，以后同样的表都按此处理。")

    def get_object(self) -> Any:
        upload = self.upload()
        recognition = upload.recognition.region_of(self.kwargs["column"])
        if recognition is None or not recognition.subject:
            raise Http404
        self.mapping = next(m for m in recognition.mappings if m.key == self.kwargs["column"])
        self.recognition = recognition
        self.title = _gettext("更正“%(label)s”") % {"label": self.mapping.label}
        why = "；".join(self.mapping.reasons)
        self.intro = f"{why}。" if why else ""
        return upload

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "words": actions.words(),
            "recognition": self.recognition,
            "mapping": self.mapping,
        }

    def get_initial(self) -> dict[str, Any]:
        assert self.mapping is not None
        if self.mapping.target == ELEMENT:
            return {"meaning": f"element:{self.mapping.element}"}
        if self.mapping.number:
            return {"meaning": "number"}
        if self.mapping.suggestions:
            return {"meaning": f"element:{self.mapping.suggestions[0][0]}"}
        return {"meaning": self.mapping.target if self.mapping.target in (SERIAL, NEVER) else ""}

    def perform(self, form: Any) -> Any:
        target, element = form.chosen()
        actions.correct_mapping(
            acting_user=self.request.user,
            upload=self.object,
            column=self.kwargs["column"],
            target=target,
            element=element,
        )
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("form", args=[self.object.pk])


class ForgetColumn(_Forms, View):
    """Forget a remembered correction."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forget, then back to the form."""
        upload = self.upload()
        try:
            actions.forget_mapping(acting_user=request.user, upload=upload, column=self.kwargs["column"])
        except RuleError as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("已撤销，这一列重新按表头识别，以后同样的表也是。"))
        return redirect("form", pk=upload.pk)


class ValuesPage(EditPage):
    """Which word of a form's own list is written for each of our values; where the list stands is for whoever inherits."""

    form_class = ValuesForm
    title: Any = _("对选项")
    submit_label = _("确定")
    success_message = _("选项对好了，以后同样的选项都按此填写。")

    def look_at(self, recognition: Recognition, column: int) -> None:
        """Take the list of a column. Raises Http404 where it has none that can be set."""
        region = recognition.region_of(column)
        if region is None:
            raise Http404
        self.mapping = next(m for m in region.mappings if m.key == column)
        terms = actions.words()
        element = kept_values.element_of(self.mapping, region, terms)
        if element is None:
            raise Http404
        self.element, self.groups = element, kept_values.group_words(terms)
        self.in_use = kept_values.in_use(self.mapping, region, terms, self.request.user)
        self.title = _gettext("“%(label)s”的选项") % {"label": self.mapping.label}
        words = "、".join(
            one if one.endswith(word) else f"{one} {word}" for one, word in kept_values.words_of(self.mapping)
        )
        self.intro = _gettext(
            "表上可以选：%(words)s。下面每一行是登记库的说法，请选它在这张表上怎么写；没有相当的就留空，填表时那一格空着。"
        ) % {"words": words}
        if self.in_use:
            self.intro += _gettext("登记库里现在有的排在前面，标着“现在没有”的可以先不管。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "mapping": self.mapping,
            "element": self.element,
            "groups": self.groups,
            "in_use": self.in_use,
        }


class ChooseValues(_Forms, ValuesPage):
    """/forms/<id>/columns/<column>/values/: which word of the form's own list is written for each of our values."""

    def get_object(self) -> Any:
        upload = self.upload()
        self.look_at(upload.recognition, self.kwargs["column"])
        return upload

    def perform(self, form: Any) -> Any:
        set_values(
            acting_user=self.request.user,
            upload=self.object,
            column=self.kwargs["column"],
            values=form.chosen(),
        )
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("form", args=[self.object.pk])


class ForgetValues(_Forms, View):
    """Forget what was said of a list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forget, then back to the form."""
        upload = self.upload()
        try:
            forget_values(acting_user=request.user, upload=upload, column=self.kwargs["column"])
        except RuleError as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("已撤销，这一列的选项重新按名称对照，以后同样的表也是。"))
        return redirect("form", pk=upload.pk)


class ChooseScope(_Forms, EditPage):
    """Say whom the form lists."""

    form_class = ScopeForm
    title = _("选择填报范围")
    submit_label = _("确定")
    success_message = _("填报范围已更改。")

    def get_object(self) -> Any:
        upload = self.upload()
        every = upload.recognition.regions_of_form
        part = self.kwargs.get("part", 0)
        if part >= len(every) or not every[part].subject or every[part].declined:
            raise Http404
        self.recognition = every[part]
        self.intro = "；".join(self.recognition.population.reasons)
        return upload

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "words": actions.words(), "subject": self.recognition.subject}

    def get_initial(self) -> dict[str, Any]:
        return {"conditions": self.recognition.population.conditions}

    def perform(self, form: Any) -> Any:
        actions.choose_scope(
            acting_user=self.request.user,
            upload=self.object,
            conditions=form.cleaned_data["conditions"],
            part=self.kwargs.get("part", 0),
        )
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("form", args=[self.object.pk])


class _Filled(_Forms):
    def filled(self) -> FilledForm:
        """The user's own filled form, where they still may fill forms."""
        rows = FilledForm.objects.permitted(self.request.user, Permission.FILL_FORMS)
        found = (
            rows.filter(pk=self.kwargs["pk"], made_by_id=self.request.user.pk)
            .select_related("upload")
            .first()
        )
        if found is None:
            raise Http404
        return found


class FilledPage(_Filled, TemplateView):
    """The filled form: take it away; its first rows masked; what became of every column."""

    template_name = "ledgers/filled.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filled = self.filled()
        columns = [
            {**c, "letter": f"{get_column_letter(c['column'])}{c.get('row') or ''}"} for c in filled.columns
        ]
        missing = [
            c
            for c in columns
            if c["who_knows"]
            and (c["blank"] or c["target"] not in ("element", "number", "relation", "serial"))
        ]
        by_office: dict[str, list[str]] = {}
        for column in missing:
            by_office.setdefault(column["who_knows"], []).append(column["label"])
        cells = filled.filled_cells + filled.blank_cells
        take = self.request.session.get(TAKE) == filled.pk
        if take:
            del self.request.session[TAKE]
        return super().get_context_data(
            filled=filled,
            take=take,
            columns=columns,
            by_office=sorted(by_office.items(), key=lambda item: -len(item[1])),
            percent=filled.filled_cells * 100 // cells if cells else 0,
            lacking=sum(c["target"] in EMPTY for c in columns),
            by_hand=[c for c in columns if c["target"] == NEVER],
            crumbs=self.crumbs(
                (filled.upload.title, reverse("form", args=[filled.upload_id])), (_("填好的表"), "")
            ),
            **kwargs,
        )


class FilledFile(_Filled, View):
    """The filled workbook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The file under the form's own name."""
        filled = self.filled()
        try:
            stored = filled.file.open("rb")
        except OSError:
            messages.error(request, _("文件已清理，请重新填写。"))
            return redirect("form", pk=filled.upload_id)
        return FileResponse(stored, as_attachment=True, filename=filled.download_name)


class FilledPaper(_Filled, View):
    """/forms/filled/<id>/paper: a PDF to be printed, as a job."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin."""
        filled = self.filled()
        job = start(
            acting_user=request.user,
            kind=PRINT,
            title=_gettext("打印：%(title)s") % {"title": filled.upload.title},
            region_code=filled.region_code,
            filled=filled.pk,
        )
        return redirect("job", pk=job.pk)
