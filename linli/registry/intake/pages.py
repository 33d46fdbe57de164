"""Uploading a workbook, and downloading the template."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View

from linli.access.models import Permission, scopes_q
from linli.audit.recording import RuleError
from linli.pages.views import EditPage, Permitted
from linli.pages.widgets import Combobox, FileDrop
from linli.regions.models import Level, Region
from linli.registry.groups.models import Group
from linli.registry.intake.columns import COLUMNS, EVERY
from linli.registry.intake.exporting import communities_for
from linli.registry.intake.sheets import write_template
from linli.registry.intake.uploading import start_import
from linli.registry.people.pages import url_or_nothing

_FORM_BYTES = 1024 * 1024  # what a form around the file may weigh
_DRAIN_SECONDS = 30.0


def regions_for(user: Any) -> list[Region]:
    """The streets and communities for which a user may import; a street only where all or part of it is theirs."""
    scopes = user.scopes(Permission.IMPORT_REGISTRY)
    found = list(
        Region.objects.filter(level__in=(Level.STREET, Level.COMMUNITY), valid_to__isnull=True).filter(
            scopes_q("region_code", scopes)
        )
    )
    return found[:3000]


class UploadForm(forms.Form):
    """Which place the workbook is for, and the workbook."""

    region = forms.ChoiceField(
        label=_("导入到"),
        widget=Combobox(placeholder=_("输入社区或街道的名称")),
        help_text=_("选街道时，表里每一行都要写社区。"),
    )
    file = forms.FileField(label=_("居民与房屋表"), help_text=_("填好的 .xlsx 文件。"))

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            *([] if len(regions) == 1 else [("", "")]),
            *((one.region_code, one.title) for one in regions),
        ]
        self.fields["file"].widget = FileDrop(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
            limit=settings.LINLI_UPLOAD_MAX_BYTES,
            says=_("把填好的表拖到这里，或点下面选择"),
        )
        self.fields["file"].widget.is_required = True


def _limit_text() -> str:
    return str(
        _("文件太大，最多 %(n)s MB。请分成几个文件，一个社区一个，再分别上传。")
        % {"n": settings.LINLI_UPLOAD_MAX_BYTES // 1024 // 1024}
    )


@method_decorator(csrf_exempt, name="dispatch")
class ImportPage(EditPage):
    """The upload. The size is looked at before anything is read: even the token's check would take the file in."""

    template_name = "intake/upload.html"
    permission = Permission.IMPORT_REGISTRY
    title = _("导入居民与房屋")
    subtitle = _("把 Excel 表里的居民和房屋一次登记进来，可以反复导入")
    submit_label = _("上传并导入")
    success_message = _("已收到，正在导入。")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse what is too large, then go on with the token checked."""
        if request.method == "POST" and _length(request) > settings.LINLI_UPLOAD_MAX_BYTES + _FORM_BYTES:
            _drain(request)
            said = {"title": self.title, "says": _limit_text()}
            response = render(request, "intake/too_large.html", said, status=413)
            response["Connection"] = "close"
            return response
        protected: Callable[..., HttpResponseBase] = csrf_protect(super().dispatch)
        return protected(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> UploadForm:
        """The form with the user's regions."""
        kwargs = self.get_form_kwargs()
        regions = regions_for(self.request.user)
        wanted = self.request.GET.get("region", "")
        if wanted:
            kwargs["initial"] = {"region": wanted}
        return UploadForm(**kwargs, regions=regions)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way for rosters of another shape."""
        return super().get_context_data(rosters_url=url_or_nothing("returns:list"), **kwargs)

    def perform(self, form: UploadForm) -> Any:
        """Keep the file and start the job."""
        upload = form.cleaned_data["file"]
        if upload.size > settings.LINLI_UPLOAD_MAX_BYTES:
            raise RuleError(_limit_text(), field="file")
        region = Region.objects.get(region_code=form.cleaned_data["region"])
        return start_import(acting_user=self.request.user, file=upload, name=upload.name or "", region=region)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _drain(request: HttpRequest) -> None:
    """Let the sender finish, so that they hear the answer; nothing is kept."""
    until = time.monotonic() + _DRAIN_SECONDS
    try:
        while time.monotonic() < until and request.read(1024 * 1024):
            pass
    except OSError:
        return


class Template(Permitted, View):
    """The template, with the communities and groups of the moment; ?all=1: with the columns beyond the usual ones as well."""

    permission = Permission.IMPORT_REGISTRY

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | FileResponse:
        """Make and send it."""
        target = io.BytesIO()
        tags = Group.objects.filter(is_active=True).values_list("name", flat=True)
        whole = request.GET.get("all") == "1"
        write_template(
            target,
            tags=tags,
            communities=communities_for(request.user),
            columns=EVERY if whole else COLUMNS,
        )
        target.seek(0)
        name = "居民与房屋-模板（全部列）.xlsx" if whole else "居民与房屋-模板.xlsx"
        return FileResponse(target, as_attachment=True, filename=name)
