"""One nursery for the tests of a file."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.teeth.seeded import ROOT, Bug

WRONG = ("NameError", "SyntaxError", "ImportError", "ModuleNotFoundError", "UnboundLocalError")
"""What a bug that is no bug but nonsense would raise."""

Bite = Callable[[Bug], None]


@pytest.fixture(scope="module")
def bite() -> Iterator[Bite]:
    """Lets the tests that a bug names run with that bug, and fails unless they fail."""
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environ.pop("PYTEST_ADDOPTS", None)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.teeth.nursery"],
        cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as nursery:  # fmt: skip
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        orders, answers = nursery.stdin, nursery.stdout

        def bites(bug: Bug) -> None:
            order = {"module": bug.module, "source": bug.source(), "tests": list(bug.caught_by)}
            orders.write(json.dumps(order) + "\n")
            orders.flush()
            told = json.loads(answers.readline())
            assert told["code"] != 0, f"nothing notices an agent that {bug.sentence}"
            assert told["code"] == 1, told["said"]
            assert not [word for word in WRONG if word in told["said"]], told["said"]

        yield bites
        orders.close()
