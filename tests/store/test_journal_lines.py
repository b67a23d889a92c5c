"""The journal as `log` shows it, from events that went through the ledger."""

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from luxagent.core import events as ev
from luxagent.core import journal
from luxagent.core import sightings as si
from luxagent.core.facts.settings import SettingValue
from luxagent.core.journal import JournalLine, line, lines, oldest_first, text, value_text
from luxagent.store.journal import journal as kept
from luxagent.store.ledger import SqliteLedger
from tests.store.things import HOME, NOW, TAKE

PHOENIX = ZoneInfo("America/Phoenix")
S = "44300E0585"
DAY: list[ev.Event] = [
    ev.Started(NOW, "0.1.0", dry_run=True),
    ev.RuleTook(NOW, "pair", "Fill up", "soc 31 % < 60 %"),
    ev.HeldBack(NOW, S, "ac_charge", True, False, "Fill up", "soc 31 % < 60 %", ("stale", "dry_run", "new")),
    ev.HoldEnded(NOW, S, "ac_charge"),
    TAKE,
    ev.WriteAnswered(NOW, 7, S, "ac_charge", "lost", "no answer in 30 s"),
    ev.WriteClosed(NOW, 7, S, "ac_charge", "unproven", False, "twice"),
    ev.ReadsRight(NOW, S, "ac_charge"),
    HOME,
    ev.RuleUnknown(NOW, "pair", "Fill up"),
    ev.RuleKnown(NOW, "pair", "Fill up"),
    ev.RuleLetGo(NOW, "pair", "Fill up", "soc 78 %"),
    ev.RuleFailed(NOW, "pair", "Odd", "no such number"),
    ev.AlertPending(NOW, "Cell imbalance", S),
    ev.AlertDropped(NOW, "Cell imbalance", S),
    ev.AlertFired(NOW, "Cell imbalance", S, "warning", "cells differ by 60 mV", NOW),
    ev.AlertReminded(NOW, "Cell imbalance", S, "cells differ by 61 mV"),
    ev.AlertEnded(NOW, "Cell imbalance", S, "after 2 h"),
    ev.Told(NOW, "Cell imbalance", "phone"),
    ev.Noted(NOW, "damaged ledger", "it was set aside\x1b[31m\nas ledger.damaged"),
    ev.FlagSet(NOW, "storm", on=True, until=NOW + timedelta(hours=48)),
    ev.FlagSet(NOW, "storm", on=False),
    ev.LeaseSet(NOW, "charge_limit", 90.0, NOW + timedelta(hours=2), S),
    ev.LeaseEnded(NOW, "charge_limit", S, "its time is up"),
    ev.Paused(NOW, NOW + timedelta(hours=2), "by hand"),
    ev.Resumed(NOW, by_person=False),
    si.OverrideSeen(NOW, S, "charge_limit", 90.0, 60.0, "Fill up"),
    si.OverrideEnded(NOW, S, "charge_limit"),
    si.LandedLate(NOW, S, "charge_limit", 80.0, 100.0, "Rule"),
    si.EffectSeen(NOW, S, "ac_charge", "no effect", "battery power was 0 W"),
    si.EffectSeen(NOW, S, "ac_charge", "excused", "the battery is full"),
    si.EffectSeen(NOW, S, "ac_charge", "effective"),
    si.LeftAlone(NOW, S, "charge_limit", 60.0, "Fill up"),
    si.HomeMissed(NOW, S, "charge_limit", 3, 100.0, 60.0),
    si.GroupSplit(NOW, "pair", "charge_limit", detail="90 % here, 100 % there"),
    si.GroupSplit(NOW, "pair", "charge_limit", lasting=True, detail="90 % here, 100 % there"),
    si.GroupWhole(NOW, "pair", "charge_limit"),
    si.FirmwareSeen(NOW, S, "fAAB-2525"),
    si.FirmwareSeen(NOW, S, "fAAB-2526", "fAAB-2525"),
    si.FirmwareUpdate(NOW, S, running=True),
    si.FirmwareUpdate(NOW, S, running=False),
    si.FirmwareTrusted(NOW, S, "fAAB-2526", ("ac_charge", "charge_limit")),
    si.SettingGone(NOW, S, "export_limit", "fAAB-2526"),
    si.SettingBack(NOW, S, "export_limit"),
    si.SettingBack(NOW, S, "export_limit", "nothing asks for it any more"),
    si.AccountRefused(NOW, "noPermission"),
    si.AccountTried(NOW, "other credentials are used"),
    si.WentDry(NOW, ("A: ac_charge stays on.",)),
    si.WentLive(NOW),
    ev.Silenced(NOW, "Cell imbalance", NOW + timedelta(hours=3)),
    ev.Silenced(NOW, "Cell imbalance", NOW, on=False),
    ev.PlantLost(NOW, "unreachable", "no line"),
    ev.PlantBack(NOW),
    ev.ClockSet(NOW, -3600.0, 0.0),
    ev.FileRefused(NOW, "rules.yaml:3:1: error: unknown key"),
    ev.FileTaken(NOW, "1a2b", "one rule changed"),
    ev.DeviceForgotten(NOW, S),
    ev.LeftDryRun(NOW, "A: charge_limit 100 % -> 90 %"),
    ev.Stopped(NOW),
]
QUIET = {
    ev.Ticked,
    ev.TimerSet,
    ev.TimerCleared,
    ev.Latched,
    si.SettingsKnown,
    si.SettingsUnread,
    si.KeptInMind,
} | {
    ev.AlertPeaked,
    ev.AlertEased,
    ev.ModulesSeen,
}


