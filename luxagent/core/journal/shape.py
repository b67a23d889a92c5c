"""One line of the journal, and values in words. `rows` fills lines; the package's face shows them."""

from dataclasses import dataclass, field
from datetime import datetime

from luxagent.core.facts.settings import SettingValue, describe
from luxagent.core.values.units import format_quantity


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the journal. The fields are `log --json`'s keys, in order; `at` is in UTC."""

    at: datetime
    kind: str
    serial: str | None = None
    setting: str | None = None
    before: SettingValue | None = None
    value: SettingValue | None = None
    rule: str | None = None
    because: str | None = None
    state: str = field(kw_only=True)
    detail: str | None = None

    def as_json(self) -> dict[str, object]:
        """The object of `log --json`."""
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "serial": self.serial,
            "setting": self.setting,
            "before": _plain(self.before),
            "value": _plain(self.value),
            "rule": self.rule,
            "because": self.because,
            "state": self.state,
            "detail": self.detail,
        }


def value_text(setting: str, value: SettingValue | None) -> str:
    """A setting's value for people: "60 %", "on", "23:30-05:30"."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, str):
        return value
    try:
        return format_quantity(value, describe(setting).unit)
    except KeyError:  # a setting of another version
        return f"{value:g}"


def _plain(value: SettingValue | None) -> object:
    return list(value) if isinstance(value, tuple) else value
