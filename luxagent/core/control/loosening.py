"""Whether another value of a limit lets its switch do more: such a way home waits until the switch is off."""

from luxagent.core.facts.settings import SETTINGS, SettingValue

_LESS_IS_MORE = frozenset({"forced_discharge_floor"})


def switch_of(setting: str) -> str | None:
    """The switch that this limit belongs to."""
    row = SETTINGS.get(setting)
    return None if row is None else row.before


def loosens(setting: str, value: SettingValue, have: SettingValue | None) -> bool:
    """Words and windows are no measure: any change of them may let it do more, and so may what is unknown."""
    numbers = (value, have)
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        return True
    more = float(value) - float(have)  # type: ignore[arg-type]
    return more < 0 if setting in _LESS_IS_MORE else more > 0
