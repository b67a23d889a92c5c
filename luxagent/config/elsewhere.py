"""What settings and readings are called by other programs (Home Assistant, evcc, the portal), and here.

The nearest word by letters is often another setting of this file, `grid_charge` lies nearest to
`forced_charge`, and a file that took the advice would be right and do something else. So these are known by
themselves. A word may mean a setting in one place and a reading in another (`soc_limit`, `export_power`).
"""

import re
from collections.abc import Collection

from luxagent.core.facts.metrics import METRICS, TARIFF_METRICS, WORD_FACTS
from luxagent.core.facts.settings import SETTINGS

_SETTINGS = {
    "ac_charge": "grid_charge grid_charging charge_from_grid charging_from_grid ac_charging ac_charge_enable "
    "ac_charge_enabled enable_ac_charge grid_to_battery battery_from_grid",
    "ac_charge_limit": "ac_charge_soc ac_charge_soc_limit ac_charge_end_soc ac_soc_limit grid_charge_limit",
    "ac_charge_power": "grid_charge_power ac_charge_rate grid_charge_rate",
    "ac_charge_windows": "grid_charge_windows charge_windows charge_schedule",
    "charge_limit": "soc_limit limit_soc max_soc maximum_soc soc_max target_soc soc_target charge_soc "
    "charge_soc_limit charge_target charge_to system_charge_limit system_charge_soc_limit stop_soc",
    "charge_current ac_charge_power": "charge_rate charging_rate charge_speed",
    "ac_charge_power pv_charge_power": "charge_power charging_power max_charge_power",
    "discharge_floor": "min_soc minimum_soc soc_min soc_floor reserve_soc battery_reserve backup_reserve "
    "reserve discharge_soc discharge_soc_limit discharge_cutoff discharge_cut_off on_grid_cut_off eod_soc",
    "outage_floor": "off_grid_cut_off off_grid_cutoff off_grid_soc outage_reserve",
    "discharge_current": "discharge_rate max_discharge_current",
    "forced_discharge_power discharge_current": "discharge_power max_discharge_power",
    "forced_discharge": "grid_discharge discharge_to_grid battery_to_grid sell_battery",
    "quick_charge": "fast_charge rapid_charge boost_charge",
    "export": "feed_in feed_in_grid grid_export sell_to_grid grid_sell",
    "export_limit": "export_power max_export max_export_power feed_in_limit feed_in_power grid_export_limit",
}
"""The names here, and words for them; several names where nobody can tell which is meant."""

_READINGS = {
    "soc": "battery_soc battery_level battery_charge battery_charge_level battery_percent "
    "battery_percentage state_of_charge charge_level soc_limit soc_pct "
    "min_soc max_soc minimum_soc maximum_soc",
    "pv_power": "solar_power solar_production solar_generation pv_production pv_generation pv_output "
    "photovoltaic_power panel_power",
    "grid_import_power grid_export_power": "grid_power grid_flow meter_power",
    "grid_import_power": "import_power grid_import grid_consumption power_from_grid",
    "grid_export_power": "export_power grid_export feed_in feed_in_power power_to_grid",
    "load_power": "load house_power home_power house_load home_load consumption house_consumption "
    "home_consumption power_consumption",
    "price": "price_import import_price electricity_price energy_price current_price buy_price",
    "export_price": "price_export feed_in_price feed_in_tariff sell_price",
    "cell_delta": "cell_diff cell_difference cell_voltage_diff cell_voltage_difference cell_voltage_delta "
    "cell_imbalance cell_spread",
    "quick_charge": "fast_charge rapid_charge boost_charge",
}


def _flat(word: str) -> str:
    """`gridPower`, `grid-power` and `grid_power` are one word."""
    return re.sub("[^a-z0-9]", "", word.lower())


def _by_word(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {_flat(word): tuple(names.split()) for names, words in table.items() for word in words.split()}


_SETTING_OF, _READING_OF = _by_word(_SETTINGS), _by_word(_READINGS)


def settings_meant(word: str) -> tuple[str, ...]:
    """The settings that a word stands for elsewhere; a setting's own name stands for itself."""
    return (word,) if word in SETTINGS else _SETTING_OF.get(_flat(word), ())


def readings_meant(word: str) -> tuple[str, ...]:
    """The same of what a condition reads: a metric, a word fact or a price."""
    own = word in METRICS or word in WORD_FACTS or word in TARIFF_METRICS
    return (word,) if own else _READING_OF.get(_flat(word), ())


def meant_elsewhere(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The names of this place that another program's word stands for; empty where it stands for none."""
    for names in (_SETTING_OF.get(_flat(word), ()), _READING_OF.get(_flat(word), ())):
        here = tuple(name for name in names if name in known)
        if here:
            return here
    return ()
