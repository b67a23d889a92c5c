"""What stays as it is at the inverters where the file cannot be used and no agent runs."""

from luxagent.cli.common import Common
from luxagent.cli.files import state_folder_of_broken
from luxagent.core.control.residual import left_behind
from luxagent.core.values.moment import Calendar
from luxagent.errors import LuxagentError
from luxagent.store import journal
from luxagent.store.lock import holder_pid


def left_without_file(common: Common) -> list[str]:
    """A sentence for each setting that luxagent has moved, after one that says why it stays. Never raises."""
    try:
        folder = state_folder_of_broken(common)
        if not folder.is_dir() or holder_pid(folder) is not None:
            return []
        memory = journal.look(folder)
    except LuxagentError:
        return []
    now = common.clock().now()
    zone = now.astimezone().tzinfo
    rest = () if zone is None else left_behind(memory, {}, Calendar(zone).moment(now))
    if not rest:
        return []
    return [
        "luxagent: without a file that is in order nobody can be asked, so this stays as it is meanwhile:",
        *(one.sentence for one in rest),
    ]
