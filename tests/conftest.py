"""For the whole suite: what takes long begins first, so that no core waits for another at the end; no
secret may get out of any test; and what could not be tried is said.
"""

import signal

import pytest
from hypothesis import settings

from tests.canaries import listen, pytest_runtest_makereport, pytest_runtest_setup
from tests.not_tried import LEFT_OUT, pytest_terminal_summary

collect_ignore = list(LEFT_OUT)
__all__ = ["pytest_runtest_makereport", "pytest_runtest_setup", "pytest_terminal_summary"]

# How fast it is on a busy machine is no matter of tests; and what is green must be green again, so that the
# same examples are tried each time. `make soak` leaves them to chance.
settings.register_profile("untimed", deadline=None)
settings.register_profile("the same again", deadline=None, derandomize=True)
settings.load_profile("the same again")


def pytest_configure() -> None:
    """A runner in the background ignores Ctrl-C, and every process of a test would inherit that."""
    listen()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
