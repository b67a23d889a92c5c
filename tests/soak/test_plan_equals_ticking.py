"""The long form of a property that the tests sample: weeks by the hundred, and whole years."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.memory import Memory
from tests.core.policy.weeks import SITES, assert_plan_equals_ticking, policies, starts

YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("place", SITES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_plan_equals_ticking_over_any_week_of_the_year(place: str, data: st.DataObject) -> None:
    policy, start = data.draw(policies(place)), data.draw(starts(place))
    lasting = data.draw(st.sampled_from([None, timedelta(days=2, minutes=7)]))
    flags: dict[str, datetime | None] = {} if lasting is None else {"storm": start + lasting}
    assert_plan_equals_ticking(policy, Memory(flags=flags), start, 7)


@pytest.mark.parametrize("place", SITES)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_plan_equals_ticking_over_a_whole_year(place: str, data: st.DataObject) -> None:
    assert_plan_equals_ticking(data.draw(policies(place)), Memory(), YEAR, 365)
