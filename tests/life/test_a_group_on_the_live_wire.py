"""Thousands of things happen, in any order, to two inverters behind a GridBOSS on the live wire."""

import pytest

from tests.life.lives import GROUP_LIVE, live, lived_enough

pytestmark = pytest.mark.long


def test_whatever_happens_nothing_forbidden_is_asked_and_all_is_home_in_the_end() -> None:
    lived_enough(live(GROUP_LIVE), GROUP_LIVE)
