"""What `once` says to a person: the plant in a line each, then every decision with its reason."""

from collections.abc import Mapping, Sequence

from luxagent.agent.tick import TickReport
from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import reading_json
from luxagent.cli.render.verdicts import Verdict
from luxagent.cli.render.words import fact_text, value_text
from luxagent.core.alerts.life import AlertView
from luxagent.core.facts.reasons import REASON_WORDS, Outcome, Reason
from luxagent.core.plant.device import Device, Kind

_GLANCE = (
    ("SOC", "soc_pct"),
    ("battery", "battery_power_w"),
    ("solar", "pv_power_w"),
    ("load", "load_power_w"),
    ("import", "grid_import_power_w"),
    ("export", "grid_export_power_w"),
    ("age", "data_age_s"),
)


def once_text(
    report: TickReport,
    rows: Mapping[str, Sequence[Verdict]],
    errors: Sequence[str],
    *,
    dry_run: bool,
) -> list[str]:
    """Lines for a terminal or a mail."""
    lines = ["Dry run: nothing is written."] if dry_run else []
    for device in report.plant.devices:
        lines += ["", _device_line(device)]
        lines += _decision_lines(rows.get(device.serial, ()))
    if report.decision.alerts:
        lines += ["", "Alerts"]
    for view in report.decision.alerts:
        lines.append(
            one_line(f"{view.severity.value} {view.state}: {view.name}{_of(view, report)}. {view.message}")
        )
    if errors:
        lines += ["", "Errors", *map(one_line, errors)]
    return lines[1:] if lines and not lines[0] else lines


def _of(view: AlertView, report: TickReport) -> str:
    """Which device an alert is about, where there are several and its message does not say so."""
    devices = report.plant.devices
    name = next((one.name or one.serial for one in devices if one.serial == view.device), view.device)
    told = name in view.message or view.device in view.message
    return f" ({name})" if name and len(devices) > 1 and not told else ""


def verdict_line(verdict: Verdict) -> str:
    """One decision: "ac_charge on, confirmed (was off): Fill up: soc 45 % < 60 %"."""
    want = verdict.want
    name, have = want.setting, value_text(want.setting, want.have)
    value = have if want.value is None else value_text(name, want.value)
    moved = f" (is {have})" if verdict.outcome is Outcome.HELD else f" (was {have})"
    if verdict.outcome is Outcome.UNCHANGED or value == have:
        moved = ""
    return one_line(f"{name} {value}, {_outcome_words(verdict)}{moved}{_why(verdict)}")


def _outcome_words(verdict: Verdict) -> str:
    if verdict.outcome is Outcome.UNCHANGED:
        idle = verdict.want.value is None and verdict.want.rule is None
        return "left alone" if idle else "as it should be"
    if verdict.outcome is Outcome.HELD:
        return f"held: {reasons_text(verdict.reasons)}"
    if verdict.outcome is Outcome.UNKNOWN:
        return f"not known yet: {verdict.words}" if verdict.words else "not known yet"
    return f"{verdict.outcome.value}: {verdict.words}" if verdict.words else verdict.outcome.value


def reasons_text(reasons: Sequence[Reason]) -> str:
    """Reasons not to write, in words."""
    return "; ".join(REASON_WORDS[reason] for reason in reasons)


def _why(verdict: Verdict) -> str:
    want = verdict.want
    parts = [part for part in (want.rule or "", want.because) if part]
    return f" [{': '.join(parts)}]" if parts else ""


def _decision_lines(rows: Sequence[Verdict]) -> list[str]:
    return [f"  {verdict_line(verdict)}" for verdict in rows]


def _device_line(device: Device) -> str:
    """The device and its most telling numbers."""
    name = device.name or device.serial
    title = name if name == device.serial else f"{name} ({device.serial})"
    words = ["offline"] if device.online is False else []
    values = reading_json(device.reading.values)
    shown = _GLANCE if device.kind is Kind.INVERTER else _GLANCE[3:]
    words += [f"{label} {fact_text(key, values[key])}" for label, key in shown if key in values]
    if device.kind is Kind.GRIDBOSS and device.online is None:
        words = ["not looked at"]  # no rule asks for it, or it did not answer: then an error says so
    return one_line(f"{title} {device.model}: {', '.join(words)}")
