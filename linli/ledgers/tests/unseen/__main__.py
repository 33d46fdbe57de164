"""`python -m linli.ledgers.tests.unseen FOLDER` writes the workbooks and, beside each, what its blanks ask, so that
`linli forms measure FOLDER --expect FOLDER` measures them."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from linli.ledgers.tests.unseen import FORMS

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for form in FORMS:
    (folder / f"{form.name}.xlsx").write_bytes(form.data)
    (folder / f"{form.name}.yaml").write_text(
        yaml.safe_dump(form.expect, allow_unicode=True, sort_keys=False), "utf-8"
    )
