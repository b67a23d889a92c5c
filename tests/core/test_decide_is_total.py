"""Whatever a plant reports, there is a decision, and the same one for the same report."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.config.load import load
from luxagent.core.decide import decide
from luxagent.core.facts.metrics import METRICS_BY_KEY, WORD_FACTS
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.reading import Value
from luxagent.core.policy.policy import Policy, build
from tests.core.builders import after, inverter, plant

EXAMPLE = Path(__file__).parents[2] / "luxagent" / "examples" / "rules.example.yaml"


def example() -> Policy:
    return build(load(EXAMPLE, environ={"LUXAGENT_PASSWORD": "x"}, resolve_secrets=False).ruleset)


numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(0.0))
words = st.one_of(
    st.none(), st.booleans(), st.text(max_size=8), st.frozensets(st.sampled_from(["fault", "normal", "x"]))
)
readings = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(sorted(METRICS_BY_KEY), numbers),
        **dict.fromkeys(sorted(WORD_FACTS), words),
        "faults": words,
    },
)
setting_values = st.one_of(st.none(), st.booleans(), st.floats(0, 20_000), st.text(max_size=5))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 600), readings, st.booleans()), min_size=1, max_size=6),
    st.dictionaries(st.sampled_from(sorted(example().managed)), setting_values),
)
def test_any_history_of_readings_is_decided_and_always_alike(
    steps: list[tuple[int, dict[str, Value], bool]], registers: dict[str, float | bool | str | None]
) -> None:
    one, other = example(), example()
    memory, minute = Memory(), 0
    for minutes, values, heard in steps:
        minute += minutes
        seen = plant(inverter(values=values, settings=registers, online=heard))
        first = decide(one.calendar.moment(after(minute)), seen, memory, one)
        again = decide(other.calendar.moment(after(minute)), seen, memory, other)
        assert (first.changes, first.held, first.events) == (again.changes, again.held, again.events)
        decided = [change.want.setting for change in first.changes]
        decided += [held.want.setting for held in first.held] + [want.setting for want in first.unchanged]
        assert sorted(decided) == sorted(one.managed)
        memory = fold_all(memory, first.events)
