"""Lists that come in pages: asked for until all rows are there, or a page brings nothing new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from luxagent.portal.fields import rows

T = TypeVar("T")

MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One answer of a list, and what it holds by id."""

    answer: Mapping[str, object]
    found: Mapping[str, T]
    last: bool = False
    """The list does not come in pages."""


def all_pages(ask: Callable[[int], Page[T]]) -> tuple[T, ...]:
    """Everything that the pages from 1 on hold, in the portal's order."""
    found: dict[str, T] = {}
    for number in range(1, MOST_PAGES + 1):
        page = ask(number)
        before = len(found)
        found.update(page.found)
        if page.last or not _more(page.answer, len(found), before):
            break
    return tuple(found.values())


def _more(answer: Mapping[str, object], found: int, before: int) -> bool:
    """Whether another page is worth asking for: the answer claims more rows, and this page brought some."""
    claimed = answer.get("total")
    listed = rows(answer.get("rows"))
    return isinstance(claimed, int) and found < claimed and found > before and bool(listed)
