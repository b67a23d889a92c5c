"""Lists that come in pages: asked for until all rows are there, or a page brings nothing new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from luxagent.portal.fields import rows, whole

T = TypeVar("T")

ROWS = 30
"""Rows that are asked for at once."""
MOST_PAGES = 50
MOST_EVENT_PAGES = 5
"""An event list goes back for years: so much of it is looked through for what is still open."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One answer of a list, and what it holds by id."""

    answer: Mapping[str, object]
    found: Mapping[str, T]
    last: bool = False
    """The list does not come in pages."""

    def wants_more(self, found: int, before: int) -> bool:
        """Whether another page is worth asking for, with so many found by now and so many `before` this one.

        This page brought something, and the portal claims more than that. A portal that claims nothing may
        have more while its pages are full.
        """
        listed = rows(self.answer.get("rows"))
        if self.last or not listed or found <= before:
            return False
        claimed = whole(self.answer.get("total"), 0, 10**9)
        return len(listed) >= ROWS if claimed is None else found < claimed


def all_pages(ask: Callable[[int], Page[T]]) -> tuple[T, ...]:
    """Everything that the pages from 1 on hold, in the portal's order."""
    return tuple(by_id(ask).values())


def by_id(ask: Callable[[int], Page[T]], most: int = MOST_PAGES) -> dict[str, T]:
    """The same by id, of the first `most` pages."""
    found: dict[str, T] = {}
    for number in range(1, most + 1):
        page = ask(number)
        before = len(found)
        found.update(page.found)
        if not page.wants_more(len(found), before):
            break
    return found
