"""导入单位: the template, and its upload."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.jobs import actions as jobs
from linli.pages.views import EditPage, Permitted
from linli.pages.widgets import Combobox, FileDrop
from linli.regions.models import Region
from linli.registry.intake.exporting import communities_for
from linli.registry.places import areas
from linli.returns import actions, organisation_template
from linli.returns.jobs import IMPORT as JOB

IMPORT, EDIT = Permission.IMPORT_REGISTRY, Permission.EDIT_ORGANISATIONS


class ImportForm(forms.Form):
    """Where the organisations are, and the filled template."""

    region = forms.ChoiceField(
        label=_("导入到"),
        widget=Combobox(placeholder=_("输入社区或街道的名称")),
        help_text=_("选街道时，新登记的单位要写社区或网格。"),
    )
    file = forms.FileField(
        label=_("单位表"),
        widget=FileDrop(limit=20 << 20, says=_("把填好的表拖到这里，或点下面选择")),
        help_text=_("填好的 .xlsx 文件，一次最多 20,000 行。"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        choices = areas.filter_choices(user, IMPORT)
        region.choices = choices if len(choices) == 1 else [("", ""), *choices]


class ImportOrganisations(EditPage):
    """/returns/organisations/"""

    permission = IMPORT
    template_name = "returns/organisations.html"
    form_class = ImportForm
    title = _("导入单位")
    subtitle = _("把 Excel 表里的驻区单位、商户、社会组织一次登记进来，可以反复导入")
    submit_label = _("上传并导入")
    success_message = _("已收到，正在导入。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user's regions."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def perform(self, form: Any) -> Any:
        """Keep the file and start the job."""
        region = Region.objects.filter(region_code=form.cleaned_data["region"]).first()
        if region is None:
            raise RuleError(_t("请从列表中选择社区或街道。"), field="region")
        upload = form.cleaned_data["file"]
        made = actions.upload_organisations(
            acting_user=self.request.user, name=upload.name, data=upload.read(), region=region
        )
        return jobs.start(
            acting_user=self.request.user,
            kind=JOB,
            title=_t("导入单位：%(name)s（%(region)s）")
            % {"name": PurePosixPath(upload.name).name[:60], "region": region.title},
            region_code=region.region_code,
            returned=made.pk,
        )


class OrganisationTemplate(Permitted, View):
    """/returns/organisations/template: the template, with the communities of the moment."""

    permission = IMPORT

    def get(self, request: HttpRequest) -> FileResponse:
        """Make and send it."""
        target = io.BytesIO()
        organisation_template.write(target, communities_for(request.user))
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename="单位-模板.xlsx")
