"""Files that are made to hurt are refused with little time and memory beyond the command's own start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from luxagent.config.findings import Code
from luxagent.config.nodes import Misplaced, parse

BOMBS = {
    "100,000 brackets deep": b"a: " + b"[" * 100_000,
    "100,000 braces deep": b"{a: " * 100_000,
    "100,000 lists deep": b"- " * 100_000,
    "50 MB": b"a: " + b"b" * 50_000_000,
    "50 MB of rules": b"rules:\n" + b"  - {name: x, when: always, set: {eps: on}}\n" * 1_200_000,
    "aliases of aliases": b"a0: &a0 [x]\n"
    + b"".join(
        b"a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n" % (n, n, n - 1, n - 1, n - 1, n - 1) for n in range(1, 60)
    ),
}
ASKED = """
import json, resource, sys, time
from pathlib import Path
from luxagent.config.load import check
check(Path(sys.argv[1]), environ={})
started, spent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
for _ in range(3):
    before = time.process_time()
    found = check(Path(sys.argv[2]), environ={})
    spent.append(time.process_time() - before)
more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - started
loops = time.process_time()
sum(range(1_000_000))
yardstick = time.process_time() - loops
codes = [one.code for one in found]
print(json.dumps({"codes": codes, "s": min(spent), "kb": more, "yardstick_s": yardstick}))
"""
MOST_KB = 20_000 if sys.platform == "linux" else 20_000_000
MOST_S = 0.05
YARDSTICK_S = 0.012
"""What the sum of a million numbers takes on the machine of the targets; a slower or busier one gets more."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_under_50_ms_and_20_mb_beyond_the_start(name: str, tmp_path: Path) -> None:
    good, bomb = tmp_path / "good.yaml", tmp_path / "bomb.yaml"
    good.write_text("version: 1\n")
    bomb.write_bytes(BOMBS[name])
    ran = subprocess.run(
        [sys.executable, "-c", ASKED, str(good), str(bomb)],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    told = json.loads(ran.stdout)
    assert set(told["codes"]) & {Code.TOO_DEEP, Code.UNREADABLE, Code.EXTRA}
    assert told["kb"] < MOST_KB
    assert told["s"] < MOST_S * max(1.0, told["yardstick_s"] / YARDSTICK_S)


def test_nesting_beyond_any_policy_is_told_where_it_begins_to_be() -> None:
    with pytest.raises(Misplaced) as caught:
        parse(BOMBS["100,000 brackets deep"])
    assert caught.value.fault.code is Code.TOO_DEEP
    assert (caught.value.place.line, caught.value.place.column) == (1, 35)
