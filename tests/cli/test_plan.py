"""`luxagent plan`: the days ahead, as lanes for a person and as windows for a program."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luxagent.cli.render.lanes import Axis, Level, axes, cell, fill, walls
from tests.cli.bench import Desk

RULES = """\
flags: [storm]
tariff:
  periods:
    - {name: peak, time: 16:00 to 21:00, import: 0.3}
    - {name: rest, import: 0.1}
baseline: {ac_charge: off, charge_limit: 90%}
rules:
  - name: Fill up
    when: {time: 23:30 to 05:30, soc: below 60% until 78%}
    set: {ac_charge: on, ac_charge_power: 4 kW}
  - name: Peak
    when: {tariff: peak}
    set: {charge_limit: 80%}
  - name: Storm
    when: {flag: storm, soc: below 90% until 97%}
    set: {quick_charge: 60 min}
  - name: Balance
    when: {cron: {at: "0 9 1 * *", lasting: 8 h}}
    set: {charge_limit: never}
"""
LA = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """Noon of the first of June in Phoenix."""
    desk.write(RULES)
    desk.later(hours=7)  # then it is evening, and the first is almost over
    return desk


def test_the_json_has_every_window_in_order_of_start_cut_at_the_edges(planned: Desk) -> None:
    said = planned.say("plan", "--json", "--offline")
    assert (said.code, said.err) == (0, "")
    assert said.json == {
        "windows": [
            {
                "rule": "Peak",
                "start": "2026-06-01T19:00:00-07:00",
                "end": "2026-06-01T21:00:00-07:00",
                "depends_on": [],
                "set": {"charge_limit": 80.0},
            },
            {
                "rule": "Fill up",
                "start": "2026-06-01T23:30:00-07:00",
                "end": "2026-06-02T05:30:00-07:00",
                "depends_on": ["soc below 60 %"],
                "set": {"ac_charge": True, "ac_charge_power": 4000.0},
            },
            {
                "rule": "Peak",
                "start": "2026-06-02T16:00:00-07:00",
                "end": "2026-06-02T19:00:00-07:00",
                "depends_on": [],
                "set": {"charge_limit": 80.0},
            },
        ],
        "remains": [],
    }


def test_from_is_site_time_and_days_are_days_of_the_wall_clock(planned: Desk) -> None:
    text = planned.file.read_text().replace("America/Phoenix", "America/Los_Angeles")
    planned.file.write_text(text)
    said = planned.say("plan", "--json", "--from", "2026-03-07T12:00", "--days", "1")
    assert [(row["start"], row["end"]) for row in said.json["windows"]] == [
        ("2026-03-07T16:00:00-08:00", "2026-03-07T21:00:00-08:00"),
        ("2026-03-07T23:30:00-08:00", "2026-03-08T05:30:00-07:00"),
    ]
    drawn = planned.say("plan", "--from", "2026-03-07T12:00").out
    assert "Sat 07 Mar 12:00 to Sun 08 Mar 12:00" in drawn
    assert "clocks are put forward by 1 h" in drawn


def test_flags_count_now_but_not_from_another_time(planned: Desk) -> None:
    planned.say("flag", "storm", "on", "--for", "2 h")
    rules = [row["rule"] for row in planned.say("plan", "--json").json["windows"]]
    assert rules.count("Storm") == 1
    rules = [
        row["rule"] for row in planned.say("plan", "--json", "--from", "2026-06-01T19:00").json["windows"]
    ]
    assert "Storm" not in rules


def test_flags_that_a_rule_waits_for_are_linked_as_the_file_links_them(desk: Desk) -> None:
    desk.write(
        """\
flags: [a, b, d]
rules:
  - {name: Any, when: {any: [{flag: a}, {flag: b}]}, set: {charge_limit: 80%}}
  - {name: Both, when: {all: [{flag: a}, {flag: b}]}, set: {charge_limit: 80%}}
  - {name: Mixed, when: {flag: b, any: [{flag: a}, {flag: d}]}, set: {charge_limit: 80%}}
  - {name: Met, when: {dates: 2020-01-01, any: [{flag: a}, {flag: d}]}, set: {charge_limit: 80%}}
