"""A day of one number as a row of blocks, a column for each part of the day.

A column shows the mean of its samples; columns without any stay empty. Pure.
"""

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"


class Series:
    """Samples of one number over a day, by how much of the day has gone."""

    def __init__(self) -> None:
        self._samples: list[tuple[float, float]] = []

    def add(self, part: float, value: float | None) -> None:
        """A sample at a part of the day, 0 to 1. None is unknown and leaves no mark."""
        if value is not None:
            self._samples.append((part, value))

    def clear(self) -> None:
        """A new day begins."""
        self._samples.clear()

    def columns(self, width: int) -> list[float | None]:
        """The mean of each column."""
        sums, counts = [0.0] * width, [0] * width
        for part, value in self._samples:
            index = min(width - 1, max(0, int(part * width)))
            sums[index] += value
            counts[index] += 1
        return [total / count if count else None for total, count in zip(sums, counts, strict=True)]


def block_row(columns: Sequence[float | None], top: float) -> str:
    """Blocks from 0 to `top`; nothing at or near 0 is the lowest line, unknown is blank."""
    return "".join(" " if value is None else _block(value, top) for value in columns)


def _block(value: float, top: float) -> str:
    share = 0.0 if top <= 0 else min(1.0, max(0.0, value / top))
    return BLOCKS[min(len(BLOCKS) - 1, int(share * len(BLOCKS)))]
