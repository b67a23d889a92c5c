"""What one rule of three conditions costs, beside the same condition written by hand.

Run: python benchmarks/rules.py. Targets: at most 3.4 times by hand for the answer, 10 times with its full
explanation. Ratios travel between machines, nanoseconds do not.
"""

import sys
import timeit
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from luxagent.core.policy.compile import compile_condition
from luxagent.core.policy.conditions import All, Bound, Compare, Op, TimeIn
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.scene import Scene
from luxagent.core.values.moment import Calendar
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import Edge, Window

ZONE = ZoneInfo("America/Phoenix")
PEAK = Window(Edge(16 * 60), Edge(21 * 60))
TARIFF = Tariff((Period("peak", 0.31, windows=(PEAK,)), Period("off-peak", 0.08)))
NIGHT = Window(Edge(23 * 60 + 30), Edge(5 * 60 + 30))
RULE = All(
    (
        Compare("soc_pct", Op.BELOW, Bound(30)),
        TimeIn((NIGHT,)),
        Compare("price", Op.BELOW, Bound(0.12)),
    )
)


def by_hand(seen: dict[str, Any]) -> bool:
    """The same in one function on a dict."""
    return seen["soc_pct"] < 30 and (seen["minute"] >= 1410 or seen["minute"] < 330) and seen["price"] < 0.12


def nanoseconds(call: Callable[[Any], Any], argument: Any) -> float:  # noqa: ANN401
    """The best of nine runs."""
    rounds = 100_000
    names = {"call": call, "argument": argument}
    return min(timeit.repeat("call(argument)", globals=names, number=rounds, repeat=9)) / rounds * 1e9


def main() -> None:
    judge, explain = compile_condition(RULE, "Fill up on cheap power", Ground.of(ZONE, TARIFF))
    moment = Calendar(ZONE).moment(datetime(2026, 6, 1, 9, tzinfo=UTC))
    print(f"Python {sys.version.split()[0]}; a rule of soc, time over midnight and price")
    for what, soc in (("all three hold", 20.0), ("the first does not", 50.0)):
        seen = {"soc_pct": soc, "minute": moment.minute, "price": 0.08}
        scene = Scene("unit", moment, {"soc_pct": soc})
        if judge(scene) is not by_hand(seen) or explain(scene).truth is not by_hand(seen):
            raise SystemExit("they disagree")
        hand, answer, reasons = (
            nanoseconds(by_hand, seen), nanoseconds(judge, scene), nanoseconds(explain, scene)
        )  # fmt: skip
        print(
            f"{what:20} by hand {hand:5.0f} ns   answer {answer:5.0f} ns = {answer / hand:4.1f}x   "
            f"with reasons {reasons:5.0f} ns = {reasons / hand:4.1f}x"
        )


if __name__ == "__main__":
    main()