"""
    )
    desk.say("flag", "d", "on")
    lines = desk.say("plan").out.splitlines()
    assert "Not in this time: Any, needs flag a or flag b, which are off" in lines
    assert "Not in this time: Both, needs flag a and flag b, which are off" in lines
    assert "Not in this time: Mixed, needs flag b, which is off" in lines
    assert "Not in this time: Met, nor in the next 366 days" in lines
    lines = desk.say("plan", "--from", "2026-06-01T19:00").out.splitlines()
    off = "which are counted as off with --from"
    assert f"Not in this time: Mixed, needs flag b and (flag a or flag d), {off}" in lines
    desk.say("flag", "d", "off")
    lines = desk.say("plan").out.splitlines()
    assert "Not in this time: Mixed, needs flag b and (flag a or flag d), which are off" in lines


def test_a_person_sees_lanes_windows_what_is_absent_and_how_things_are_now(planned: Desk) -> None:
    said = planned.say("plan")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "Mon 01 Jun 19:00 to Tue 02 Jun 19:00  America/Phoenix"
    assert "▼ now 19:00" in said.out
    lane = next(line for line in lines if line.startswith("Peak "))
    assert lane.count("█") == (2 + 3) * 2
    assert "  23:30 to 05:30  Fill up" in lines
    assert "sets ac_charge_power 4 kW, ac_charge on" in said.out
    assert "if soc below 60 %" in said.out
    assert "Not in this time: Storm, needs flag storm, which is off" in lines
    assert "Not in this time: Balance, next Wed 01 Jul 2026 09:00" in lines
    assert "Otherwise: charge_limit 90 %, ac_charge off" in lines
    assert lines[-1].startswith("Now (just now): soc ")
    assert lines[-1].endswith("; holding: Peak")
    assert "\x1b" not in said.out


def test_offline_asks_no_portal(planned: Desk) -> None:
    planned.portal.stop()
    said = planned.say("plan", "--offline")
    assert (said.code, said.err) == (0, "")
    assert "Now (" not in said.out


def test_a_portal_that_is_away_does_not_keep_the_plan_back(planned: Desk) -> None:
    planned.portal.stop()
    said = planned.say("plan")
    assert said.code == 0
    assert "Fill up" in said.out
    assert "How things are now is not known: " in said.err


MODES = """\
rules:
  - name: Charge
    when: {flag: night}
    set: {ac_charge: on, ac_charge_type: time, ac_charge_windows: [23:30 to 05:30], ac_charge_limit: 80%}
  - {name: Quick, when: {flag: quick}, set: {quick_charge: 45 min}}
