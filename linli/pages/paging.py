"""Pages of a list. Counting a million rows costs more than showing fifty, so counts stop at 1,000 ("1,000+") where the planner
expects many rows or much work; the lists of a community or a street are counted to the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from linli.pages.counting import counted

CAP = 1_000
FARTHEST = 20_000
# What may be counted to the end: so many rows and so much work, as the planner estimates them (work in its own units, a page read
# in order being 1). A street of 45,000 people is below both.
CHEAP_ROWS = 60_000
CHEAP_WORK = 40_000.0


def is_cheap(rows: Any) -> bool:
    """Whether the planner expects counting a queryset to be quick; asks for the plan alone."""
    answer = json.loads(rows.explain(format="json"))
    plan = (answer[0] if isinstance(answer, list) else answer)["Plan"]
    return bool(plan["Plan Rows"] <= CHEAP_ROWS and plan["Total Cost"] <= CHEAP_WORK)


def _count(rows: Any) -> tuple[int, bool]:
    """The number of rows and whether there are more, counted no further than CAP where that is dear."""
    found = rows[: CAP + 1].count()
    if found <= CAP:
        return found, False
    return (rows.count(), False) if is_cheap(rows) else (CAP, True)


class CappedPaginator(Paginator):
    """A paginator that counts no further than CAP where counting is dear; beyond it there is only "next".

    `exact=True` counts to the end whatever it costs.
    """

    def __init__(self, object_list: Any, per_page: int, *, exact: bool = False, **kwargs: Any) -> None:
        super().__init__(object_list, per_page, **kwargs)
        self.exact = exact

    def _source(self) -> Any:
        """The queryset or list beneath: a table's rows hold a data object that holds it."""
        rows: Any = self.object_list
        return getattr(getattr(rows, "data", None), "data", rows)

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        """How many rows, and whether there are more than that."""
        data = self._source()
        if not hasattr(data, "query"):
            return len(self.object_list), False
        if self.exact:
            return data.count(), False
        plain = data.order_by()
        return counted(plain, lambda: _count(plain))

    @cached_property
    def count(self) -> int:
        """The number of rows, at most CAP where counting further is dear."""
        return self._counted[0]

    @property
    def capped(self) -> bool:
        """Whether there are more rows than counted."""
        return self._counted[1]

    @property
    def count_text(self) -> str:
        """The count as people read it: 600, or 1,000+."""
        return f"{self.count:,}{'+' if self.capped else ''}"

    def validate_number(self, number: Any) -> int:
        """The nearest page there is; lists answer any ?page= sensibly instead of failing."""
        try:
            wanted = int(number)
        except (TypeError, ValueError):
            return 1
        last = FARTHEST if self.capped else self.num_pages
        return max(1, min(wanted, last))

    def page(self, number: Any) -> CappedPage:
        """One page, read with one row more so that "next" is known beyond the cap."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        if not self.capped:
            return CappedPage(self.object_list[start : start + self.per_page], number, self, None)
        keys = len(self._source().values_list("pk", flat=True)[start : start + self.per_page + 1])
        rows = self.object_list[start : start + self.per_page]
        return CappedPage(rows, number, self, keys > self.per_page)

    def window(self, number: int) -> Iterator[int | None]:
        """Page numbers to offer around one page; None stands for a gap."""
        last = max(self.num_pages, number)
        shown = {1, number - 2, number - 1, number, number + 1, number + 2, last}
        before = 0
        for one in sorted(n for n in shown if 1 <= n <= last):
            if one > before + 1:
                yield None
            yield one
            before = one


class CappedPage(Page):
    """A page that knows whether another follows even where the rows were not counted to the end."""

    paginator: CappedPaginator

    def __init__(self, object_list: Any, number: int, paginator: CappedPaginator, more: bool | None) -> None:
        super().__init__(object_list, number, paginator)
        self.more = more

    def has_next(self) -> bool:
        """Whether another page follows."""
        return super().has_next() if self.more is None else self.more

    def next_page_number(self) -> int:
        """The number of the page that follows."""
        return self.number + 1

    def start_index(self) -> int:
        """The number of the first row of this page, from 1."""
        return (self.number - 1) * self.paginator.per_page + 1 if self.paginator.count else 0

    def end_index(self) -> int:
        """The number of the last row of this page."""
        return (self.number - 1) * self.paginator.per_page + len(self.object_list)

    @property
    def window(self) -> list[int | None]:
        """See CappedPaginator.window."""
        return list(self.paginator.window(self.number))
