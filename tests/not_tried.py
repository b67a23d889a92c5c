"""What a test could not try on this machine is said at the end of the run, by whichever process ran it."""

import pytest

NOT_TRIED = "not tried"
"""The property of a test that says in its own words what was not tried."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for kind in terminalreporter.stats.values() for one in kind]
    told = [
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
