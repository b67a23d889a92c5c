"""What would remain if the agent ended now: the first thing an owner fears. For `status` and `plan`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo

from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json
from luxagent.core.control.residual import Remainder

HEADING = "If luxagent ended now"
NOTHING = f"{HEADING}, every setting would stay as it is, and none of them waits to go home."
_ELDER = "The running agent is of an earlier version; restart it to see what would remain."


def remains_json(rows: Iterable[Remainder], zone: tzinfo = UTC) -> list[Json]:
    """A row for each owned setting; `until` is null where nothing but a person ends it."""
    return [
        {
            "serial": row.serial,
            "setting": row.setting,
            "words": one_line(row.sentence),
            "until": None if row.until is None else row.until.astimezone(zone).isoformat(timespec="seconds"),
        }
        for row in rows
    ]


def remains(status: Mapping[str, Json]) -> list[str]:
    """One sentence for each owned setting; one in all if there is none."""
    if "remains" not in status and status["owned"]:
        return [_ELDER]
    return [one_line(str(row["words"])) for row in status.get("remains", ())] or [NOTHING]
