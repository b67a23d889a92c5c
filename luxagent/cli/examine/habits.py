"""What an inverter does by itself that works against the file: schedules, stops and modes nobody mentions.

Each look takes an inverter beside what the file may ever want of it, and speaks only of settings that the
file leaves alone: what it manages, it will put right itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from luxagent.cli.examine.line import Line, ok, warning
from luxagent.core.facts.settings import SETTINGS, SettingValue, describe
from luxagent.core.plant.device import Device
from luxagent.core.policy.policy import Policy

WATCHED = frozenset(
    {
        *("operating_mode", "charge_limit", "ac_charge", "ac_charge_type", "ac_charge_start"),
        *("ac_charge_windows", "forced_charge", "forced_charge_windows"),
        *("forced_discharge", "forced_discharge_windows"),
    }
)
"""What is read for this beside what the file manages."""

_DOES = {
    "ac_charge": "charges from the grid",
    "forced_charge": "gives charging priority",
    "forced_discharge": "pushes the battery out",
}


@dataclass(frozen=True, slots=True)
class Case:
    """An inverter, and every value that the file may want of each setting of it."""

    device: Device
    wanted: Mapping[str, frozenset[SettingValue]]

    def alone(self, name: str) -> SettingValue | None:
        """What a setting reads that the file never touches; None where it does, or where nobody knows."""
        return None if name in self.wanted else self.device.settings.get(name)

    def ever(self, name: str, value: SettingValue) -> bool:
        """Whether the file may ever want this."""
        return value in self.wanted.get(name, ())


def against(device: Device, policy: Policy, *, quick_charge: bool | None = None) -> Iterator[Line]:
    """What works against the file on one inverter; `quick_charge` is whether one runs."""
    about = f"habits of {device.name}"
    case = Case(device, wanted_of(policy, device.serial))
    if not case.wanted or device.online is not True:
        return
    found = [Line(about, line.health, line.words, line.todo) for look in _LOOKS for line in look(case)]
    if quick_charge is True and "quick_charge" not in case.wanted:
        words = "A quick charge runs, which the file knows nothing of; it goes its own way until it ends."
        found.append(warning(about, words, "Stop it in the app if nobody meant it."))
    yield from found or [ok(about, "It does nothing by itself that works against the file.")]


def wanted_of(policy: Policy, serial: str) -> dict[str, frozenset[SettingValue]]:
    """Every value that baseline and rules may want of each setting of an inverter."""
    found: dict[str, set[SettingValue]] = {name: {value} for name, value in policy.baseline.items()}
    for compiled in policy.rules:
        if not compiled.rule.devices or serial in compiled.rule.devices:
            for name, value in compiled.rule.sets.items():
                found.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}


def _standby(case: Case) -> Iterator[Line]:
    if case.alone("operating_mode") == "standby":
        words = "It is in standby, where it neither charges nor discharges."
        yield warning(
            "", words, "Set it to normal in the app, or `operating_mode: normal` under `baseline:`."
        )


def _by_voltage(case: Case) -> Iterator[Line]:
    """In voltage control every SOC setting does nothing."""
    by_voltage = case.device.by_voltage or frozenset()
    idle = sorted(name for name in case.wanted if name in SETTINGS and SETTINGS[name].soc_of in by_voltage)
    if idle:
        which = " and ".join(sorted(by_voltage))
        words = f"Its {which} goes by battery voltage, so that {', '.join(idle)} would do nothing."
        yield warning("", words, f"Set its {which} control to SOC in the portal.")


def _start_soc(case: Case) -> Iterator[Line]:
    """Below the start SOC (90 % from the factory) some charge at any hour, whatever windows and type say."""
    start = case.alone("ac_charge_start")
    charges = case.alone("ac_charge") is True or case.ever("ac_charge", value=True)
    if isinstance(start, int | float) and start > 0 and charges:
        words = f"Its ac_charge_start is {start:g} %: below that it may charge from the grid at any hour, "
        yield warning("", f"{words}outside its windows too.", "`ac_charge_start: 0%` under `baseline:`.")


def _schedules(case: Case) -> Iterator[Line]:
    """What it does on a schedule of its own, with neither the switch nor the windows in the file."""
    for switch, does in _DOES.items():
        windows = case.alone(f"{switch}_windows")
        if case.alone(switch) is not True or not isinstance(windows, tuple):
            continue
        by_soc = switch == "ac_charge" and case.device.settings.get("ac_charge_type") == "soc"
        when = "by its SOC" if by_soc else ", ".join(windows)
        if when:
            words = f"It {does} on a schedule of its own, {when}, which the file knows nothing of."
            yield warning("", words, f"Switch it off in the app, or say `{switch}: off` under `baseline:`.")


def _only_in_windows(case: Case) -> Iterator[Line]:
    """A switch that the file turns on, which works only within windows that the file does not give."""
    for switch, does in _DOES.items():
        windows = case.alone(f"{switch}_windows")
        if not case.ever(switch, value=True) or not isinstance(windows, tuple):
            continue
        kinds = case.wanted.get("ac_charge_type", {case.device.settings.get("ac_charge_type")})
        if switch == "ac_charge" and kinds != {"time"}:
            continue
        if windows:
            words = f"`{switch}: on` has an effect only within its own windows, {', '.join(windows)}."
        else:
            words = f"`{switch}: on` has no effect: it {does} only within windows of its own, and has none."
        yield warning("", words, f"Give {switch}_windows in the file.")


def _switched_off(case: Case) -> Iterator[Line]:
    """Limits of something that is off and stays off."""
    for switch in _DOES:
        if case.alone(switch) is not False:
            continue
        idle = sorted(name for name in case.wanted if name in SETTINGS and describe(name).before == switch)
        if idle:
            words = (
                f"{switch} is off and the file never turns it on, so that {', '.join(idle)} would do nothing."
            )
            yield warning("", words, f"Say `{switch}: on` where it should be.")


def _capped(case: Case) -> Iterator[Line]:
    """A stop for all charging below the one that the file names."""
    cap = case.alone("charge_limit")
    if isinstance(cap, bool) or not isinstance(cap, int | float):
        return
    for name in ("ac_charge_limit", "forced_charge_limit"):
        stops = [one for one in case.wanted.get(name, ()) if isinstance(one, int | float)]
        if stops and max(stops) > cap:
            words = f"Its charge_limit ends all charging at {cap:g} %, before {name} {max(stops):g} %."
            yield warning("", words, "Give charge_limit in the file.")


_LOOKS: tuple[Callable[[Case], Iterator[Line]], ...] = (
    _standby,
    _by_voltage,
    _start_soc,
    _schedules,
    _only_in_windows,
    _switched_off,
    _capped,
)
