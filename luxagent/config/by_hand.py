"""One setting as a person gives it by hand, with the same grammar, limits and leave as in the file."""

from luxagent.config.context import Context
from luxagent.config.findings import START, Fault, quote
from luxagent.config.meant import did_you_mean
from luxagent.config.nodes import Entry, Items, Node, Scalar, Table
from luxagent.config.secrets import Vault
from luxagent.config.sets import SETS
from luxagent.core.facts.settings import (
    PARAMETER_PREFIX,
    RAW_PREFIX,
    SETTINGS,
    SettingKind,
    SettingValue,
)
from luxagent.core.policy.rules import Ruleset

_NO_WINDOWS = ("", "[]", "none")


def setting_value(name: str, written: str, ruleset: Ruleset) -> SettingValue:
    """The value of `NAME=VALUE` in base units. Raises Fault for what the file would not take either.

    Windows are given with commas between them, in [ ] or without, `none` for none at all; settings by the
    portal's own name are `raw:HOLD_X` and `parameter:21`.
    """
    check_setting(name)
    context = Context("", Vault({}), resolve=False)
    context.known.limits, context.known.guards = ruleset.limits, ruleset.guards
    found = SETS.read(_tree(name, written), context)
    if context.findings:
        first = context.findings[0]
        raise Fault(first.message, first.hint)
    return found[name]


def check_setting(name: str) -> None:
    """Raises Fault for a name that is no setting's."""
    if name not in SETTINGS and not name.startswith((RAW_PREFIX, PARAMETER_PREFIX)):
        raise Fault(f"there is no setting {quote(name)}", did_you_mean(name, SETTINGS))


def _tree(name: str, written: str) -> Table:
    """What the file would have in the place of `NAME=VALUE`."""
    for prefix, key in ((RAW_PREFIX, "raw"), (PARAMETER_PREFIX, "parameters")):
        if name.startswith(prefix):
            inner = _table(name.removeprefix(prefix), Scalar(START, written))
            return _table(key, inner)
    if SETTINGS[name].kind is SettingKind.WINDOWS:
        return _table(name, _windows(written))
    return _table(name, Scalar(START, written))


def _windows(written: str) -> Items:
    listed = written.strip()
    if listed.lower() in _NO_WINDOWS:
        return Items(START, ())
    if listed.startswith("[") and listed.endswith("]"):
        listed = listed[1:-1]
    return Items(START, tuple(Scalar(START, part.strip()) for part in listed.split(",")))


def _table(name: str, node: Node) -> Table:
    return Table(START, {name: Entry(START, node)})
