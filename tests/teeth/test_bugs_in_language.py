"""Each seeded bug of `language` is noticed by its tests."""

import pytest

from tests.teeth.conftest import Bite
from tests.teeth.language import BUGS
from tests.teeth.seeded import Bug

pytestmark = pytest.mark.long


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.sentence)
def test_it_is_noticed(bug: Bug, bite: Bite) -> None:
    bite(bug)