flags: [night, quick]
"""


def test_it_ends_with_what_would_remain_if_luxagent_ended_now(desk: Desk) -> None:
    desk.write(MODES)
    desk.say("flag", "night", "on")
    desk.say("once")
    desk.later(hours=12)
    told = " ".join(desk.say("plan").out.partition("If luxagent ended now\n")[2].split())
    charge = (
        "garage: it charges from the grid up to 80 % until 05:30, and again from 23:30-05:30, "
        "every day until someone changes it (it was off before 'Charge' took it)."
    )
    rows = {row["setting"]: row for row in desk.say("plan", "--json").json["remains"]}
    assert rows["ac_charge"] == {
        "serial": "52710E0417", "setting": "ac_charge", "words": charge, "until": "2026-06-02T05:30:00-07:00",
    }  # fmt: skip
    assert rows["ac_charge_limit"]["until"] is None
    assert told == " ".join(row["words"] for row in rows.values())


def test_a_quick_charge_is_told_with_its_end_by_plan_and_status_alike(desk: Desk) -> None:
    desk.write(MODES)
    desk.say("flag", "quick", "on")
    desk.say("once")
    desk.later(minutes=20)
    line = "garage: the quick charge ends by itself in 25 min."
    assert line in desk.say("plan").out
    assert line in desk.say("status").out
    (row,) = desk.say("status", "--json").json["remains"]
    assert (row["setting"], row["words"], row["until"]) == ("quick_charge", line, "2026-06-01T19:45:00+00:00")


def test_without_the_portal_it_is_told_as_far_as_it_is_remembered(desk: Desk) -> None:
    desk.write(MODES)
    desk.say("flag", "quick", "on")
    desk.say("once")
    desk.portal.stop()
    line = "garage: the quick charge goes on until its time is over or someone stops it."
    assert line in desk.say("plan", "--offline").out
    assert line in desk.say("status").out
    assert desk.say("plan", "--from", "2026-06-01T19:00", "--json").json["remains"] == []


def test_no_secret_is_needed_to_plan(planned: Desk) -> None:
    del planned.environ["LUXAGENT_PASSWORD"]
    said = planned.say("plan", "--json")
    assert said.code == 0


def test_a_week_has_a_block_of_lanes_for_each_date(planned: Desk) -> None:
    said = planned.say("plan", "--days", "2", "--offline")
    tops = [line for line in said.out.splitlines() if "00  02  04" in line]
    assert [top.split("  ")[0].strip() for top in tops] == ["Mon 01 Jun", "Tue 02 Jun", "Wed 03 Jun"]


def test_a_file_without_rules_says_so(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    assert "The file has no rules." in desk.say("plan", "--offline").out
    assert desk.say("plan", "--json").json == {"windows": [], "remains": []}


@pytest.mark.parametrize("arguments", [("--from", "tomorrow"), ("--days", "0"), ("--days", "x")])
def test_a_wrong_word_is_usage(planned: Desk, arguments: tuple[str, str]) -> None:
    said = planned.say("plan", *arguments)
    assert said.code == 2
    assert said.out == ""


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_an_axis_goes_from_full_hour_to_full_hour() -> None:
    (axis,) = axes(utc(2026, 6, 1, 19, 37), utc(2026, 6, 2, 19, 37), LA, 2)
    assert (axis.start.hour, axis.hours, axis.cells) == (12, 25, 50)
    assert axis.hour_labels() == "12  14  16  18  20  22  00  02  04  06  08  10  12"


def test_a_span_over_a_clock_change_is_cut_into_what_the_wall_clock_shows() -> None:
    spring = list(walls(utc(2026, 3, 8, 9), utc(2026, 3, 8, 11), LA))
    assert [(a.hour, b.hour) for a, b in spring] == [(1, 2), (3, 4)]
    autumn = list(walls(utc(2026, 11, 1, 8), utc(2026, 11, 1, 10), LA))
    assert [(a.hour, b.hour) for a, b in autumn] == [(1, 2), (1, 2)]


def test_a_short_span_still_shows_and_the_surest_wins() -> None:
    axis = Axis(datetime(2026, 6, 1), 2, 2)  # noqa: DTZ001
    start = axis.start + timedelta(minutes=31)
    short = (start, start + timedelta(minutes=1), Level.SURE)
    assert fill(axis, [short]) == [0, 0, 2, 0, 0, 0, 0, 0]
    assert fill(axis, [short, (axis.start, axis.end, Level.MAYBE)]) == [1, 1, 2, 1, 1, 1, 1, 1]
    outside = (axis.end, axis.end + timedelta(hours=1), Level.SURE)
    before = (axis.start - timedelta(hours=2), axis.start, Level.SURE)
    assert fill(axis, [outside, before]) == [0] * 8


@pytest.mark.parametrize(
    ("pair", "plain", "shown"),
    [((2, 2), False, "█"), ((2, 0), False, "▌"), ((0, 1), False, "▐"), ((1, 1), False, "▒"),
     ((0, 0), False, " "), ((2, 1), True, "#"), ((0, 1), True, "-")],
)  # fmt: skip
def test_two_halves_make_a_character(pair: tuple[int, int], plain: bool, shown: str) -> None:
    assert cell([Level(half) for half in pair], plain=plain)[0] == shown


@pytest.mark.parametrize("name", ["P", "Peak", "Peak hours of the whole day"])
def test_a_bar_stands_under_its_hours_however_long_the_names_are(desk: Desk, name: str) -> None:
    desk.write(f"rules:\n  - {{name: {name}, when: {{time: 18:00 to 20:00}}, set: {{charge_limit: 80%}}}}\n")
    lines = desk.say("plan", "--offline", "--from", "2026-06-01T12:00").out.splitlines()
    hours = next(line for line in lines if line.startswith("Mon 01 Jun ") and "12:00" not in line)
    lane = next(line for line in lines if line.startswith(f"{name} ") and "█" in line)
    assert hours.index("18") == lane.index("█")
    assert hours.index("20") == lane.rindex("█") + 1
