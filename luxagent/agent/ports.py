"""What the loop needs from the world. The adapters fit these shapes without importing them.

mypy checks the fit where `cli` builds the parts. A dry run is wired without a `Hand`: there is then nothing
in the program that could write.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from luxagent.core.alerts.message import ChannelTrouble, Message
from luxagent.core.control.answers import Reply
from luxagent.core.events import Event
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SettingValue
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant


class Clock(Protocol):
    """Time as an argument."""

    def now(self) -> datetime:
        """The wall clock, aware."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps, for waits and deadlines only."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass; returns early when something wants the loop's attention."""
        ...


class Reader(Protocol):
    """Reads the plant. Raises TryLater when nothing could be read, NeedsPerson when a person must act."""

    def read(self, needs: frozenset[Need], settings: frozenset[str]) -> Plant:
        """Devices with readings and the named settings (by name, "charge_limit"), polled per block.

        Settings may be up to five minutes old here. What failed for one device is unknown there and told
        in `Plant.errors`; an account without any answer raises.
        """
        ...

    def read_settings(self, serial: str, names: frozenset[str]) -> Mapping[str, SettingValue | None]:
        """These settings of one inverter, asked for now, never from a cache; None could not be read.

        Never raises for a device that does not answer: every name is then None.
        """
        ...

    def updating(self) -> bool | None:
        """Whether any device of the account is updating its firmware, asked for now; None is unknown."""
        ...


class Hand(Protocol):
    """The only way to write. Sends once, never raises for what the portal answers."""

    def send(self, serial: str, setting: str, value: SettingValue) -> Reply:
        """One setting value to one inverter. `quick_charge` takes seconds, or False to stop it."""
        ...


class Ledger(Protocol):
    """What must outlive the process."""

    def load(self) -> Memory:
        """Everything recorded so far, folded; asked for after every `append`."""
        ...

    def append(self, events: Sequence[Event]) -> None:
        """On disk (fsync) when this returns."""
        ...


class Messenger(Protocol):
    """Takes messages for people; delivery is its own business and never delays the loop."""

    def put(self, messages: Sequence[Message]) -> None: ...


class Channels(Protocol):
    """Knows which ways to people do not work."""

    def failing(self) -> Mapping[str, ChannelTrouble]:
        """By channel name; empty where all is well."""
        ...


class Heartbeat(Protocol):
    """Told after every tick."""

    def beat(self, good: bool) -> None: ...
