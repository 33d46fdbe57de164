"""`python -m linli.ledgers.tests.unseen.sight FOLDER` writes these forms and what their blanks ask."""

from __future__ import annotations

import sys
from pathlib import Path

from linli.ledgers.tests.unseen.build import write
from linli.ledgers.tests.unseen.sight import SIGHT
from linli.ledgers.tests.unseen.sight.second import SECOND
from linli.ledgers.tests.unseen.sight.third import THIRD

write((*SIGHT, *SECOND, *THIRD), Path(sys.argv[1]))
