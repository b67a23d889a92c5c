"""`rules`: while a condition holds, some settings should be so."""

from luxagent.config.conditions import WHEN
from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, Place, quote
from luxagent.config.kinds import NAME, SERIAL, SWITCH, check_name, duration, looks_like_serial, words
from luxagent.config.nodes import Items, Node, Scalar, entry_of
from luxagent.config.schemas import TEXT
from luxagent.config.sets import SETS
from luxagent.config.shape import Fields, Key, Kind, Section, list_of, one_or_many, section
from luxagent.core.policy.conditions import Always
from luxagent.core.policy.rules import Rule, Scope


def _device(node: Node, context: Context) -> str:
    written = context.text(node)
    known = context.known.devices
    if written in known:
        return known[written]
    if looks_like_serial(written):
        return written
    check_name(written, known, "device")
    raise AssertionError  # check_name raises for a name that is not known


def _channel(node: Node, context: Context) -> str:
    return check_name(context.text(node), context.known.channels, "channel")


DEVICES = Key(
    "devices",
    one_or_many(Kind(_device, SERIAL.schema), "devices"),
    "Only these inverters: names of `names`, or serial numbers.",
)
NOTIFY = Key("notify", one_or_many(Kind(_channel, TEXT), "channels"), "Channels of `notify` to tell.")
ENABLED = Key("enabled", SWITCH, "`off` keeps it in the file without effect.")

_SCOPES = words("unit", "inverter")
_NAME = Key("name", NAME, "What it is called in messages and in the journal; no two alike.", required=True)
_WHEN = Key("when", WHEN, "While this holds, the settings should be so.", required=True)
_SET = Key("set", SETS, "The settings, and what they should be.", required=True)
_HOLD = Key(
    "hold", duration(0.0, 86400.0), "Once taken, readings cannot end it sooner; the end of a window can."
)
_SCOPE = Key(
    "scope",
    Kind(lambda node, context: Scope(_SCOPES.read(node, context)), _SCOPES.schema),
    "`inverter` decides for each inverter by itself; absent is once for the whole unit.",
)
SECTION = Section("rules", "a rule", (_NAME, _WHEN, _SET, _HOLD, _SCOPE, DEVICES, NOTIFY, ENABLED))


def _rule(fields: Fields, _context: Context) -> Rule:
    return Rule(
        name=fields.get_or(_NAME, ""),
        when=fields.get_or(_WHEN, Always()),
        sets=fields.get_or(_SET, {}),
        hold_s=fields.get_or(_HOLD, 0.0),
        scope=fields.get_or(_SCOPE, Scope.UNIT),
        devices=frozenset(fields.get(DEVICES) or ()),
        notify=fields.get_or(NOTIFY, ()),
        enabled=fields.get_or(ENABLED, default=True),
    )


_LIST = list_of(section(SECTION, _rule), "rules")


def refuse_twins(node: Node, what: str, context: Context) -> None:
    """A finding for each item of a list whose `name` an earlier one has."""
    seen: dict[str, Place] = {}
    for item in node.items if isinstance(node, Items) else ():
        entry = entry_of(item, "name")
        if entry is None or not isinstance(entry.node, Scalar):
            continue
        flat = " ".join(entry.node.text.split())
        if flat in seen:
            message = f"there are two {what} named {quote(flat)}, the first on line {seen[flat].line}"
            context.error(entry.node.place, Fault(message, "give one another name", Code.DUPLICATE_NAME))
        seen.setdefault(flat, entry.node.place)


def _rules(node: Node, context: Context) -> tuple[Rule, ...]:
    refuse_twins(node, "rules", context)
    return _LIST.read(node, context)


RULES: Kind[tuple[Rule, ...]] = Kind(_rules, _LIST.schema)
