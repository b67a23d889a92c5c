"""`why --at`: what the journal has of an instant, as JSON and as lines for a person."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from luxagent.cli.recorded import Recorded, SettingThen, still_held
from luxagent.cli.render.plant_json import SCHEMA_VERSION
from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json, instant_json, setting_json
from luxagent.cli.render.words import value_text
from luxagent.core.facts.reasons import REASON_WORDS, Reason


def then_json(found: Recorded) -> dict[str, Json]:
    """The same outer keys as `why --json`; `recorded` tells them apart."""
    return {
        "schema_version": SCHEMA_VERSION,
        "at": instant_json(found.at),
        "dry_run": found.dry_run,
        "recorded": True,
        "rules": [
            {
                "rule": row.rule,
                "who": row.who,
                "holds": row.holds,
                "since": instant_json(row.at),
                "because": row.because,
            }
            for row in found.rules.values()
        ],
        "settings": [_setting_json(found, row) for row in found.settings.values()],
        "errors": [],
    }


def _setting_json(found: Recorded, row: SettingThen) -> dict[str, Json]:
    held = row.held if row.held is not None and still_held(found, row) else None
    intent, outcome = row.intent, row.outcome
    return {
        "serial": row.serial,
        "setting": row.setting,
        "want": setting_json(row.setting, held.value if held else intent.value if intent else None),
        "have": setting_json(row.setting, held.before if held else outcome.found if outcome else None),
        "rule": held.rule if held else intent.rule if intent else None,
        "because": held.because if held else intent.because if intent else None,
        "outcome": "held" if held else outcome.outcome if outcome else None,
        "reason": held.reasons[0] if held and held.reasons else None,
        "reasons": list(held.reasons) if held else [],
        "written_at": None if intent is None else instant_json(intent.at),
    }


def then_lines(found: Recorded, zone: tzinfo) -> Iterator[str]:
    """For people, in site time."""
    dry = ", dry run" if found.dry_run else ""
    yield f"As recorded at {_time(found.at, zone)}{dry}"
    if found.first is None or found.last is None:
        yield "The journal has nothing from before that."
        return
    yield f"The last event before that was at {_time(found.last, zone)}."
    yield ""
    for rule in found.rules.values():
        state = "held since" if rule.holds else "had let go at"
        yield one_line(f"{rule.rule} [{rule.who}] {state} {_time(rule.at, zone)}: {rule.because}")
    if not found.rules:
        yield "No rule had taken or let go."
    for row in found.settings.values():
        yield from _setting_lines(found, row, zone)


def _setting_lines(found: Recorded, row: SettingThen, zone: tzinfo) -> Iterator[str]:
    yield ""
    yield f"{row.serial} {row.setting}"
    intent, outcome = row.intent, row.outcome
    if intent is not None:
        before, value = value_text(row.setting, intent.before), value_text(row.setting, intent.value)
        proof = outcome.outcome if outcome is not None else "not settled"
        why = ": ".join(part for part in (intent.rule or "", intent.because) if part)
        yield one_line(f"  written {before} -> {value} at {_time(intent.at, zone)}, {proof} [{why}]")
    if row.held is not None and still_held(found, row):
        reasons = "; ".join(REASON_WORDS[Reason(word)] for word in row.held.reasons)
        why = ": ".join(part for part in (row.held.rule or "", row.held.because) if part)
        wanted = value_text(row.setting, row.held.value)
        yield one_line(f"  should be {wanted}, held since {_time(row.held.at, zone)}: {reasons} [{why}]")


def _time(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %Y %H:%M:%S}"
