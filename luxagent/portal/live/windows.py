"""The inverter's own windows, edge by edge: which edges to send, in which order.

One request moves one edge, so that between two of them a window stands half-moved, and stays so if the agent
dies there. An interim is harmless when nothing is open that neither the old nor the new windows have open.
That cannot always be: a window that moves over a gap must span it. Then the order that opens least is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product

from luxagent.core.facts.clock_windows import DAY_MIN, Span, spans

Slots = tuple[Span, ...]
"""Every window the inverter has room for; (0, 0) is unused."""
UNUSED: Span = (0, 0)
_DAY = (1 << DAY_MIN) - 1


@dataclass(frozen=True, slots=True)
class Edge:
    """One request: an edge of a slot moves to a minute of the day."""

    slot: int
    end: bool
    minute: int

    def on(self, slots: Slots) -> Slots:
        """The windows once it has moved."""
        start, end = slots[self.slot]
        moved = (start, self.minute) if self.end else (self.minute, end)
        return (*slots[: self.slot], moved, *slots[self.slot + 1 :])


def edges(there: Slots, wanted: tuple[str, ...]) -> tuple[Edge, ...]:
    """What to send, in order. Raises ValueError where the inverter has not room for so many windows.

    Least harm first, then fewest requests, then the first slots: each way of putting the wanted windows into
    the slots, each order of the slots and of the two edges of one is tried. With three slots that is a few
    hundred.
    """
    asked = sorted(spans(wanted))
    if len(asked) > len(there):
        raise ValueError(f"{len(asked)} windows do not fit into {len(there)}")
    best: tuple[tuple[int, int, int, tuple[int, ...]], tuple[Edge, ...]] | None = None
    allowed = open_minutes(there) | open_minutes(asked)
    for goal in set(permutations([*asked, *[UNUSED] * (len(there) - len(asked))])):
        for path in _paths(there, goal):
            harm = [minutes.bit_count() for minutes in _excess(there, path, allowed)]
            cost = (max(harm, default=0), len(path), sum(harm), tuple(edge.slot for edge in path))
            if best is None or cost < best[0]:
                best = cost, path
    return best[1] if best is not None else ()


def open_minutes(slots: Sequence[Span]) -> int:
    """The minutes of the day inside any window, as bits.

    Nobody knows what an inverter makes of equal edges other than 00:00: they count as the whole day.
    """
    found = 0
    for start, end in slots:
        if start == end:
            found |= _DAY if start else 0
        elif start < end:
            found |= (1 << end) - (1 << start)
        else:
            found |= _DAY ^ ((1 << start) - (1 << end))
    return found


def _excess(there: Slots, path: Sequence[Edge], allowed: int) -> Iterator[int]:
    """What each interim has open beyond what is allowed."""
    for edge in path[:-1]:
        there = edge.on(there)
        yield open_minutes(there) & ~allowed


def _paths(there: Slots, goal: Slots) -> Iterator[tuple[Edge, ...]]:
    """Every order in which to move the edges that differ, slot by slot."""
    moves = []
    for slot, (now, then) in enumerate(zip(there, goal, strict=True)):
        if now != then:
            pair = [Edge(slot, bool(n), then[n]) for n in (0, 1) if now[n] != then[n]]
            moves.append([tuple(order) for order in permutations(pair)])
    for order in permutations(moves):
        for choice in product(*order):
            yield tuple(edge for pair in choice for edge in pair)
