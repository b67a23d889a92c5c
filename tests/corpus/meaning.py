"""What a rules file means: which rules hold and what each setting should be, at some instants and readings.

`python -m tests.corpus.meaning FILE` prints it: once, with the version that the file is of.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from luxagent.config.load import load
from luxagent.core.decide import decide
from luxagent.core.events import FlagSet
from luxagent.core.facts.metrics import FAULTS_KEY, METRICS, WORD_FACTS
from luxagent.core.facts.settings import SETTINGS
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import Reading, Value
from luxagent.core.policy.policy import Policy, build
from tests.golden_month.month import said

SERIAL = "44300E0585"
ENVIRON = dict.fromkeys(("LUXAGENT_PASSWORD", "NTFY_URL", "MAIL_URL"), "json://x") | {
    "HEALTHCHECK_URL": "https://x"
}
INSTANTS = (
    "2026-06-15 12:00", "2026-06-15 17:00", "2026-06-15 23:45", "2026-12-25 05:00", "2026-06-14 03:30",
)  # fmt: skip
WORDS: dict[str, dict[str, Value]] = {
    "low": {"status": frozenset({"charging"}), "grid": "down", FAULTS_KEY: frozenset({"E019"})},
    "high": {"status": frozenset({"normal"}), "grid": "up", FAULTS_KEY: frozenset()},
}


def readings(name: str) -> dict[str, Value]:
    """Everything low, everything high, or nothing known."""
    if name == "unknown":
        return {}
    part = 0.1 if name == "low" else 0.9
    found: dict[str, Value] = {
        row.key: row.low + part * (row.high - row.low) for row in METRICS.values() if row.key != "data_age_s"
    }
    words = {fact: value.words[0 if name == "low" else -1] for fact, value in WORD_FACTS.items()}
    return {**found, **words, "data_age_s": 30.0, **WORDS[name]}


def meaning(path: Path) -> Iterator[str]:
    """In lines."""
    config = load(path, environ=ENVIRON, resolve_secrets=True)
    policy = build(config.ruleset)
    yield f"every {config.interval_s:g} s, on_stop {config.on_stop}, dry run {config.ruleset.dry_run}"
    before: list[str] = []
    for instant in INSTANTS:
        for name in ("low", "high", "unknown"):
            yield f"{instant} {name}"
            now = list(_decided(policy, instant, name))
            yield from (["  as before"] if now == before else now)
            before = now


def _decided(policy: Policy, instant: str, name: str) -> Iterator[str]:
    now = datetime.fromisoformat(instant).replace(tzinfo=policy.ruleset.site.zone)
    memory = fold_all(Memory(), [FlagSet(now, flag, on=name == "low") for flag in policy.ruleset.flags])
    device = Device(
        SERIAL, Kind.INVERTER, SERIAL, online=True, name=SERIAL, able=frozenset(SETTINGS),
        reading=Reading(readings(name), uploaded_at=now), settings=dict.fromkeys(SETTINGS),
    )  # fmt: skip
    decision = decide(policy.calendar.moment(now), Plant((device,)), memory, policy)
    states = decision.outlooks[SERIAL].unit.states
    for word, on in (("holds", True), ("in doubt", False)):
        yield f"  {word}: {', '.join(rule for rule, state in states.items() if state.on is on) or 'none'}"
    wants = [change.want for change in decision.changes] + [held.want for held in decision.held]
    for want in sorted([*wants, *decision.unchanged], key=lambda one: one.setting):
        yield f"  {said(want, want.value)}"
    alerts = sorted({f"{view.name} {view.state}" for view in decision.alerts})
    if alerts:
        yield f"  alerts: {', '.join(alerts)}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(meaning(Path(sys.argv[1]))) + "\n")