def test_what_only_looks_like_an_instant_is_left_as_it_is() -> None:
    for odd in ("2026-99-99T00:00:00+00:00", "0001-01-01T00:00:00+00:00", "2026-06-01T00:00:00+05:00"):
        noted = JournalLine(NOW, "agent", state="noted", detail=odd)
        assert text(noted, PHOENIX).endswith(odd)


def test_the_day_reads_like_this(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path, NOW) as ledger:
        ledger.append(DAY)
    shown = [text(one, PHOENIX) for one in lines(entry.event for entry in kept(tmp_path))]
    assert {one[:20] for one in shown} == {"2026-11-21 22:10:00 "}
    assert [one[20:] for one in shown] == [
        "agent   started   - luxagent 0.1.0, dry run",
        'rule    took      pair "Fill up" because soc 31 % < 60 %',
        f'hold    held      {S} ac_charge off -> on "Fill up" because soc 31 % < 60 % '
        "- the reading is too old or incomplete; dry run; new",
        f"hold    released  {S} ac_charge",
        f'write   intended  {S} ac_charge off -> on "Fill up" because soc 31 % < 60 %',
        f'write   lost      {S} ac_charge off -> on "Fill up" because soc 31 % < 60 % - no answer in 30 s',
        f'write   unproven  {S} ac_charge off -> on "Fill up" because soc 31 % < 60 % - reads off; twice',
        f"write   right     {S} ac_charge",
        f"write   home      {S} ac_charge off",
        'rule    unknown   pair "Fill up"',
        'rule    known     pair "Fill up"',
        'rule    let go    pair "Fill up" because soc 78 %',
        'rule    failed    pair "Odd" - no such number',
        f'alert   pending   {S} "Cell imbalance"',
        f'alert   dropped   {S} "Cell imbalance"',
        f'alert   firing    {S} "Cell imbalance" (warning) - cells differ by 60 mV',
        f'alert   reminded  {S} "Cell imbalance" - cells differ by 61 mV',
        f'alert   ended     {S} "Cell imbalance" - after 2 h',
        "message told      - Cell imbalance: phone",
        "agent   noted     - damaged ledger: it was set aside [31m as ledger.damaged",
        'person  flag on   "storm" - until 2026-11-23 22:10',
        'person  flag off  "storm"',
        f"person  set       {S} charge_limit 90 % - until 2026-11-22 00:10",
        f"person  set over  {S} charge_limit - its time is up",
        "person  paused    - until 2026-11-22 00:10; by hand",
        "person  resumed   - the pause's time is up",
        f'hand    changed   {S} charge_limit 90 % -> 60 % "Fill up" - left alone for a while',
        f"hand    over      {S} charge_limit",
        f'write   late      {S} charge_limit 100 % -> 80 % "Rule"',
        f"write   no effect {S} ac_charge - battery power was 0 W",
        f"write   excused   {S} ac_charge - the battery is full",
        f"write   effective {S} ac_charge",
        f'write   left      {S} charge_limit 60 % "Fill up"',
        f"write   stranded  {S} charge_limit 100 % - tried 3 times; reads 60 %",
        "group   split     pair charge_limit - 90 % here, 100 % there",
        "group   still split pair charge_limit - 90 % here, 100 % there",
        "group   whole     pair charge_limit",
        f"firmware seen      {S} - fAAB-2525",
        f"firmware changed   {S} - fAAB-2525 -> fAAB-2526",
        f"firmware updating  {S}",
        f"firmware updated   {S}",
        f"firmware trusted   {S} - fAAB-2526: ac_charge, charge_limit read again; writes go on",
        f"firmware gone      {S} export_limit - fAAB-2526 does not have it any more",
        f"firmware there     {S} export_limit",
        f"firmware there     {S} export_limit - nothing asks for it any more",
        "account refused   - noPermission",
        "account new       - other credentials are used",
        "agent   dry       - A: ac_charge stays on.",
        "agent   live",
        'person  silenced  "Cell imbalance" - until 2026-11-22 01:10',
        'person  listens   "Cell imbalance"',
        "portal  lost      - no line",
        "portal  back",
        "agent   clock set - this computer's clock went 1 h back",
        "file    refused   - rules.yaml:3:1: error: unknown key",
        "file    taken     - one rule changed",
        f"device  forgotten {S}",
        "agent   began     - A: charge_limit 100 % -> 90 %",
        "agent   stopped",
    ]


