"""The first rules.yaml of an owner: commented, dry, and true to what the inverter has now. Called by `init`.

Everything in it is an example that its owner will change, so it says why each line is there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from luxagent.cli.render.words import value_text
from luxagent.cli.starter_hours import within
from luxagent.config.times import clock_window
from luxagent.core.facts.settings import SETTINGS, SettingKind, SettingValue
from luxagent.core.plant.device import Device

WIDE = 34
"""Where comments begin."""

_KEPT = (
    "charge_limit", "ac_charge_power", "ac_charge_limit", "ac_charge_start", "ac_charge_type", "ac_charge",
    "ac_charge_windows", "discharge_floor", "pv_charge_power",
)  # fmt: skip
"""What the starter's rules and most policies are about goes into `baseline`, the rest beside it."""
_NEVER = frozenset({"quick_charge", "operating_mode", "eps"})
"""A task has no baseline, and what may cut the house's power is better not managed unasked."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the owner said."""

    region: str
    url: str | None
    username: str
    timezone: str
    latitude: float | None = None
    longitude: float | None = None
    currency: str = "USD"
    price: float | None = None
    """Import by day; None: no tariff is known."""
    export_price: float = 0.0
    peak_time: str | None = None
    peak_price: float = 0.0
    cheap_time: str | None = None
    cheap_price: float = 0.0
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the portal said: nothing where it was not asked."""

    plants: tuple[str, ...] = ()
    """To be named in the file; empty while the account has one."""
    inverters: tuple[Device, ...] = ()
    wire: str = ""
    doubts: tuple[str, ...] = ()
    """What of the answers the portal contradicts, and what to do."""


def starter(answers: Answers, seen: Seen) -> str:
    """The whole file."""
    parts = (_head(), _portal(answers, seen), _site(answers), _tariff(answers), _limits())
    rules, managed = _rules(answers, seen)
    return "\n".join((*parts, *_baseline(seen, managed), *rules, *_rest())) + "\n"


def _line(text: str, comment: str = "") -> str:
    return f"{text.ljust(WIDE - 1)} # {comment}" if comment else text


def _quoted(text: str) -> str:
    """A text as YAML and as the file's grammar take it."""
    return json.dumps(text.replace("${", "$${"), ensure_ascii=False)


def _head() -> str:
    return "\n".join(
        (
            "# yaml-language-server: $schema=./rules.schema.json",
            "# That line gives your editor completion and help: luxagent schema > rules.schema.json",
            "#",
            "# Written by `luxagent init`. Make it yours: `luxagent check` tells what is wrong with it, line",
            "# by line, `luxagent plan` what it would do and when, and `luxagent why` why.",
            "",
            "version: 1",
            _line("dry_run: true", "decide and report, but write nothing, until you say `off`"),
            "interval: 2 min",
            _line("on_stop: restore", "when luxagent is stopped, what it has moved goes home first"),
            "",
        )
    )


def _portal(answers: Answers, seen: Seen) -> str:
    where = f"region: {answers.region}" if answers.url is None else f"url: {_quoted(answers.url)}"
    lines = [
        "portal:",
        f"  {where}",
        f"  username: {_quoted(answers.username)}",
        _line("  password: ${LUXAGENT_PASSWORD}", "from the environment, or a systemd credential"),
    ]
    if seen.plants:
        lines.append(f"  plants: [{', '.join(map(_quoted, seen.plants))}]")
    return "\n".join((*lines, ""))


def _site(answers: Answers) -> str:
    lines = ["site:", f"  timezone: {answers.timezone}"]
    if answers.latitude is not None and answers.longitude is not None:
        lines.append(f"  latitude: {answers.latitude:g}")
        lines.append(f"  longitude: {answers.longitude:g}")
    else:
        lines.append("  # latitude: 33.45             # needed only where a rule speaks of the sun")
        lines.append("  # longitude: -112.07")
    return "\n".join((*lines, ""))


def _tariff(answers: Answers) -> str:
    if answers.price is None:
        return "\n".join(
            (
                "# tariff:                       # what a kWh costs; rules can then say `tariff: peak`",
                "#   periods:",
                "#     - {name: peak, time: 16:00 to 21:00, days: mon-fri, import: 0.31, export: 0.05}",
                "#     - {name: rest, import: 0.13, export: 0.02}",
                "",
            )
        )
    export = f", export: {answers.export_price:g}"
    periods = [
        ("peak", answers.peak_time, answers.peak_price),
        ("cheap", answers.cheap_time, answers.cheap_price),
    ]
    peak, cheap = answers.peak_time, answers.cheap_time
    if peak is not None and cheap is not None and within(cheap, peak):
        periods.reverse()  # below the longer hours that they lie in they would never count
    rows = [
        f"    - {{name: {name}, time: {_quoted(time)}, import: {price:g}{export}}}"
        for name, time, price in periods
        if time is not None
    ]
    return "\n".join(
        (
            _line("tariff:", "the first that matches counts, the last is the rest of the day"),
            f"  currency: {_quoted(answers.currency)}",
            "  periods:",
            *rows,
            f"    - {{name: day, import: {answers.price:g}{export}}}",
            "",
        )
    )


def _limits() -> str:
    return "\n".join(
        (
            "# limits:                       # above all rules: nothing outside is ever written",
            "#   charge_limit: 50% to 101%",
            "#   ac_charge_power: at most 6 kW",
            "",
        )
    )


