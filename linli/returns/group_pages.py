"""The rosters of groups to be filled in."""

from __future__ import annotations

import io

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.generic import View

from linli.access.models import Permission
from linli.pages.views import Permitted
from linli.registry.groups import seeing
from linli.returns import actions, group_template


class GroupTemplate(Permitted, View):
    """/returns/groups/<code>/template: the template of a group that the user may see."""

    permission = Permission.IMPORT_REGISTRY

    def get(self, request: HttpRequest, code: str) -> FileResponse:
        """Make and send it."""
        group = get_object_or_404(seeing.groups(request.user), code=code)
        target = io.BytesIO()
        group_template.write(target, group, actions.words())
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{group_template.title(group)}-模板.xlsx")
