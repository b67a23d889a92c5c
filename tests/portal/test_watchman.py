"""Who looks at the clock while a request is under way: in time, and gone when nobody needs him."""

import gc
import threading
from collections.abc import Iterator

import pytest

from luxagent.portal.watchman import Watchman

PATIENCE_S = 5.0
SOON_S, LATE_S = 0.02, 60.0


class Bell:
    """Rings once, and can be waited for."""

    def __init__(self) -> None:
        self.rang = threading.Event()
        self.watchman = Watchman(self.ring)

    def ring(self) -> None:
        self.rang.set()


@pytest.fixture
def bell() -> Iterator[Bell]:
    made = Bell()
    yield made
    made.watchman.close()


def threads() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name == "deadlines"}


def test_he_rings_when_the_time_is_over(bell: Bell) -> None:
    bell.watchman.set(SOON_S)
    assert bell.rang.wait(PATIENCE_S)


def test_a_shorter_time_after_a_longer_one_is_not_missed(bell: Bell) -> None:
    bell.watchman.set(LATE_S)
    bell.watchman.unset()
    bell.watchman.set(SOON_S)
    assert bell.rang.wait(PATIENCE_S)


def test_a_longer_time_after_a_shorter_one_is_given(bell: Bell) -> None:
    bell.watchman.set(SOON_S)
    bell.watchman.unset()
    bell.watchman.set(LATE_S)
    assert not bell.rang.wait(10 * SOON_S)


def test_he_rings_again_for_the_next_call(bell: Bell) -> None:
    for _ in range(3):
        bell.rang.clear()
        bell.watchman.set(SOON_S)
        assert bell.rang.wait(PATIENCE_S)
        bell.watchman.unset()


def test_any_number_of_calls_takes_one_thread(bell: Bell) -> None:
    before = threads()
    for _ in range(50):
        bell.watchman.set(LATE_S)
        bell.watchman.unset()
    assert len(threads() - before) == 1


def test_a_closed_one_leaves_no_thread_and_can_be_set_again(bell: Bell) -> None:
    before = threads()
    bell.watchman.set(LATE_S)
    [thread] = threads() - before
    bell.watchman.close()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    bell.watchman.set(SOON_S)
    assert bell.rang.wait(PATIENCE_S)


def test_one_that_everybody_forgot_leaves_no_thread() -> None:
    before = threads()
    forgotten = Bell()
    forgotten.watchman.set(LATE_S)
    [thread] = threads() - before
    del forgotten
    gc.collect()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_a_machine_without_a_thread_to_spare_fails_one_call_and_not_the_later_ones(
    bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(RuntimeError):
            bell.watchman.set(SOON_S)
    bell.watchman.set(SOON_S)
    assert bell.rang.wait(PATIENCE_S)


def no_thread(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_a_bell_that_breaks_is_said_and_rings_for_the_next_call(caplog: pytest.LogCaptureFixture) -> None:
    bell = Broken()
    for _ in range(2):
        bell.rang.clear()
        bell.watchman.set(SOON_S)
        assert bell.rang.wait(PATIENCE_S)
        bell.watchman.unset()
    bell.watchman.close()
    assert [row.getMessage() for row in caplog.records] == [
        "a request that took too long could not be cut off: the clapper fell out"
    ] * 2


class Broken(Bell):
    def ring(self) -> None:
        super().ring()
        raise ValueError("the clapper fell out")
