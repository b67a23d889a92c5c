"""How every rule stands this tick: holding, not holding, or in doubt.

Knows `hold` (once taken, readings cannot end it sooner; the end of a window can), the grace an unknown
condition has, and rules that vanished from the file. Leaves to `wants` what follows from it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from luxagent.core.events import Event, RuleFailed, RuleKnown, RuleLetGo, RuleTook, RuleUnknown
from luxagent.core.memory import Memory, RuleState
from luxagent.core.policy.policy import CompiledRule, Policy
from luxagent.core.policy.scene import Scene
from luxagent.core.values.tri import Tri


@dataclass(slots=True)
class Standing:
    """The rules of one unit, or of one inverter for rules of that scope."""

    who: str
    scene: Scene
    grace: timedelta
    states: dict[str, RuleState] = field(default_factory=dict)
    """Rules that hold or are in doubt."""
    steady: bool = True
    """Nothing is in doubt: what follows hangs on which rules hold, and not on since when."""

    def holds(self, rule: str) -> bool:
        """Whether the rule decides its settings now."""
        state = self.states.get(rule)
        return state is not None and state.on

    def doubtful(self, rule: str) -> bool:
        """Not holding, but that is not known, and not for longer than the grace."""
        state = self.states.get(rule)
        if state is None or state.on or state.unknown_since is None:
            return False
        return self.scene.moment.at - state.unknown_since <= self.grace

    def since(self, rule: str) -> datetime:
        """When a holding rule took."""
        return self.states[rule].since

    def because(self, compiled: CompiledRule) -> str:
        """Both sides of what made the rule hold or not, in words."""
        return compiled.explain(self.scene).text()


def stand(
    rules: tuple[CompiledRule, ...], who: str, scene: Scene, memory: Memory, policy: Policy
) -> tuple[Standing, list[Event]]:
    """Judge each of these rules for `who`, and say what moved since the last tick."""
    grace = timedelta(seconds=policy.guards.stale_after_s)
    standing = Standing(who, scene, grace)
    before = memory.rules.get(who, {})
    events: list[Event] = []
    for compiled in rules:
        name = compiled.rule.name
        try:
            truth = compiled.judge(scene)
        except Exception as error:  # noqa: BLE001 - one poisoned rule must not stop the others
            truth = None
            if name not in before:
                events.append(RuleFailed(scene.moment.at, who, name, f"{type(error).__name__}: {error}"))
        was = before.get(name)
        if truth is False and was is None:
            continue
        state = _step(compiled, truth, was, standing, events)
        if state is not None:
            standing.states[name] = state
            standing.steady = standing.steady and state.unknown_since is None
    gone = [name for name in before.keys() - standing.states.keys() if name not in policy.index_of]
    words = "the rule is no longer in the file"
    events.extend(RuleLetGo(scene.moment.at, who, name, words) for name in sorted(gone))
    return standing, events


def _step(
    compiled: CompiledRule, truth: Tri, was: RuleState | None, standing: Standing, events: list[Event]
) -> RuleState | None:
    """One rule's next state; appends what moved."""
    name, who, now = compiled.rule.name, standing.who, standing.scene.moment.at

    def told(make: Callable[[datetime, str, str], Event], state: RuleState | None) -> RuleState | None:
        events.append(make(now, who, name))
        return state

    if truth is True:
        if was is None or not was.on:
            events.append(RuleTook(now, who, name, standing.because(compiled)))
            return RuleState(on=True, since=now)
        return told(RuleKnown, RuleState(on=True, since=was.since)) if was.unknown_since else was
    if was is None:
        return told(RuleUnknown, RuleState(on=False, since=now, unknown_since=now)) if truth is None else None
    if truth is None:
        if was.unknown_since is None:
            return told(RuleUnknown, RuleState(was.on, was.since, now))
        if was.on and now - was.unknown_since > standing.grace:
            words = f"unknown for longer than its grace: {standing.because(compiled)}"
            events.append(RuleLetGo(now, who, name, words))
            return None
        return was
    if not was.on:
        return told(RuleKnown, None)
    if _still_held(compiled, was, standing):
        return told(RuleKnown, RuleState(on=True, since=was.since)) if was.unknown_since else was
    events.append(RuleLetGo(now, who, name, standing.because(compiled)))
    return None


def _still_held(compiled: CompiledRule, was: RuleState, standing: Standing) -> bool:
    """`hold` keeps a rule whose readings have turned, as long as its clock conditions last."""
    hold_s = compiled.rule.hold_s
    if hold_s <= 0 or standing.scene.moment.at - was.since >= timedelta(seconds=hold_s):
        return False
    return compiled.clock_judge(standing.scene) is True
