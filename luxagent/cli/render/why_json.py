"""The JSON of `why`: each rule with its conditions and its nearest change, each setting with who decides."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from luxagent.cli.insight import Insight
from luxagent.cli.render.plant_json import SCHEMA_VERSION
from luxagent.cli.render.values import Json, instant_json, number_json, setting_json, settings_json
from luxagent.cli.render.why_view import RuleView, SettingView


def why_json(seen: Insight, rules: Iterable[RuleView], settings: Iterable[SettingView]) -> dict[str, Json]:
    """`holds` is true, false, or null where that is not known; ages are in seconds."""
    return {
        "schema_version": SCHEMA_VERSION,
        "at": instant_json(seen.at),
        "dry_run": seen.dry_run,
        "recorded": False,
        "rules": [_rule(view) for view in rules],
        "settings": [_setting(view) for view in settings],
        "errors": list(seen.errors),
    }


def _rule(view: RuleView) -> dict[str, Json]:
    rule = view.compiled.rule
    return {
        "rule": rule.name,
        "who": view.who,
        "holds": view.holds,
        "since": moment_json(view.since),
        "because": view.because,
        "conditions": [
            {
                "depth": one.depth,
                "wanted": one.wanted,
                "holds": one.truth,
                "observed": one.observed or None,
                "age_s": None if one.age_s is None else number_json(round(one.age_s, 1)),
            }
            for one in view.conditions
        ],
        "would": "take" if view.taking else "let go",
        "nearest": [{"text": way.text, "at": moment_json(way.at)} for way in view.ways],
        "note": view.note or None,
        "set": settings_json(rule.sets),
    }


def _setting(view: SettingView) -> dict[str, Json]:
    want = view.want
    reasons: Sequence[str] = [reason.value for reason in view.reasons]
    return {
        "serial": want.serial,
        "setting": want.setting,
        "want": None if want.doubtful else setting_json(want.setting, want.value),
        "have": setting_json(want.setting, want.have),
        "rule": want.rule,
        "because": want.because,
        "reason": reasons[0] if reasons else None,
        "reasons": list(reasons),
        "others": [
            {"rule": one.rule, "value": setting_json(want.setting, one.value), "because": one.why_not}
            for one in view.others
        ],
    }


def moment_json(at: datetime | None) -> str | None:
    """An instant in UTC, or null."""
    return None if at is None else instant_json(at)
