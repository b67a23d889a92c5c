"""`keep`: how long the state folder remembers."""

from dataclasses import dataclass

from luxagent.config.context import Context
from luxagent.config.kinds import duration
from luxagent.config.shape import Fields, Key, Kind, Section, section

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class KeepSection:
    """In seconds."""

    readings_s: float = 30 * DAY_S
    journal_s: float = 2 * 365 * DAY_S


_DEFAULT = KeepSection()
_READINGS = Key(
    "readings", duration(0.0, 3660 * DAY_S), "Of what devices reported; 0 keeps none. Absent is 30 days."
)
_JOURNAL = Key(
    "journal", duration(31 * DAY_S, 36600 * DAY_S), "Of what was decided and done. Absent is 2 years."
)
KEEP_SECTION = Section("keep", "keep", (_READINGS, _JOURNAL))


def _keep(fields: Fields, _context: Context) -> KeepSection:
    return KeepSection(
        fields.get_or(_READINGS, _DEFAULT.readings_s), fields.get_or(_JOURNAL, _DEFAULT.journal_s)
    )


KEEP: Kind[KeepSection] = section(KEEP_SECTION, _keep)