def test_every_event_has_a_line_or_is_only_kept_count_of() -> None:
    assert {type(event) for event in DAY} | QUIET == set(get_args(ev.Event))
    assert line(ev.Ticked(NOW)) is None
    assert line(ev.Latched(NOW, "pair", "slot", on=True)) is None


def test_the_words_are_those_of_the_table_in_the_docstring_and_in_the_docs() -> None:
    told = [found for event in DAY if (found := line(event)) is not None]
    words = {(kind, state) for kind, states in journal.STATES.items() for state in states}
    assert {(one.kind, one.state) for one in told} <= words
    docs = (Path(__file__).parents[2] / "docs" / "journal.md").read_text()
    for kind, states in journal.STATES.items():
        for state in states:
            assert re.search(rf"^ {{4}}({kind})? +{state} {{2,}}\w", journal.__doc__ or "", re.MULTILINE)
            assert re.search(rf"^\| `{kind}` \| `{state}` \| \S", docs, re.MULTILINE)


def test_the_json_has_these_keys_in_this_order_and_plain_values() -> None:
    windows = ev.HeldBack(NOW, S, "ac_charge_windows", ("23:30-05:30",), (), None, "", ("stale",))
    found = line(windows)
    assert found is not None
    assert list(found.as_json().items()) == [
        ("at", "2026-11-22T05:10:00+00:00"),
        ("kind", "hold"),
        ("serial", S),
        ("setting", "ac_charge_windows"),
        ("before", []),
        ("value", ["23:30-05:30"]),
        ("rule", None),
        ("because", None),
        ("state", "held"),
        ("detail", "stale"),
    ]


def test_a_close_without_its_intent_tells_what_was_read() -> None:
    (found,) = lines([ev.WriteClosed(NOW, 3, S, "charge_limit", "confirmed", 80.0)])
    assert found == JournalLine(NOW, "write", S, "charge_limit", value=80.0, state="confirmed")


def test_a_number_that_was_used_again_does_not_carry_an_old_intent() -> None:
    close = ev.WriteClosed(NOW + timedelta(1), 7, S, "ac_charge", "confirmed", True)
    *_, last = lines([TAKE, close, close])
    assert last.rule is None


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("charge_limit", 80.0, "80 %"),
        ("ac_charge_power", 2500, "2.5 kW"),
        ("ac_charge", False, "off"),
        ("operating_mode", "standby", "standby"),
        ("ac_charge_windows", (), "none"),
        ("ac_charge_windows", ("23:30-05:30", "12:00-13:00"), "23:30-05:30, 12:00-13:00"),
        ("raw:HOLD_X", 3.0, "3"),
        ("gone", 3.5, "3.5"),
        ("quick_charge", 3600.0, "1 h"),
        ("charge_limit", None, "?"),
    ],
)
def test_values_are_in_words_and_units(setting: str, value: SettingValue | None, words: str) -> None:
    assert value_text(setting, value) == words


def ordered(*seconds: float) -> list[tuple[float, str | None]]:
    """The order of lines that were recorded at these seconds, each with its place in the record."""
    found = [
        JournalLine(NOW + timedelta(seconds=at), "agent", state="noted", detail=str(place))
        for place, at in enumerate(seconds)
    ]
    return [((one.at - NOW).total_seconds(), one.detail) for one in oldest_first(found)]


def test_lines_of_one_tick_come_by_their_time_and_those_of_one_time_as_they_were_recorded() -> None:
    assert ordered(0, 2, 0, 1, 2, 600) == [(0, "0"), (0, "2"), (1, "3"), (2, "1"), (2, "4"), (600, "5")]


def test_a_clock_that_was_set_back_leaves_the_order_of_the_record() -> None:
    assert ordered(7200, 7201, 0, 1) == [(7200, "0"), (7201, "1"), (0, "2"), (1, "3")]
