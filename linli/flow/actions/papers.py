"""Papers that come with a step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linli.access import sealed_files
from linli.flow.actions.working import Work
from linli.flow.models import CaseStep, Paper


def papers_kept(work: Work, step: CaseStep, papers: Iterable[Any]) -> None:
    """Keep uploaded papers with a step. Raises RuleError for what is no paper (see `sealed_files.keep`)."""
    for upload in papers:
        kept = sealed_files.keep(upload, folder="flow", field="papers")
        Paper.objects.create(
            case=work.case,
            step=step,
            path=kept.path,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
        )
