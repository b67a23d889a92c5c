"""Windows of the inverter's own clock, as settings hold them: "23:30-05:30", at most three to a list."""

DAY_MIN = 1440

Span = tuple[int, int]
"""Start and end in minutes of the day; over midnight where the end is not after the start."""


def span_of(window: str) -> Span | None:
    """A window as the inverter holds it; None for an unused one.

    The inverter knows no 24:00: it is the next day's 00:00. From 00:00 to 00:00 means unused there, so that
    the whole day is 00:00 to 23:59.
    """
    start, end = (_minute(edge) for edge in window.split("-"))
    if (start, end) == (0, DAY_MIN):
        end -= 1
    start, end = start % DAY_MIN, end % DAY_MIN
    return None if start == end else (start, end)


def spans(windows: tuple[str, ...]) -> frozenset[Span]:
    """The windows in use, in no order."""
    return frozenset(span for window in windows if (span := span_of(window)) is not None)


def window_of(span: Span) -> str:
    """The other way round: (1410, 330) is "23:30-05:30"."""
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in span)


def in_span(span: Span, minute: int) -> bool:
    """Whether a minute of the day is inside."""
    start, end = span
    return start <= minute < end if start < end else minute >= start or minute < end


def in_windows(windows: tuple[str, ...], minute: int) -> bool:
    """Whether a minute of the day is inside any of them."""
    return any(in_span(span, minute) for span in spans(windows))


def _minute(edge: str) -> int:
    hour, minute = edge.split(":")
    return int(hour) * 60 + int(minute)
