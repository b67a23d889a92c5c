"""A hundred thousand ticks with faults leave the daemon as small as it was."""

from pathlib import Path

from tests.agent.weather import open_ends, open_world, weathered

TICKS, WARM = 100_000, 10_000
MOST_MB = 2.0


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def test_a_hundred_thousand_ticks_with_faults_grow_by_two_megabytes_at_most(tmp_path: Path) -> None:
    with open_world(tmp_path) as (wired, clock):
        weathered(wired, clock, WARM)
        before, ends = resident_mb(), open_ends()
        failed = weathered(wired, clock, TICKS - WARM)
        assert failed > TICKS * 0.02
        assert resident_mb() - before <= MOST_MB
        assert open_ends() == ends
