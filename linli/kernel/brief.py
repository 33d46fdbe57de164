"""What a process remembers for a moment: the answer to a question that many pages ask and that changes seldom."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Brief(Generic[T]):
    """Answers by question, each for so many seconds; the `most` last used are held. Safe between threads; two that ask at once may
    both find out."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, question: Hashable, find_out: Callable[[], T], seconds: float) -> T:
        """The answer held, or found out now; 0 seconds hold nothing."""
        if not seconds:
            return find_out()
        now = time.monotonic()
        with self._lock:
            at, held = self._held.get(question, (0.0, None))
            if held is not None and now - at < seconds:
                self._held.move_to_end(question)
                return cast(T, held)
        found = find_out()
        with self._lock:
            self._held[question] = (now, found)
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        return found

    def forget(self) -> None:
        """Hold nothing any more."""
        with self._lock:
            self._held.clear()
