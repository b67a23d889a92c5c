"""What an owner probably meant by a word that is not known: `did you mean 'interval'?`

The nearest word by letters may be the very opposite (`grid: on` lies near `down`), and a suggestion that
turns the meaning round is worse than none: such a one is passed over. Words that other programs and
languages use for the same thing are known by themselves, however far apart the letters are.
"""

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher, get_close_matches

from luxagent.config.elsewhere import meant_elsewhere
from luxagent.config.findings import allowed
from luxagent.config.homes import where_it_belongs

_CLOSE = 0.6
_CLOSE_TO_A_SIDE = 0.75
_FEW = 12
"""As many names a message can list."""

_SIDES = (
    ("on up yes true enabled online running", "off down no false disabled offline idle"),
    ("above over more", "below under less"),
    ("least min minimum", "most max maximum"),
    ("charge charging", "discharge discharging"),
    ("sunrise dawn", "sunset dusk"),
    ("import", "export"),
    ("all and", "any or"),
)
"""Words of which a name holds one or the other, never both in one sense."""
_NEGATIONS = ("dis", "off", "non", "not", "no", "un")

_OTHER_WORDS = {
    "and": "all", "or": "any", "unless": "not", "except": "not",
    "if": "when", "while": "when", "trigger": "when", "triggers": "when", "condition": "when",
    "conditions": "when",
    "then": "set", "do": "set", "action": "set", "actions": "set",
    "else": "", "otherwise": "", "disabled": "enabled",
}  # fmt: skip
"""What keys are called elsewhere, and here; empty is what there is not."""


_SUN_EVENT = re.compile(r"sunrise|sunset|dawn|dusk|noon")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean 'interval'?`, or what is allowed where the list is short, or nothing."""
    names = list(known)
    elsewhere = meant_elsewhere(word, names)
    if elsewhere:
        return f"did you mean {' or '.join(map(repr, elsewhere))}?"
    found = near(word, names)
    if found:
        return f"did you mean {found!r}?"
    return allowed(names) if 0 < len(names) <= _FEW else ""


def near(word: str, known: Iterable[str]) -> str:
    """The nearest name by letters that does not say the opposite; empty where there is none."""
    by_lower = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), by_lower, n=8, cutoff=_CLOSE)
    return next((by_lower[one] for one in close if not _opposed(word.lower(), one)), "")


def key_meant(word: str, known: Collection[str], empty: Collection[str] = ()) -> str:
    """The same of a key, which other programs may call by another word, or which stands in the wrong place.

    `empty` are the keys beside it that have no value: it may be their own, not indented.
    """
    belongs = where_it_belongs(word, known, empty)
    if belongs and not meant_elsewhere(word, known):
        return belongs
    in_a_rule, in_a_condition = "when" in known, "not" in known
    if in_a_condition and _SUN_EVENT.search(word.lower()):
        return "it is an edge of a time: write time: sunset - 30 min to 23:00"
    here = _OTHER_WORDS.get(word.lower())
    if here is None:
        return did_you_mean(word, known)
    if here == "enabled" and here in known:
        return "write enabled: off"
    if here in known:
        return f"did you mean {here!r}?"
    if in_a_rule and here in ("all", "any", "not"):
        return f"it belongs under `when`, and is called `{here}` there"
    if here == "set" and (in_a_rule or in_a_condition):
        return "a rule's `set` stands beside its `when`" if in_a_condition else "an alert sets nothing"
    if here == "when" and in_a_condition:
        return "leave it out: all that stands here must hold"
    if not here and ("set" in known or in_a_condition):
        return "there is none: where `when` does not hold, a lower rule or `baseline` decides"
    return did_you_mean(word, known)


def is_from_elsewhere(word: str) -> bool:
    """Whether a key is another program's word, so not a slip of the finger for one of ours."""
    return word.lower() in _OTHER_WORDS


def _opposed(word: str, name: str) -> bool:
    """Whether a name of ours says the opposite of a word as it was written, slips of the finger and all."""
    words, names = re.findall("[a-z]+", word), set(re.findall("[a-z]+", name))
    for sides in _SIDES:
        first, second = (set(side.split()) for side in sides)
        said = {_side(one, first, second) for one in words} - {None}
        meant = {one in first for one in names & (first | second)}
        if len(said) == len(meant) == 1 and said != meant:
            return True
    return _negates(word, name) or _negates(name, word)


def _side(word: str, first: set[str], second: set[str]) -> bool | None:
    """Whether a word is one of the first, rather than of the second; None where it is neither."""
    close = get_close_matches(word, sorted(first | second), n=1, cutoff=_CLOSE_TO_A_SIDE)
    return close[0] in first if close else None


def _negates(one: str, other: str) -> bool:
    """Whether one is the other behind a `not`: off_peak and peak."""
    flat, plain = (re.sub("[^a-z0-9]", "", text) for text in (one, other))
    return any(
        flat.startswith(no) and _likeness(flat[len(no) :], plain) > _likeness(flat, plain)
        for no in _NEGATIONS
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
