"""The JSON of `plan`: every span in which a rule can hold, in the site's time."""

from collections.abc import Iterable
from datetime import tzinfo

from luxagent.cli.render.remains import remains_json
from luxagent.cli.render.values import Json, settings_json
from luxagent.core.control.residual import Remainder
from luxagent.core.policy.forecast import WindowSpan


def plan_json(spans: Iterable[WindowSpan], rest: Iterable[Remainder], zone: tzinfo) -> dict[str, Json]:
    """In order of start, and what would remain if the agent ended now; instants carry the site's offset."""
    return {
        "windows": [
            {
                "rule": span.rule,
                "start": span.start.astimezone(zone).isoformat(),
                "end": span.end.astimezone(zone).isoformat(),
                "depends_on": list(span.depends_on),
                "set": settings_json(span.sets),
            }
            for span in spans
        ],
        "remains": remains_json(rest, zone),
    }