def _baseline(seen: Seen, managed: Mapping[str, SettingValue]) -> Iterator[str]:
    """What the inverter has now, but where a rule needs another value to go home to."""
    yield "# What should be so where no rule below wants anything else."
    if not seen.inverters:
        yield "# The inverter was not asked, so this is for you to fill in."
        yield "# baseline:"
        yield "#   ac_charge: off\n"
        return
    first = next((one for one in seen.inverters if one.primary), seen.inverters[0])
    names = [name for name in SETTINGS if first.settings.get(name) is not None and name not in _NEVER]
    sayable = {name for name in names if name in managed or _fits(name, first.settings[name])}
    kept = [name for name in _KEPT if name in sayable]
    values = {name: managed.get(name, first.settings[name]) for name in kept}
    now = {name: _text(name, first.settings[name]) for name in names}
    if values:
        yield "baseline:"
    for name, value in values.items():
        differs = name in managed and _text(name, value) != now[name]
        comment = f"it is {now[name]} now" if differs else SETTINGS[name].meaning
        yield _line(f"  {name}: {_text(name, value)}", _apart(name, seen.inverters) or comment)
    others = [name for name in names if name not in kept]
    if others:
        yield "  # As they are now; take the # away and luxagent keeps them so:"
    for name in others:
        beyond = "" if name in sayable else "   # more than a file may say; no line, no change"
        yield f"  # {name}: {now[name]}{beyond}"
    yield ""


def _fits(name: str, value: SettingValue | None) -> bool:
    """Whether a file may say it: an inverter can be set beyond that, as an `ac_charge_limit` of 101 %."""
    row = SETTINGS[name]
    return row.kind is not SettingKind.NUMBER or (
        isinstance(value, int | float) and row.low <= value <= row.high
    )


def _text(name: str, value: SettingValue | None) -> str:
    if isinstance(value, tuple):
        return json.dumps([window.replace("-", " to ") for window in value])
    return value_text(name, value).replace(" %", "%")


def _apart(name: str, inverters: Sequence[Device]) -> str:
    """Where the inverters differ: what each has."""
    found = {_text(name, one.settings.get(name)) for one in inverters}
    if len(found) == 1:
        return ""
    return "differs: " + ", ".join(f"{one.name} {_text(name, one.settings.get(name))}" for one in inverters)


def _rules(answers: Answers, seen: Seen) -> tuple[list[str], dict[str, SettingValue]]:
    """Rules for the tariff, and the baseline that they need."""
    able = {name for one in seen.inverters for name, value in one.settings.items() if value is not None}
    rules: list[str] = []
    managed: dict[str, SettingValue] = {}
    if {"ac_charge", "ac_charge_type", "ac_charge_start"} <= able:
        own = _own_windows(answers.cheap_time) if "ac_charge_windows" in able else ()
        if answers.peak_time is not None:
            rules += _rule("Buy nothing for the battery in the peak", "{tariff: peak}", ["ac_charge: off"])
        if answers.cheap_time is not None:
            when = "{tariff: cheap, soc: below 60% until 78%}"
            sets = ["ac_charge: on", *([] if own else ["ac_charge_start: 60%"])]
            rules += _rule("Fill up on cheap power", when, sets, "hold: 15 min")
        if rules:
            managed = {"ac_charge": False, "ac_charge_start": 0.0}
            managed |= {"ac_charge_limit": 80.0} if "ac_charge_limit" in able else {}
            # With windows of its own the inverter ends a charge even if luxagent is gone. Where it cannot
            # have them, the SOC rules the charge, so that no window stands in the way.
            by_time: dict[str, SettingValue] = {"ac_charge_type": "time", "ac_charge_windows": own}
            managed |= by_time if own else {"ac_charge_type": "soc"}
    elif "ac_charge_power" in able:
        if answers.peak_time is not None:
            rules += _rule(
                "Buy nothing for the battery in the peak", "{tariff: peak}", ["ac_charge_power: 0 kW"]
            )
        if answers.cheap_time is not None:
            when = "{tariff: cheap, soc: below 60% until 78%}"
            rules += _rule("Fill up on cheap power", when, ["quick_charge: 2 h"])
    head = "# Read from top to bottom: for each setting, the highest rule that holds decides."
    if rules:
        return [head, "rules:", *rules], managed
    return [head, *_example()], managed


def _own_windows(written: str | None) -> tuple[str, ...]:
    """A span of the tariff as a window of the inverter's own clock; none where it goes by the sun."""
    try:
        window = None if written is None else clock_window(written)
    except ValueError:
        return ()
    return () if window is None else (f"{window.start}-{window.end}",)


def _rule(name: str, when: str, sets: list[str], *more: str) -> list[str]:
    body = ", ".join(sets)
    return [
        f"  - name: {name}",
        f"    when: {when}",
        f"    set: {{{body}}}",
        *(f"    {line}" for line in more),
        "",
    ]


def _example() -> Iterator[str]:
    yield "# rules:"
    yield "#   - name: Fill up on cheap power"
    yield "#     when: {time: 23:30 to 05:30, soc: below 60% until 78%}"
    yield "#     set: {ac_charge: on}"
    yield ""


def _rest() -> tuple[str, ...]:
    return (
        "# Faults, outages, a portal that is away and much else are alerts without being asked for.",
        "# alerts:",
        "#   - name: Battery is low",
        "#     when: {soc: below 15% until 25%, for: 10 min}",
        "#     severity: warning",
        "",
        "# Where messages go: any address that apprise knows, https://github.com/caronc/apprise.",
        "# notify:",
        '#   phone: {url: "${NTFY_URL}", severity: warning, quiet: 22:00 to 07:00}',
    )
