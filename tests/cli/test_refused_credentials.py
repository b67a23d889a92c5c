"""A wrong password is tried once, whatever restarts and asks again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from luxagent.sim.server import SimPortal
from tests.cli.bench import PASSWORD, Desk, StillClock, new_portal

LOGIN = "/WManage/api/login"


@pytest.fixture
def strict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    clock = StillClock()
    with new_portal(clock, password="another one") as portal:
        desk = Desk(tmp_path, portal, clock, capsys)
        desk.write("baseline: {charge_limit: 90%}\n")
        yield desk


def logins(portal: SimPortal) -> int:
    return portal.requests[LOGIN]


def test_many_starts_try_it_once_and_say_when_they_try_again(strict: Desk) -> None:
    first = strict.say("once")
    assert (first.code, logins(strict.portal)) == (77, 1)
    assert "tried again in 15 min" in first.err
    for verb in ("once", "status", "once"):
        strict.later(minutes=4)
        assert strict.say(verb).code == 77
    assert logins(strict.portal) == 1
    strict.later(minutes=4)
    assert "tried again in 1 h" in strict.say("once").err
    assert logins(strict.portal) == 2


def test_a_changed_password_is_tried_at_once_and_a_good_one_forgets_the_rest(strict: Desk) -> None:
    strict.say("once")
    assert (strict.state / "refused.json").exists()
    strict.environ["LUXAGENT_PASSWORD"] = "another one"
    assert strict.say("once").code == 0
    assert logins(strict.portal) == 2
    strict.environ["LUXAGENT_PASSWORD"] = PASSWORD
    assert strict.say("once").code == 77
    assert logins(strict.portal) == 2  # the first refusal still stands


def test_no_verb_that_asks_the_portal_tries_it_a_second_time(strict: Desk) -> None:
    strict.say("why")
    assert logins(strict.portal) == 1
    for verb in ("why", "plan", "status --fresh", "doctor", "check --live", "firmware", "once --dry-run"):
        strict.say(*verb.split())
    assert logins(strict.portal) == 1


def test_no_password_and_no_account_is_in_the_state_folder(strict: Desk) -> None:
    strict.say("once")
    text = (strict.state / "refused.json").read_text()
    assert PASSWORD not in text
    assert "owner" not in text
