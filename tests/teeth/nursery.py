"""A process that has pytest ready, and forks a child for every seeded bug: `python -m tests.teeth.nursery`.

It reads lines of JSON, {"module", "source", "tests"}, and answers each with {"code", "said"}. The child
imports luxagent anew, one module of it with another source, and runs just those tests. Starting pytest from
nothing for each would cost twice as much.
"""

import importlib
import importlib.abc
import importlib.machinery
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis
import pytest

from tests.canaries import CANARY

READY = ("astral.sun", "croniter", "msgspec", "requests", "responses", "yaml")
"""Other people's libraries that tests need: loaded once, before the first fork."""
QUIET = ("-x", "-p", "no:cacheprovider", "--tb=line", "-o", "addopts=--import-mode=importlib -q")


class Changed(SourceFileLoader):
    """Loads a module from another source than that of its file."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


class Changeling(importlib.abc.MetaPathFinder):
    """Puts it in the place of one module, and knows whether anybody asked for that."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        return importlib.machinery.ModuleSpec(
            fullname, Changed(fullname, spec.origin, self._source), origin=spec.origin
        )


def run(module: str, source: str, tests: list[str]) -> int:
    """In the child: pytest's own exit code."""
    sys.meta_path.insert(0, Changeling(f"luxagent.{module}", source))
    return int(pytest.main([*QUIET, *tests]))


def child(order: dict[str, object], said: int) -> None:
    """Never returns."""
    code = 99
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        code = run(**order)  # type: ignore[arg-type]
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    assert "luxagent" not in sys.modules, "it must be imported by the children alone"
    for library in READY:
        importlib.import_module(library)
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # any example will do, not the smallest
    hypothesis.settings.register_profile("teeth", database=None, phases=phases)
    hypothesis.settings.load_profile("teeth")
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as said:
            pid = os.fork()
            if not pid:
                child(json.loads(line), said.fileno())
            _, status = os.waitpid(pid, 0)
            said.seek(0)
            words = CANARY.sub("...", said.read())  # a test that fails shows what it was given, as it may
            answers.write(json.dumps({"code": os.waitstatus_to_exitcode(status), "said": words}) + "\n")
            answers.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main()
