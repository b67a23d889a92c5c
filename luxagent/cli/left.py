"""What stays as it is at the inverters where the file cannot be used and no agent runs."""

from datetime import UTC

from luxagent.cli.common import Common
from luxagent.cli.files import rules_file, state_folder_of_broken
from luxagent.core.control.residual import left_behind
from luxagent.core.values.moment import Calendar
from luxagent.errors import LuxagentError
from luxagent.store import journal
from luxagent.store.lock import holder_pid


def left_without_file(common: Common) -> list[str]:
    """A sentence for each setting that luxagent has moved, after one that says why it stays. Never raises."""
    try:
        rules_file(common)  # a name that is mistyped says nothing of what luxagent goes by
        folder = state_folder_of_broken(common)
        if not folder.is_dir() or holder_pid(folder) is not None:
            return []
        memory, now = journal.look(folder), common.clock().now()
        rest = left_behind(memory, {}, Calendar(now.astimezone().tzinfo or UTC).moment(now))
    except (LuxagentError, OSError, ValueError):  # another error is told already
        return []
    if not rest:
        return []
    return [
        "luxagent: without a file that is in order nobody can be asked, so this stays as it is meanwhile:",
        *(one.sentence for one in rest),
    ]
