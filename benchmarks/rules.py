"""What one rule of three conditions costs, beside the same condition written by hand and in other engines.

Run: python benchmarks/rules.py. Targets: at most 3.4 times by hand for the answer, 10 times with its full
explanation. Ratios travel between machines, nanoseconds do not.

The other engines are no part of luxagent. To have them in the same run:
pip install --require-hashes -r benchmarks/requirements.txt
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


def nanoseconds(call: Callable[[Any], Any], argument: Any, rounds: int = 100_000) -> float:  # noqa: ANN401
    """The best of nine runs."""
    names = {"call": call, "argument": argument}
    return min(timeit.repeat("call(argument)", globals=names, number=rounds, repeat=9)) / rounds * 1e9


EXPRESSION = "soc_pct < 30 and (minute >= 1410 or minute < 330) and price < 0.12"
ABSENT = "not installed: pip install --require-hashes -r benchmarks/requirements.txt"


def rule_engine() -> Callable[[Any], Any]:
    """rule-engine, parsed once."""
    import rule_engine

    return rule_engine.Rule(EXPRESSION).matches  # type: ignore[no-any-return]


def simpleeval() -> Callable[[Any], Any]:
    """simpleeval, parsed once."""
    from simpleeval import SimpleEval

    engine = SimpleEval()
    parsed = engine.parse(EXPRESSION)

    def run(seen: dict[str, Any]) -> Any:  # noqa: ANN401
        engine.names = seen
        return engine.eval(EXPRESSION, previously_parsed=parsed)

    return run


def jinja2() -> Callable[[Any], Any]:
    """A Jinja2 expression, compiled once."""
    from jinja2 import Environment

    compiled = Environment(autoescape=True).compile_expression(EXPRESSION)
    return lambda seen: compiled(**seen)


OTHERS = {"rule-engine": rule_engine, "simpleeval": simpleeval, "compiled Jinja2": jinja2}


def beside(seen: dict[str, Any], hand: float) -> None:
    """The other engines at the same condition, with no explanation and no unknown."""
    for name, make in OTHERS.items():
        try:
            run = make()
        except ImportError:
            print(f"{name:>20} {ABSENT}")
            continue
        if bool(run(seen)) is not by_hand(seen):
            raise SystemExit(f"{name} disagrees")
        cost = nanoseconds(run, seen, rounds=5_000)
        print(f"{name:>20} answer {cost:6.0f} ns = {cost / hand:5.1f}x")


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
        beside(seen, hand)


if __name__ == "__main__":
    main()
