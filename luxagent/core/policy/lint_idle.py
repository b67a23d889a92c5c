"""Lint about switches that a rule turns on and that would then do nothing.

A forced charge or discharge happens within the inverter's own windows alone, whatever its switch says; what
may not be exported cannot be pushed out; a peak is shaved down to a power that somebody must have said.
"""

from collections.abc import Iterator

from luxagent.core.policy.lint_own_end import own_end
from luxagent.core.policy.lint_remarks import Remark, Setter, Sort, Study
from luxagent.core.policy.lint_windows import left_out

BY_WINDOWS = ("forced_charge", "forced_discharge")
"""What the inverter does within its own windows alone."""


_POWERS = {
    "ac_charge": ("ac_charge_power", "nothing is charged from the grid"),
    "forced_discharge": ("forced_discharge_power", "nothing is pushed out"),
    "peak_shaving": ("peak_shaving_power", "nothing says above which power it shaves"),
}
"""Switches with the power that they go by, and what comes of them where that is 0."""


def no_effect(about: Study) -> Iterator[Remark]:
    """Forcing outside the windows that the file gives, with no power, or against a closed export."""
    for setter in about.setters:
        for switch in BY_WINDOWS:
            if setter.sets.get(switch) is True:
                yield from _outside_windows(about, setter, switch)
        if setter.sets.get("forced_discharge") is True:
            yield from _nowhere_to_go(about, setter)
        yield from _powerless(about, setter)


def _powerless(about: Study, setter: Setter) -> Iterator[Remark]:
    for switch, (power, outcome) in _POWERS.items():
        if setter.sets.get(switch) is True and about.sure_value(setter, power) == 0:
            own = (*setter.where, power if power in setter.sets else switch)
            message = f"{switch} is on and {power} is 0 kW, so {outcome}"
            yield Remark(Sort.NO_EFFECT, own, message, f"{power}: 3 kW, or {switch}: off")


def _outside_windows(about: Study, setter: Setter, switch: str) -> Iterator[Remark]:
    name = f"{switch}_windows"
    if about.value(setter, name) == ():
        why = f"{name} is empty, so nothing would ever flow"
        hint = own_end(about, setter, switch, name) or f"{name}: [17:00 to 21:00]"
    else:
        why, hint = left_out(about, setter, name), f"widen {name}, or narrow the rule"
    if why:
        yield Remark(Sort.NO_EFFECT, (*setter.where, switch), why, hint)


def _nowhere_to_go(about: Study, setter: Setter) -> Iterator[Remark]:
    where = (*setter.where, "forced_discharge")
    if about.sure_value(setter, "export") is False:
        message = "nothing can be pushed out to the grid, for export is off"
        yield Remark(Sort.NO_EFFECT, where, message, "export: on beside it")
    elif about.sure_value(setter, "export_limit") == 0:
        message = "nothing can be pushed out to the grid, for export_limit is 0 kW"
        yield Remark(Sort.NO_EFFECT, where, message, "an export_limit beside it")


def no_power(about: Study) -> Iterator[Remark]:
    """Peak shaving down to a power that the file does not say: an offer, for the portal may say it."""
    for setter in about.setters:
        if setter.sets.get("peak_shaving") is not True or "peak_shaving_power" in about.ruled:
            continue
        if about.value(setter, "peak_shaving_power") is None:
            message = (
                "nothing here says above which power it shaves; that is whatever the inverter was left with"
            )
            where = (*setter.where, "peak_shaving")
            yield Remark(Sort.NO_POWER, where, message, "peak_shaving_power: 6 kW beside it")
