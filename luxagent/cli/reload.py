"""Going by another file without a restart: on SIGHUP, and when the file is seen to have changed.

A file that cannot be used is refused: that is logged, journalled and an alert, and the last good one stays
in force, whole. Timers and latches of rules that did not change live on, because their slots are named after
what they are. The portal, the account and the state folder are fixed until a restart, and it is said.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from luxagent.cli import wiring
from luxagent.cli.clock import Clock
from luxagent.cli.first_live import mind_the_first_write
from luxagent.cli.logs import without_secrets
from luxagent.cli.render.text import one_line
from luxagent.cli.wiring import Wired
from luxagent.config import load
from luxagent.config.load import Config
from luxagent.core.events import Event, FileRefused, FileTaken
from luxagent.core.policy.difference import difference
from luxagent.core.policy.policy import Policy
from luxagent.errors import LuxagentError, StateUnusable

log = logging.getLogger("luxagent")

FIXED = {
    "portal": "the portal or the account",
    "state": "the state folder",
    "names": "names",
    "web": "the web page",
    "keep": "how long the state folder remembers",
}
"""What a restart is needed for, by the file's key."""

Print = tuple[int, int, int] | None
"""What tells one version of a file from another; None where there is none."""


class FileWatch:
    """Whether the file is another one than the last time it was read. Asks the disk, not an inode watcher:
    that also sees a file that an editor, a mount or a configuration manager has put in the old one's place.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = self._seen = self._print()

    def changed(self) -> bool:
        """True once for each version, when it has looked the same twice: no editor is at it just now."""
        now, before = self._print(), self._seen
        self._seen = now
        if now is None or now == self._read or now != before:
            return False
        self._read = now
        return True

    def read(self) -> None:
        """The file is being read as it is now."""
        self._read = self._seen = self._print()

    def _print(self) -> Print:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


class Reloader:
    """Keeps one running agent by its file."""

    def __init__(
        self,
        config: Config,
        wired: Wired,
        clock: Clock,
        environ: Mapping[str, str],
        pace: Callable[[float], None],
        watch: FileWatch | None = None,
    ) -> None:
        """`pace` is told a new interval. `watch` was begun before the file was read; else it begins here."""
        self.config = config
        """The file that is in force, as far as it can be without a restart."""
        self._wired, self._clock, self._environ, self._pace = wired, clock, environ, pace
        self._watch = watch or FileWatch(config.path)

    def poll(self) -> bool:
        """Read the file anew if it changed. True when a tick should follow."""
        return self._watch.changed() and self._reload()[0]

    def hangup(self) -> str:
        """Read the file anew, changed or not. Returns what came of it."""
        self._watch.read()
        return self._reload()[1]

    def _reload(self) -> tuple[bool, str]:
        try:
            new = load.load(self.config.path, environ=self._environ, resolve_secrets=True)
            policy = wiring.policy_of(new, dry_run=not self._wired.may_write)
        except LuxagentError as error:
            return False, self._refuse(str(error))
        except Exception as error:  # a mistake of ours must not end the daemon
            log.debug("unexpected", exc_info=error)
            return False, self._refuse(f"{type(error).__name__}: {error}")
        return True, self._take(new, policy)

    def _refuse(self, why: str) -> str:
        """The old file stays in force; the alert begins with the next tick."""
        words = without_secrets(one_line(why))
        log.error("the file cannot be used, so the old one stays in force: %s", words)
        self._record(FileRefused(self._clock.now(), words))
        return f"the file cannot be used, so the old one stays in force: {words}"

    def _take(self, new: Config, policy: Policy) -> str:
        """Go by the new file from the next tick on, and tell what it changed."""
        old, was_dry = self.config, self._wired.dry_run
        changes = list(difference(old.ruleset, new.ruleset))
        if new.interval_s != old.interval_s:
            changes.append(f"interval is {new.interval_s:g} s")
            self._pace(new.interval_s)
            self._wired.interval_s = new.interval_s
        spoken = [name for name in ("channels", "heartbeat") if getattr(new, name) != getattr(old, name)]
        if spoken:
            changes.append(" and ".join(spoken) + " changed")
            self._wired.tell(new)
        fixed = [words for name, words in FIXED.items() if getattr(new, name) != getattr(old, name)]
        self._wired.adopt(policy)
        if was_dry and not self._wired.dry_run:
            mind_the_first_write(self._wired, self._clock.now, yes=True)  # nobody can be asked between ticks
        self.config = new
        told = "; ".join(changes) or "nothing changed"
        if fixed:
            told += f"; changed too, but only after a restart: {', '.join(fixed)}"
        if not new.ruleset.dry_run and self._wired.dry_run and not self._wired.may_write:
            told += "; started with --dry-run, so still nothing is written"
        for warning in new.warnings:
            log.warning("%s", warning)
        self._record(FileTaken(self._clock.now(), policy.digest, told))
        log.log(logging.WARNING if fixed else logging.INFO, "the rules were read anew: %s", told)
        return f"the rules were read anew: {told}"

    def _record(self, event: Event) -> None:
        try:
            self._wired.agent.state.record([event])
        except StateUnusable as error:
            log.warning("%s", error)
