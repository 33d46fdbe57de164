"""The lists of places as Excel: at once where they are short, as a job where they are long."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from linli.facts.dictionary import dictionary
from linli.jobs import actions as jobs
from linli.pages.asof import day_of
from linli.pages.views import Permitted
from linli.registry.places import pages, sheets, street_pages

AT_ONCE = 10_000
"""So many rows are written while the user waits; rows that ask much of the base count for more."""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Export(Permitted, View):
    """The rows that the list shows under the same filters, without pages."""

    permission = pages.VIEW
    list_page: Any = None
    subject = ""
    weight = 1

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The file, or the job that makes it."""
        listed = self.list_page()
        listed.setup(request)
        rows = listed.get_rows(listed.get_filterset())
        ids = list(rows.order_by().values_list("pk", flat=True)[: sheets.MOST + 1])
        label = dictionary.subject(self.subject).label
        if len(ids) > sheets.MOST:
            messages.error(
                request,
                _("一次最多导出 %(n)s 行，请先按社区或别的条件筛选，分几次导出。")
                % {"n": f"{sheets.MOST:,}"},
            )
            return HttpResponseRedirect(request.get_full_path().replace("export/", "", 1))
        if len(ids) * self.weight > AT_ONCE:
            user: Any = request.user
            job = jobs.start(
                acting_user=user,
                kind="places.export",
                title=f"导出{label}",
                subject=self.subject,
                ids=ids,
                on=day_of(request).isoformat(),
                region_code=user.main_post.region_code if user.main_post else "",
            )
            return HttpResponseRedirect(reverse("job", args=[job.pk]))
        made = BytesIO()
        sheets.write(request.user, self.subject, ids, made, on=day_of(request))
        made.seek(0)
        name = f"{label}-{day_of(request):%Y%m%d}.xlsx"
        return FileResponse(made, as_attachment=True, filename=name, content_type=EXCEL)


class EstatesExport(Export):
    """/places/export/"""

    model = pages.Estate
    list_page = pages.EstateList
    subject = "estate"
    weight = 20


class BuildingsExport(Export):
    """/places/buildings/export/"""

    model = pages.Building
    list_page = pages.BuildingList
    subject = "building"
    weight = 4


class HomesExport(Export):
    """/places/homes/export/"""

    model = pages.Home
    list_page = pages.HomeList
    subject = "home"


class BackStreetsExport(Export):
    """/places/streets/export/"""

    model = street_pages.BackStreet
    list_page = street_pages.BackStreetList
    subject = "back_street"
