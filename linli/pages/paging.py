"""Pages of a list. Counting a million rows costs more than showing fifty, so counts stop at 1,000 ("1,000+")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

CAP = 1_000
FARTHEST = 20_000


class CappedPaginator(Paginator):
    """A paginator that counts no further than CAP; beyond it there is only "next".

    `exact=True` counts to the end, for lists where that is cheap.
    """

    def __init__(self, object_list: Any, per_page: int, *, exact: bool = False, **kwargs: Any) -> None:
        super().__init__(object_list, per_page, **kwargs)
        self.exact = exact

    def _source(self) -> Any:
        """The queryset or list beneath: a table's rows hold a data object that holds it."""
        rows: Any = self.object_list
        return getattr(getattr(rows, "data", None), "data", rows)

    @cached_property
    def _counted(self) -> int:
        data = self._source()
        if self.exact or not hasattr(data, "query"):
            return len(self.object_list) if not hasattr(data, "query") else data.count()
        return data.order_by()[: CAP + 1].count()

    @cached_property
    def count(self) -> int:
        """The number of rows, at most CAP."""
        return self._counted if self.exact else min(self._counted, CAP)

    @property
    def capped(self) -> bool:
        """Whether there are more rows than counted."""
        return not self.exact and self._counted > CAP

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
