"""One line of the journal. `rows` fills lines; the package's face shows them."""

from dataclasses import dataclass, field
from datetime import datetime

from luxagent.core.facts.settings import SettingValue


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


def _plain(value: SettingValue | None) -> object:
    return list(value) if isinstance(value, tuple) else value
