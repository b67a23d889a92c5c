"""What an inverter's own registers let it do right now: its windows, limits, modes and floors.

Pure: registers, battery and clock in, an `Ability` out. `dispatch` then shares out the power.
Settled here, as public sources leave it open: the start SOC (r160) only acts while AC charge is on, and
what it began runs to the stop SOC (r67).
"""

from dataclasses import dataclass
from datetime import datetime

from luxagent.sim.battery import Bank
from luxagent.sim.dispatch import CONVERSION, Ability
from luxagent.sim.registers import PLAIN, Registers

TIME, SOC, BOTH = 0, 1, 2
_VOLT_CONTROL_FLOOR_PCT = 5.0
_SOC_SLACK_PCT = 0.05
"""Closer than this to a limit counts as there: a battery never lands on it exactly."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the world around one inverter is during a step."""

    clock: datetime
    """The inverter's own clock, plant-local."""
    pv_w: float
    grid_up: bool
    quick_charge: bool
    step_s: float
    fault: bool = False


def in_windows(registers: Registers, family: str, clock: datetime, suffixes: tuple[str, ...] = PLAIN) -> bool:
    """Whether the clock is inside one of a family's windows; 00:00-00:00 means unused, end < start wraps."""
    minute = clock.hour * 60 + clock.minute
    for suffix in suffixes:
        start, end = (
            int(registers.number(f"{family}_{edge}_HOUR{suffix}")) * 60
            + int(registers.number(f"{family}_{edge}_MINUTE{suffix}"))
            for edge in ("START", "END")
        )
        if start < end and start <= minute < end:
            return True
        if start > end and (minute >= start or minute < end):
            return True
    return False


def start_soc_latch(registers: Registers, soc_pct: float, latched: bool) -> bool:
    """Whether a charge begun by the start SOC is under way: begins below r160, ends at r67."""
    if not registers.on("FUNC_AC_CHARGE"):
        return False
    if soc_pct < registers.number("HOLD_AC_CHARGE_START_BATTERY_SOC"):
        return True
    return latched and soc_pct < _ac_stop_pct(registers)


def ability(registers: Registers, bank: Bank, rated_ac_w: float, latched: bool, moment: Moment) -> Ability:
    """Everything one inverter may do in the coming step."""
    running = registers.on("FUNC_SET_TO_STANDBY") and not moment.fault
    soc = bank.soc_pct
    charge_max_w = _charge_max_w(registers, bank, rated_ac_w, moment.step_s)
    ac_charge_w = _ac_charge_w(registers, bank, rated_ac_w, latched, moment) if moment.grid_up else 0.0
    floor = registers.number("HOLD_DISCHG_CUT_OFF_SOC_EOD")
    outage_floor = registers.number("HOLD_SOC_LOW_LIMIT_EPS_DISCHG")
    if registers.on("FUNC_BAT_DISCHARGE_CONTROL"):
        floor = outage_floor = _VOLT_CONTROL_FLOOR_PCT
    forcing = _forces_discharge(registers, soc, moment)
    charging = moment.grid_up and _holds_for_charge(registers, latched, moment)
    shaving = registers.on("FUNC_GRID_PEAK_SHAVING") and registers.number("_12K_HOLD_GRID_PEAK_SHAVING_POWER")
    return Ability(
        running=running,
        backs_up=registers.on("FUNC_EPS_EN"),
        rated_ac_w=rated_ac_w,
        pv_w=moment.pv_w if running else 0.0,
        charge_max_w=charge_max_w,
        discharge_max_w=0.0 if charging else _discharge_w(registers, bank, rated_ac_w, floor, moment.step_s),
        outage_discharge_max_w=_discharge_w(registers, bank, rated_ac_w, outage_floor, moment.step_s),
        ac_charge_w=ac_charge_w,
        forced_discharge_w=_forced_discharge_w(registers, bank, rated_ac_w, floor, moment)
        if forcing and not charging
        else 0.0,
        pv_first_w=_pv_first_w(registers, soc, moment),
        charge_last=registers.on("FUNC_CHARGE_LAST"),
        export_max_ac_w=_export_w(registers),
        import_cap_ac_w=shaving * 1000 if shaving else float("inf"),
        shave_max_w=_discharge_w(registers, bank, rated_ac_w, outage_floor, moment.step_s),
    )


