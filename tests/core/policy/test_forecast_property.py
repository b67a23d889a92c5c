"""Planning says the same as living through it, minute by minute, whatever the rules and the place."""

from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from luxagent.core.memory import Memory
from tests.core.policy.weeks import SITES, assert_plan_equals_ticking, policies, starts


@pytest.mark.parametrize("place", SITES)
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_plan_equals_ticking_over_any_week_of_the_year(place: str, data: st.DataObject) -> None:
    """Not shrunk here, for that takes minutes; the long runs do it."""
    policy, start = data.draw(policies(place)), data.draw(starts(place))
    lasting = data.draw(st.sampled_from([None, timedelta(days=2, minutes=7)]))
    flags: dict[str, datetime | None] = {} if lasting is None else {"storm": start + lasting}
    days = data.draw(st.sampled_from([1, 1, 2, 7]))
    assert_plan_equals_ticking(policy, Memory(flags=flags), start, days)
