"""Firmware of the devices: what runs, what is on offer, and how far an update has come."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

_TAKES = timedelta(minutes=25)
_PACKAGES = 561


@dataclass(frozen=True, slots=True)
class Version:
    """A code such as fAAB-2122: the family, then application and parameter versions in hex."""

    family: str
    app: int
    parameters: int

    @property
    def code(self) -> str:
        return f"{self.family}-{self.app:02X}{self.parameters:02X}"


@dataclass(frozen=True, slots=True)
class Progress:
    """An update that was started at `start`; the clock carries it to its end."""

    serial: str
    start: datetime
    target: Version

    def share(self, now: datetime) -> float:
        return min(1.0, max(0.0, (now - self.start) / _TAKES))

    def done(self, now: datetime) -> bool:
        return self.share(now) >= 1.0

    @property
    def end(self) -> datetime:
        return self.start + _TAKES

    def packages(self, now: datetime) -> tuple[int, int]:
        return int(self.share(now) * _PACKAGES), _PACKAGES


@dataclass(slots=True)
class Firmware:
    """All devices of an account. `offers` holds what the vendor would install; none means up to date."""

    running: dict[str, Version]
    offers: dict[str, Version] = field(default_factory=dict)
    updates: dict[str, Progress] = field(default_factory=dict)

    def version(self, serial: str, now: datetime) -> Version:
        self._finish(serial, now)
        return self.running[serial]

    def offer(self, serial: str, now: datetime) -> Version | None:
        self._finish(serial, now)
        return self.offers.get(serial)

    def updating(self, serial: str, now: datetime) -> bool:
        progress = self.updates.get(serial)
        return progress is not None and not progress.done(now)

    def begin(self, serial: str, now: datetime) -> None:
        self.updates[serial] = Progress(serial, now, self.offers[serial])

    def offer_next(self, serial: str, *, steps: int = 4) -> None:
        """Put a newer version on offer."""
        now = self.running[serial]
        self.offers[serial] = replace(now, app=now.app + steps, parameters=now.parameters + steps)

    def _finish(self, serial: str, now: datetime) -> None:
        progress = self.updates.get(serial)
        if progress and progress.done(now) and self.offers.get(serial) == progress.target:
            self.running[serial] = progress.target
            del self.offers[serial]
