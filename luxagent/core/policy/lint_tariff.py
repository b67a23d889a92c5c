"""Lint about the tariff: a period that the ones above leave no time for, and holidays that change nothing."""

import json
from collections.abc import Iterator

from luxagent.core.policy.lint_remarks import Remark, Sort, Study
from luxagent.core.values.days import EVERY_DAY, Days
from luxagent.core.values.tariff import Period


def hidden_period(about: Study) -> Iterator[Remark]:
    """Periods that never come: at each of their minutes one above matches first.

    The rest of the day must stand last, even where nothing is left for it.
    """
    tariff = about.ruleset.tariff
    for number, period in enumerate(() if tariff is None else tariff.periods):
        is_rest = not period.windows and period.days == EVERY_DAY
        if not is_rest and about.almanac.in_period(number).possible.never:
            yield Remark(
                Sort.HIDDEN,
                ("tariff", "periods", f"[{number}]", "name"),
                "this period never comes: whenever it would, one above it matches, and the first one counts",
                "put it higher",
            )


def idle_holidays(about: Study) -> Iterator[Remark]:
    """Holidays that no period, rule or alert speaks of: `mon-fri` is Christmas Day as well."""
    tariff = about.ruleset.tariff
    if tariff is None or not tariff.holidays or about.holidays_asked:
        return
    if not any(_weekly(period.days) for period in tariff.periods):
        return
    yield Remark(
        Sort.IDLE_HOLIDAYS,
        ("tariff", "holidays"),
        "no period and no rule speaks of a holiday, so on one the period of its weekday counts",
        f"a period above the others, priced as the rest: {_like(tariff.periods[-1])}",
    )


def _like(rest: Period) -> str:
    """A period for holidays that costs what the rest of the day does, and is called the same."""
    plain = rest.name.replace(" ", "").replace("-", "").isalnum()
    name = rest.name if plain else json.dumps(rest.name, ensure_ascii=False)
    export = f", export: {rest.export_price:g}" if rest.export_price else ""
    return f"{{name: {name}, days: holiday, import: {rest.import_price:g}{export}}}"


def _weekly(days: Days) -> bool:
    return days.weekdays is not None and len(days.weekdays) < 7
