"""Forms that differ from those the engine was built with: other provinces, other departments, other habits of drawing."""

from linli.ledgers.tests.unseen.build import Unseen
from linli.ledgers.tests.unseen.cards import CARDS
from linli.ledgers.tests.unseen.formulas import FORMULAS
from linli.ledgers.tests.unseen.mixed import MIXED
from linli.ledgers.tests.unseen.more import MORE
from linli.ledgers.tests.unseen.numbers import NUMBERS
from linli.ledgers.tests.unseen.own_codes import OWN_CODES
from linli.ledgers.tests.unseen.places import PLACES
from linli.ledgers.tests.unseen.rosters import ROSTERS

SINGLE: tuple[Unseen, ...] = (*ROSTERS, *PLACES, *NUMBERS, *CARDS, *MORE, *FORMULAS, *OWN_CODES)
FORMS: tuple[Unseen, ...] = (*SINGLE, *MIXED)

__all__ = ["FORMS", "MIXED", "SINGLE", "Unseen"]
