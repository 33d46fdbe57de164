"""The one view that answers with a kept file (`access.sealed_files`): what a page's rows allow, and nothing else."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.views.generic import View

from linli.access import sealed_files
from linli.pages.views import Permitted


def sent(path: str, name: str, media_type: str) -> FileResponse:
    """A kept file under its own name: pictures are shown in the page, all else is a download. Raises Http404 when it is gone."""
    try:
        data = sealed_files.read(path)
    except FileNotFoundError:
        raise Http404 from None
    shown = media_type.startswith("image/")
    return FileResponse(io.BytesIO(data), as_attachment=not shown, filename=name, content_type=media_type)


class SealedFile(Permitted, View):
    """A paper or picture of a row, for whoever may see the row: `get_queryset()` says which rows, `files` is the rows' name for
    their papers (with `path`, `name` and `media_type`). The address gives the row's `pk` and the paper's `file`."""

    files = "files"

    def get(self, request: HttpRequest, pk: int, file: int) -> FileResponse:
        """The file as it was given."""
        row: Any = self.get_queryset().filter(pk=pk).first()
        found = getattr(row, self.files).filter(pk=file).first() if row is not None else None
        if found is None:
            raise Http404
        return sent(found.path, found.name, found.media_type)
