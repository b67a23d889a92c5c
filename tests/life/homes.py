"""Where every setting belongs, kept apart from the agent: what it was, and what people made of it since."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.life.words import Value, same

Key = tuple[str, str]
"""Serial and setting."""


@dataclass(slots=True)
class Hand:
    """Somebody's change in the app. `shown_at`: when the agent was first shown it."""

    value: Value
    at: datetime
    strange: bool
    """It is no value that the agent could take for its own doing, or for a home that it knows."""
    shown_at: datetime | None = None
    clear: bool = False
    """Nothing else could explain it, so that the agent must call it another hand."""
    instead_of: list[Value] = field(default_factory=list)
    """Where the setting belonged until that was clear."""


@dataclass(slots=True)
class Homes:
    """By serial and setting: the values it may rightly be left at once no rule wants it."""

    values: dict[Key, list[Value]] = field(default_factory=dict)
    ever: dict[Key, list[Value]] = field(default_factory=dict)
    hands: dict[Key, Hand] = field(default_factory=dict)
    updates: dict[str, datetime] = field(default_factory=dict)
    """When the last update of an inverter's firmware ends."""
    loose: set[Key] = field(default_factory=set)
    """Written while a firmware put back what it had: then the agent may take that for another hand."""
    found: dict[Key, list[Value]] = field(default_factory=dict)
    """What writes have left behind, as far as somebody looked."""
    _said: set[Key] = field(default_factory=set)
    """Set by a person through luxagent, and not looked at since: that is the later word."""
    _shown: dict[Key, Value] = field(default_factory=dict)

    def begin(self, serial: str, setting: str, value: Value) -> None:
        """What it was when all began."""
        self.values[serial, setting] = [value]
        self.ever[serial, setting] = [value]

    def changed(self, key: Key, value: Value, at: datetime) -> None:
        """Somebody changed it. Until the agent has seen that, what it was before is as good."""
        setting = key[1]
        known = any(same(setting, one, value) for one in self.ever[key])
        strange = not isinstance(value, bool | str) and not known
        self.hands[key] = Hand(value, at, strange)
        self.values[key].append(value)
        self.ever[key].append(value)

    def brought(self, key: Key, value: Value, found: Value | None) -> None:
        """It was to be brought to the baseline: there, or as far as the inverter went, is home as well."""
        self.values[key] += [one for one in (value, found) if one is not None]

    def settled(self, key: Key, value: Value) -> None:
        """The baseline is in place: that is home from now on."""
        self.values[key] = [value]
        self.ever[key].append(value)

    def shown(self, key: Key, value: Value, at: datetime, *, could_know: bool) -> None:
        """The agent was shown what the inverter has. `could_know`: it can tell whose doing a change is."""
        last = self._shown.get(key)
        self._shown[key] = value
        could_know = could_know and key not in self._said
        self._said.discard(key)
        hand, setting = self.hands.get(key), key[1]
        if hand is None or hand.shown_at is not None or not same(setting, hand.value, value):
            return
        hand.shown_at = at
        hand.clear = hand.strange and could_know and last is not None and not same(setting, last, value)
        if hand.clear:
            hand.instead_of, self.values[key] = self.values[key], [value]

    def died(self, began: datetime) -> None:
        """The agent was killed in a tick that began then: what it was shown in it must be shown again."""
        for key, hand in self.hands.items():
            if hand.shown_at is None or hand.shown_at < began:
                continue
            if hand.clear:
                self.values[key] = hand.instead_of
            hand.shown_at, hand.clear = None, False

    def forgive(self, setting: str = "", serial: str | None = None) -> None:
        """A person says `resume`, or sets this setting: what was left alone may be tried anew."""
        for key, hand in self.hands.items():
            meant = setting in ("", key[1]) and serial in (None, key[0])
            hand.clear = hand.clear and not meant
        self._said |= {key for key in self.values if setting == key[1] and serial in (None, key[0])}

    def enforced(self, key: Key) -> None:
        """A file that enforces what it says over other hands was in force meanwhile."""
        if key in self.hands:
            self.hands[key].clear = False

    def knows(self, key: Key, value: Value) -> bool:
        """Whether the setting ever was so, and not by a rule."""
        return any(same(key[1], one, value) for one in self.ever.get(key, []))

    def updated_lately(self, serial: str, at: datetime) -> bool:
        """Whether an update of its firmware may explain anything."""
        return serial in self.updates and at - self.updates[serial] < timedelta(hours=2)
