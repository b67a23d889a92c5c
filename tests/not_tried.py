"""What a test could not try on this machine is said at the end of the run, by whichever process ran it."""

import importlib.util
import sys

import pytest

NOT_TRIED = "not tried"
"""The property of a test that says in its own words what was not tried."""
LEFT_OUT: dict[str, str] = {}
"""Files of tests, below tests/, that this Python cannot even load, and why."""
if sys.version_info < (3, 12) and importlib.util.find_spec("pylxpweb") is None:
    LEFT_OUT["sim/test_a_real_client_of_the_live_wire.py"] = "pylxpweb needs Python 3.12 or newer"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for kind in terminalreporter.stats.values() for one in kind]
    told = [f"tests/{file}: {why}" for file, why in LEFT_OUT.items()]
    told += [
        str(words)
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, words in report.user_properties
        if name == NOT_TRIED
    ]
    if told:
        terminalreporter.section("not tried on this machine")
        for words in told:
            terminalreporter.line(words)
