"""What a witness keeps of answers and requests."""

from dataclasses import dataclass
from datetime import datetime

from luxagent.core.events import WriteIntended
from tests.life.homes import Key
from tests.life.words import Asked, Value


@dataclass(frozen=True, slots=True)
class Heard:
    """The newest answer about an inverter's readings."""

    tick: int
    at: datetime
    uploaded_at: datetime
    firmware: str
    lost: bool
    status: int | None
    soc_pct: float | None
    """None where it is missing, or no percentage."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest answer about a setting."""

    tick: int
    at: datetime
    value: Value


@dataclass(frozen=True, slots=True)
class Order:
    """A control request, and the intent behind it. `meant_at`: when that was put on disk."""

    at: datetime
    meant_at: datetime
    tick: int
    asked: Asked
    intent: WriteIntended

    @property
    def key(self) -> Key:
        return self.asked.serial, self.asked.setting

    @property
    def number(self) -> int:
        return self.intent.number

    @property
    def homeward(self) -> bool:
        return self.intent.homeward
