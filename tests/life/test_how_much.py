"""Nobody makes the lives shorter by the way."""

from tests.life.lives import KINDS


def test_all_lives_together_are_ten_thousand_steps() -> None:
    assert sum(kind.least_steps for kind in KINDS) >= 10_000
