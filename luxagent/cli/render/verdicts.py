"""One verdict for each managed setting of each inverter: what was wanted, and what became of it.

Folds a tick's changes with their results, what was held, and what was as it should be. `once` shows it as
JSON and as text, `run` logs what moved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from luxagent.agent.tick import TickReport
from luxagent.cli.render.values import Json, setting_json
from luxagent.core.control.changes import Want
from luxagent.core.control.wants import with_because
from luxagent.core.events import Event, RuleFailed
from luxagent.core.facts.reasons import Outcome, Reason
from luxagent.core.plant.device import Plant
from luxagent.core.policy.policy import Policy

CALM = frozenset({Outcome.UNCHANGED, Outcome.CONFIRMED, Outcome.HELD})
"""Outcomes that need nobody's attention; anything else makes `once` end with 1."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision of one tick."""

    want: Want
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    words: str = ""
    """The portal's words, or ours, where there is more to say."""

    @property
    def reason(self) -> str | None:
        """The guard that counts, or the portal's words."""
        if self.reasons:
            return self.reasons[0].value
        return self.words or None


def verdicts(report: TickReport, policy: Policy) -> dict[str, list[Verdict]]:
    """By serial, sorted by setting; every inverter has an entry."""
    decision = report.decision
    found: dict[str, list[Verdict]] = {device.serial: [] for device in report.plant.inverters}
    for want in decision.unchanged:
        found[want.serial].append(Verdict(want, Outcome.UNCHANGED))
    for held in decision.held:
        found[held.want.serial].append(Verdict(held.want, Outcome.HELD, held.reasons))
    for change in decision.changes:
        want = change.want
        result = report.results.get((want.serial, want.setting))
        if result is None:  # no hand took it up, so nothing was sent
            verdict = Verdict(want, Outcome.HELD, (Reason.DRY_RUN,))
        else:
            reasons = () if result.reason is None else (result.reason,)
            verdict = Verdict(want, result.outcome, reasons, result.words)
        found[want.serial].append(verdict)
    return {
        serial: [_explained(verdict, report, policy) for verdict in sorted(rows, key=_by_setting)]
        for serial, rows in found.items()
    }


def verdict_json(verdict: Verdict) -> dict[str, Json]:
    """One entry of `decisions`."""
    want = verdict.want
    return {
        "setting": want.setting,
        "want": _wanted_json(want),
        "have": setting_json(want.setting, want.have),
        "rule": want.rule,
        "because": want.because,
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "reasons": [reason.value for reason in verdict.reasons],
    }


def _wanted_json(want: Want) -> Json:
    """What was wanted. A quick charge that its rule has started is wanted as it is, running or over."""
    if want.doubtful:
        return None
    value = want.have if want.value is None and want.rule is not None else want.value
    return setting_json(want.setting, value)


def calm(rows: dict[str, list[Verdict]]) -> bool:
    """Whether every decision is unchanged, confirmed or held."""
    return all(verdict.outcome in CALM for row in rows.values() for verdict in row)


def troubles(report: TickReport, undelivered: Sequence[str] = ()) -> list[str]:
    """What went wrong beside the decisions, in sentences."""
    return [
        *plant_troubles(report.plant, report.errors),
        *rule_troubles(report.decision.events),
        *undelivered,
    ]


def plant_troubles(plant: Plant, errors: Iterable[str]) -> list[str]:
    """What could not be read, and why nothing can be written at all."""
    return [*([plant.wire_trouble] if plant.wire_trouble else []), *errors]


def rule_troubles(events: Iterable[Event]) -> list[str]:
    """Rules and alerts that could not be worked out."""
    return [
        f"{event.rule} could not be worked out: {event.detail}."
        for event in events
        if isinstance(event, RuleFailed)
    ]


def _by_setting(verdict: Verdict) -> str:
    return verdict.want.setting


def _explained(verdict: Verdict, report: TickReport, policy: Policy) -> Verdict:
    outlook = report.decision.outlooks.get(verdict.want.serial)
    if outlook is None or verdict.want.because:
        return verdict
    want = with_because(verdict.want, outlook, policy)
    return Verdict(want, verdict.outcome, verdict.reasons, verdict.words)
