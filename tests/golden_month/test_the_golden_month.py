"""What a recorded month comes to is the same, byte for byte, as when it was last decided on purpose.

A new version of Python or of a library that reads times, numbers or the file differently shows here. Where a
change of decisions is meant, `make golden` writes the journal anew; its difference belongs into the commit.
"""

import difflib

from tests.golden_month.month import DAYS, FOLDER, STEP_S, journal, readings, summary


def test_a_recorded_month_is_decided_as_before_byte_for_byte() -> None:
    golden, found = (FOLDER / "journal.txt").read_text(encoding="utf-8"), journal()
    lines = difflib.unified_diff(golden.splitlines(), found.splitlines(), "before", "now", lineterm="", n=0)
    assert list(lines)[:20] == []
    assert found == golden


def test_the_month_has_every_rule_the_alert_and_what_goes_wrong_in_a_month() -> None:
    text = (FOLDER / "journal.txt").read_text(encoding="utf-8")
    assert set(summary(text)) == {
        "Storm coming", "Fill up on cheap power", "Sell at the peak", "Dark afternoons", "Balance on Sundays",
        "Rest on holidays",
    }  # fmt: skip
    assert "Cell imbalance" in text
    rows = readings()
    assert len(rows) == DAYS * 86_400 / STEP_S
    assert any(row[3] == "" for row in rows)
    assert any(row[2] == "down" for row in rows)
    assert text.count(" in all ") == DAYS
