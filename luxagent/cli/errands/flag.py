"""`flag`: a mode switched by hand, on for a while or until it is switched off."""

from datetime import timedelta

from luxagent.cli.errands.desk import Desk, Misasked, is_set, said, seconds_or_none, text_of
from luxagent.cli.errands.words import NOBODY_RUNS, until_words
from luxagent.core.events import FlagSet
from luxagent.store.requests import Answer, Body


def carry_out(desk: Desk, body: Body) -> Answer:
    """Remember it, and let a running agent go by it at once."""
    name, on, for_s = text_of(body, "name"), is_set(body, "on"), seconds_or_none(body, "for_s")
    declared = desk.policy.ruleset.flags
    if name not in declared:
        raise Misasked(unknown(name, declared))
    now = desk.now()
    until = now + timedelta(seconds=for_s) if on and for_s is not None else None
    desk.record(FlagSet(now, name, on, until))
    words = f"Flag {name} is on{until_words(until, desk.zone)}." if on else f"Flag {name} is off."
    if not desk.daemon:
        return said(words, NOBODY_RUNS)
    return said(words, desk.try_tick())


def unknown(name: str, declared: frozenset[str]) -> str:
    """That the file does not have such a flag, and which it has."""
    if not declared:
        return f"There is no flag {name!r}: the rules file declares none (flags: [{name}])."
    return f"There is no flag {name!r}. The rules file declares: {', '.join(sorted(declared))}."
