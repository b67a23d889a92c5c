"""What is allowed but probably not meant: warnings about one rule. Deeper lint needs the whole policy."""

from collections.abc import Iterator

from luxagent.config.context import Context
from luxagent.config.findings import Code, Place
from luxagent.config.nodes import Items, Node, Table
from luxagent.core.facts.settings import FORCES_CHARGE, FORCES_DISCHARGE
from luxagent.core.policy.conditions import All, AnyOf, Compare, Condition, Held, Op
from luxagent.core.policy.rules import Rule


def lint_rule(rule: Rule, when: Node | None, context: Context) -> None:
    """Warn of a threshold on SOC without `until` where the rule itself moves SOC away from it."""
    if when is None:
        return
    charges = any(rule.sets.get(name, False) is not False for name in FORCES_CHARGE)
    drains = any(rule.sets.get(name) is True for name in FORCES_DISCHARGE)
    for part in _asserted(rule.when):
        if not isinstance(part, Compare) or part.metric != "soc_pct" or part.until is not None:
            continue
        if (charges and part.op in (Op.BELOW, Op.AT_MOST)) or (drains and part.op in (Op.ABOVE, Op.AT_LEAST)):
            message = "this rule moves the SOC it waits for, so it would switch on and off around one value"
            context.warn(
                _place_of("soc", when),
                Code.NO_UNTIL,
                message,
                "say until where it lets go: below 60% until 78%",
            )
            return


def _asserted(condition: Condition) -> Iterator[Condition]:
    """The leaves that count as they are written, none of those below a `not`."""
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from _asserted(part)
    elif isinstance(condition, Held):
        yield from _asserted(condition.part)
    else:
        yield condition


def _place_of(name: str, node: Node) -> Place:
    """Where a key first stands inside a condition; else where the condition does."""
    return next(_places_of(name, node), node.place)


def _places_of(name: str, node: Node) -> Iterator[Place]:
    if isinstance(node, Table):
        for key, entry in node.entries.items():
            if key == name:
                yield entry.node.place
            elif key != "not":
                yield from _places_of(name, entry.node)
    elif isinstance(node, Items):
        for item in node.items:
            yield from _places_of(name, item)
