"""Forms written before anybody looked at what the engine makes of them."""

from linli.ledgers.tests.unseen.build import Unseen
from linli.ledgers.tests.unseen.sight.cards import CARDS
from linli.ledgers.tests.unseen.sight.civil import CIVIL
from linli.ledgers.tests.unseen.sight.mixed import MIXED
from linli.ledgers.tests.unseen.sight.numbers import NUMBERS
from linli.ledgers.tests.unseen.sight.offices import OFFICES

SIGHT: tuple[Unseen, ...] = (*CIVIL, *OFFICES, *NUMBERS, *CARDS, *MIXED)

__all__ = ["SIGHT"]