def _ac_stop_pct(registers: Registers) -> float:
    return min(
        registers.number("HOLD_AC_CHARGE_SOC_LIMIT"), registers.number("HOLD_SYSTEM_CHARGE_SOC_LIMIT"), 100
    )


def _charge_max_w(registers: Registers, bank: Bank, rated_ac_w: float, step_s: float) -> float:
    limit_pct = registers.number("HOLD_SYSTEM_CHARGE_SOC_LIMIT")
    if registers.on("FUNC_BAT_CHARGE_CONTROL"):
        limit_pct = 100.0
    amps = registers.number("HOLD_LEAD_ACID_CHARGE_RATE")
    share = registers.number("HOLD_CHG_POWER_PERCENT_CMD") / 100
    return min(bank.room_w(limit_pct, step_s), amps * bank.voltage_v, rated_ac_w * share)


def _discharge_w(
    registers: Registers, bank: Bank, rated_ac_w: float, floor_pct: float, step_s: float
) -> float:
    amps = registers.number("HOLD_LEAD_ACID_DISCHARGE_RATE")
    share = registers.number("HOLD_DISCHG_POWER_PERCENT_CMD") / 100
    if bank.soc_pct <= floor_pct + _SOC_SLACK_PCT:
        return 0.0
    return min(bank.reserve_w(floor_pct, step_s), amps * bank.voltage_v, rated_ac_w * share / CONVERSION)


def _holds_for_charge(registers: Registers, latched: bool, moment: Moment) -> bool:
    """Whether a charge from the grid is under way; even when it is full, the battery then does not give."""
    if moment.quick_charge:
        return True
    if not registers.on("FUNC_AC_CHARGE"):
        return False
    timed = int(registers.number("BIT_AC_CHARGE_TYPE")) in (TIME, BOTH)
    return latched or (timed and in_windows(registers, "HOLD_AC_CHARGE", moment.clock))


def _ac_charge_w(registers: Registers, bank: Bank, rated_ac_w: float, latched: bool, moment: Moment) -> float:
    """DC watts wanted from the AC side; 0 when nothing asks for it."""
    if moment.quick_charge:
        return bank.room_w(registers.number("HOLD_SYSTEM_CHARGE_SOC_LIMIT"), moment.step_s) and rated_ac_w
    if not _holds_for_charge(registers, latched, moment):
        return 0.0
    stop = _ac_stop_pct(registers)
    if bank.soc_pct >= stop - _SOC_SLACK_PCT:
        return 0.0
    power = registers.number("HOLD_AC_CHARGE_POWER_CMD") * 1000
    return min(power, bank.room_w(stop, moment.step_s))


def _forces_discharge(registers: Registers, soc_pct: float, moment: Moment) -> bool:
    return (
        registers.on("FUNC_FORCED_DISCHG_EN")
        and in_windows(registers, "HOLD_FORCED_DISCHARGE", moment.clock)
        and soc_pct > registers.number("HOLD_FORCED_DISCHG_SOC_LIMIT")
    )


def _forced_discharge_w(
    registers: Registers, bank: Bank, rated_ac_w: float, floor_pct: float, moment: Moment
) -> float:
    floor = max(floor_pct, registers.number("HOLD_FORCED_DISCHG_SOC_LIMIT"))
    power = registers.number("HOLD_FORCED_DISCHG_POWER_CMD") * 1000
    return min(power, _discharge_w(registers, bank, rated_ac_w, floor, moment.step_s))


def _pv_first_w(registers: Registers, soc_pct: float, moment: Moment) -> float:
    first = (
        registers.on("FUNC_FORCED_CHG_EN")
        and in_windows(registers, "HOLD_FORCED_CHARGE", moment.clock)
        and soc_pct < registers.number("HOLD_FORCED_CHG_SOC_LIMIT")
    )
    return registers.number("HOLD_FORCED_CHG_POWER_CMD") * 1000 if first else 0.0


def _export_w(registers: Registers) -> float:
    if not registers.on("FUNC_FEED_IN_GRID_EN"):
        return 0.0
    return registers.number("HOLD_FEED_IN_GRID_POWER_PERCENT") * 1000
