"""`python -m linli.ledgers.tests.unseen FOLDER` writes the workbooks and, beside each, what its blanks ask, so that
`linli forms measure FOLDER --expect FOLDER` measures them."""

from __future__ import annotations

import sys
from pathlib import Path

from linli.ledgers.tests.unseen import FORMS
from linli.ledgers.tests.unseen.build import write

write(FORMS, Path(sys.argv[1]))
