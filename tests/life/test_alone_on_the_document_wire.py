"""Thousands of things happen, in any order, to a lone inverter on the document's wire."""

import pytest

from tests.life.lives import ALONE_DOCUMENT, live, lived_enough

pytestmark = pytest.mark.long


def test_whatever_happens_nothing_forbidden_is_asked_and_all_is_home_in_the_end() -> None:
    lived_enough(live(ALONE_DOCUMENT), ALONE_DOCUMENT)
