"""A command as a process of its own, which does not outlive the test that began it."""

import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType


class Process(subprocess.Popen[str]):
    """`python -m luxagent ...`. A test that fails ends it, where it would else wait for its end for ever."""

    def __init__(self, environ: Mapping[str, str], *arguments: str) -> None:
        super().__init__(
            [sys.executable, "-m", "luxagent", *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.kill()
        super().__exit__(kind, error, trace)
