"""Taking an uploaded workbook in: kept under MEDIA_ROOT until its job is over."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from linli.audit.recording import RuleError
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.regions.models import Region
from linli.registry.intake.actions import may_import
from linli.registry.intake.reading import BadWorkbook, check


def start_import(*, acting_user: Any, file: BinaryIO, name: str, region: Region) -> Job:
    """Look at the file, keep it, and start the import as a job.

    Raises RuleError when the user may not import there or the file is not a workbook of residents and homes.
    """
    may_import(acting_user, region)
    folder = Path(settings.MEDIA_ROOT) / "intake"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = folder / f"{uuid.uuid4().hex}.xlsx"
    try:
        with open(kept, "wb") as target:
            kept.chmod(0o600)
            shutil.copyfileobj(file, target, 1024 * 1024)
        check(kept, name)
        return jobs.start(
            acting_user=acting_user,
            kind="intake.import",
            title=_("导入 %(name)s（%(region)s）") % {"name": Path(name).name[:60], "region": region.title},
            region_code=region.region_code,
            path=str(kept.relative_to(settings.MEDIA_ROOT)),
            region=region.region_code,
            name=Path(name).name[:100],
        )
    except BadWorkbook as error:
        kept.unlink(missing_ok=True)
        raise RuleError(str(error), field="file") from None
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
