"""Each seeded bug of `guards` is noticed by its tests."""

import pytest

from tests.teeth.conftest import Bite
from tests.teeth.guards import BUGS
from tests.teeth.seeded import Bug

pytestmark = pytest.mark.long


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.sentence)
def test_it_is_noticed(bug: Bug, bite: Bite) -> None:
    bite(bug)
