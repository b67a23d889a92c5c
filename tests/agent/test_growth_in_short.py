"""What a day leaves behind, the next day does not add to; `make soak` does the same for 100,000 ticks."""

from pathlib import Path

import pytest

from tests.agent.weather import objects, open_ends, open_world, weathered

pytestmark = pytest.mark.long

DAY = 720
"""Ticks. Much is remembered for a day, so that only the second can be compared with the third."""
MOST_OBJECTS = 400


def test_a_day_with_faults_leaves_no_more_objects_descriptors_or_threads_than_the_day_before(
    tmp_path: Path,
) -> None:
    with open_world(tmp_path) as (wired, clock):
        weathered(wired, clock, DAY + 100)
        before, ends = objects(), open_ends()
        assert weathered(wired, clock, DAY) > DAY * 0.01
        assert objects() - before <= MOST_OBJECTS
        assert open_ends() == ends
