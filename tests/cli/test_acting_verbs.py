"""`set`, `flag`, `pause`, `resume` and `restore` where no daemon is running."""

from datetime import timedelta
from pathlib import Path

import pytest

from luxagent.store import journal
from luxagent.store.lock import FolderLock
from tests.cli.bench import Desk, StillClock, new_portal

FIRST, SECOND = "52710E0417", "52710E0583"
BASE = "baseline: {charge_limit: 90%}\n"
RULE = """\
flags: [storm]
rules:
  - {name: Storm, when: {flag: storm}, set: {charge_limit: 60%}}
  - {name: Always, when: always, set: {ac_charge_power: 3 kW}}
"""


def sent(desk: Desk) -> list[tuple[str, object]]:
    return [(write.name, write.value) for write in desk.portal.asked]


def test_a_setting_by_hand_is_written_read_back_and_told(desk: Desk) -> None:
    desk.write(RULE)
    said = desk.say("set", "charge_limit=80%", "--for", "2 h")
    assert said.code == 0
    assert "garage: charge_limit is 80 %, written and read back (was 100 %)." in said.out
    assert "until 2026-06-01 14:00" in said.out
    assert "No agent is running" in said.out


def test_without_a_daemon_no_other_setting_is_moved_and_no_rule_takes(desk: Desk) -> None:
    desk.write(RULE)
    desk.say("set", "charge_limit=80%")
    memory = journal.look(desk.state)
    assert list(memory.owned[FIRST]) == ["charge_limit"]
    assert memory.rules == {}
    assert memory.ticked_at is None


def test_windows_by_hand_are_written_as_in_the_file(desk: Desk) -> None:
    desk.write()
    said = desk.say("set", "ac_charge_windows=[1:00-2:00, 03:00 to 04:00]")
    assert said.code == 0
    assert "ac_charge_windows is 01:00-02:00, 03:00-04:00" in said.out


@pytest.mark.parametrize(
    "words",
    [
        ("ac_charge_power=4 kW", "--for", "2 h"),
        ("ac_charge_power=4", "kW", "--for", "2", "h"),
        ("--for", "1", "h", "60", "min", "ac_charge_power=4", "kW"),
        ("--for=2h", "ac_charge_power", "=", "4kW"),
    ],
)
def test_values_and_lengths_may_be_typed_in_several_words(desk: Desk, words: tuple[str, ...]) -> None:
    desk.write()
    said = desk.say("set", *words)
    assert "ac_charge_power is 4 kW" in said.out
    assert "until 2026-06-01 14:00" in said.out


def test_a_flag_takes_its_length_in_several_words_too(desk: Desk) -> None:
    desk.write(RULE)
    assert "until 2026-06-03 12:00" in desk.say("flag", "storm", "on", "--for", "48", "h").out
    assert "until 2026-06-01 13:30" in desk.say("flag", "--for", "1", "h", "30", "min", "storm", "on").out
    assert desk.say("flag", "storm", "on", "--for").code == 2
    assert desk.say("flag", "storm", "on", "--for", "h").code == 2


def test_a_setting_by_hand_goes_home_when_its_time_is_up(desk: Desk) -> None:
    desk.write()
    desk.say("set", "charge_limit=80%", "--for", "30 min")
    desk.later(minutes=29)
    assert desk.say("once").code == 0
    assert journal.look(desk.state).owned
    desk.later(minutes=2)
    desk.say("once")
    desk.later(minutes=2)
    desk.say("once")
    assert journal.look(desk.state).owned == {}


def test_a_setting_by_hand_can_be_taken_back(desk: Desk) -> None:
    desk.write(BASE)
    desk.say("set", "charge_limit=80%")
    said = desk.say("set", "charge_limit", "--end")
    assert said.code == 0
    assert "charge_limit is 90 %, written and read back (was 80 %)" in said.out
    again = desk.say("set", "charge_limit", "--end")
    assert again.code == 1
    assert "nothing to take back" in again.out


def test_one_inverter_can_be_set_by_its_name(pair_desk: Desk) -> None:
    pair_desk.write()
    said = pair_desk.say("set", "charge_limit=80%", "--device", "garage")
    assert said.code == 0
    assert list(journal.look(pair_desk.state).owned) == [FIRST]


def test_the_latest_word_for_all_inverters_counts_above_one_for_one(pair_desk: Desk) -> None:
    pair_desk.write()
    pair_desk.say("set", "charge_limit=80%", "--device", SECOND)
    pair_desk.later(minutes=11)
    assert pair_desk.say("set", "charge_limit=70%").code == 0
    assert {row["charge_limit"].value for row in journal.look(pair_desk.state).owned.values()} == {70.0}


def test_an_unknown_device_is_said_and_nothing_is_kept(pair_desk: Desk) -> None:
    pair_desk.write()
    said = pair_desk.say("set", "charge_limit=80%", "--device", "shed")
    assert said.code == 1
    assert journal.look(pair_desk.state).leases == {}
    pair_desk.say("once")
    said = pair_desk.say("set", "charge_limit=80%", "--device", "shed")
    assert said.code == 2
    assert "garage" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("charge_limi=80%",), "did you mean 'charge_limit'"),
        (("charge_limit=8 km",), "not a unit"),
        (("charge_limit=300%",), "out of range"),
        (("charge_limit=40%",), "`limits` forbid"),
        (("eps=off",), "allow_power_cut"),
        (("operating_mode=standby",), "allow_power_cut"),
        (("raw:HOLD_X=90",), "allow_raw"),
        (("charge_limit",), "NAME=VALUE"),
        (("charge_limit=80%", "--end"), "set NAME --end"),
        (("charge_limit=80%", "--for", "soon"), "not a length of time"),
        (("charge_limit=80%", "--for", "0 s"), "more than nothing"),
        (("nonsense", "--end"), "no setting"),
    ],
)
def test_what_the_file_would_not_take_is_not_taken_by_hand(
    desk: Desk, arguments: tuple[str, ...], words: str
) -> None:
    desk.write("limits: {charge_limit: 50% to 101%}\n")
    said = desk.say("set", *arguments)
    assert said.code == 2
    assert words in said.err
    assert sent(desk) == []


def test_a_dry_run_holds_it_and_says_so(desk: Desk) -> None:
    desk.write(dry_run="on")
    said = desk.say("set", "charge_limit=80%")
    assert said.code == 1
    assert "held: dry run" in said.out
    assert "Nothing is written in a dry run. It stays wanted" in said.out
    assert "as soon as" not in said.out and "No agent is running" not in said.out
    assert sent(desk) == []


def test_a_portal_that_is_away_leaves_no_wish_behind(desk: Desk) -> None:
    desk.write()
    desk.say("set", "charge_limit=80%")
    desk.portal.stop()
    desk.later(minutes=11)
    assert desk.say("set", "charge_limit=70%").code == 75
    leases = journal.look(desk.state).leases["charge_limit"]
    assert [lease.value for lease in leases.values()] == [80.0]


def test_what_the_wire_does_not_have_is_said_and_not_kept(
    tmp_path: Path, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with new_portal(clock, wire="document") as portal:
        desk = Desk(tmp_path, portal, clock, capsys)
        desk.write()
        said = desk.say("set", "ac_charge=on")
        assert said.code == 1
        assert "does not have the setting" in said.out
        assert journal.look(desk.state).leases == {}


def test_a_flag_counts_from_the_next_tick_on_and_ends_by_itself(desk: Desk) -> None:
    desk.write(RULE)
    said = desk.say("flag", "storm", "on", "--for", "1 h")
    assert said.code == 0
    assert "until 2026-06-01 13:00" in said.out
    desk.say("once")
    assert "60 %" in desk.say("status").out
    desk.later(minutes=61)
    desk.say("once")
    assert journal.look(desk.state).flags == {}


def test_a_flag_that_the_file_does_not_declare_is_refused(desk: Desk) -> None:
    desk.write(RULE)
    said = desk.say("flag", "strom", "on")
    assert said.code == 2
    assert "storm" in said.err
    assert desk.say("flag", "storm", "off", "--for", "1 h").code == 2
    desk.write()
    assert "declares none" in desk.say("flag", "storm", "on").err


@pytest.mark.parametrize("length", [("2", "h"), ("2 h",), ("2h",), ("1", "h", "60", "min")])
def test_a_pause_of_several_words_is_one_length(desk: Desk, length: tuple[str, ...]) -> None:
    desk.write(RULE)
    said = desk.say("pause", *length)
    assert said.code == 0
    assert "Paused until 2026-06-01 14:00" in said.out


def test_a_pause_holds_every_write_and_tells_what_remains(desk: Desk) -> None:
    desk.write(BASE)
    desk.say("set", "charge_limit=80%")
    said = desk.say("pause")
    assert "until `luxagent resume`" in said.out
    assert "garage: charge_limit stays 80 % until someone changes it" in said.out
    desk.say("set", "charge_limit", "--end")
    before = sent(desk)
    desk.later(days=3)
    desk.say("once")
    assert sent(desk) == before
    assert desk.say("resume").out.startswith("Hands on again.")
    desk.say("once")
    assert sent(desk) != before


def test_a_pause_with_home_goes_home_first(desk: Desk) -> None:
    desk.write(BASE)
    desk.say("set", "charge_limit=80%")
    said = desk.say("pause", "--home", "2 h")
    assert said.code == 0
    assert "charge_limit is 90 %, written and read back" in said.out
    assert journal.look(desk.state).owned == {}


def test_pause_and_flag_need_neither_a_password_nor_a_portal(desk: Desk) -> None:
    desk.write(RULE)
    desk.portal.stop()
    del desk.environ["LUXAGENT_PASSWORD"]
    assert desk.say("pause", "2 h").code == 0
    assert desk.say("flag", "storm", "on").code == 0
    assert desk.say("resume").code == 0
    assert desk.say("restore").code == 0


def test_a_restore_sends_everything_home_at_once_and_pauses(desk: Desk) -> None:
    desk.write(RULE)
    desk.say("flag", "storm", "on")
    desk.say("once")
    assert set(journal.look(desk.state).owned[FIRST]) == {"charge_limit", "ac_charge_power"}
    said = desk.say("restore")
    assert said.code == 0
    assert "charge_limit is 100 %, written and read back (was 60 %)" in said.out
    assert "Paused until `luxagent resume`" in said.out
    assert journal.look(desk.state).owned == {}
    before = sent(desk)
    desk.later(minutes=20)
    desk.say("once")
    assert sent(desk) == before
    desk.say("resume")
    desk.say("once")
    assert len(sent(desk)) == len(before) + 2


def test_a_restore_takes_back_what_was_set_by_hand(desk: Desk) -> None:
    desk.write()
    desk.say("set", "charge_limit=80%", "--for", "2 days")
    assert desk.say("restore").code == 0
    memory = journal.look(desk.state)
    assert (memory.leases, memory.owned) == ({}, {})


def test_a_restore_that_is_held_says_what_is_not_home(desk: Desk) -> None:
    desk.write()
    desk.say("set", "charge_limit=80%")
    desk.write(dry_run="on")
    said = desk.say("restore")
    assert said.code == 1
    assert "charge_limit should be 100 %, is 80 %, and is held: dry run" in said.out
    assert "Nothing is written in a dry run: what is not home stays as it is." in said.out
    assert "start the agent" not in said.out


def test_a_value_by_hand_that_is_taken_back_in_a_dry_run_stays_as_it_is(desk: Desk) -> None:
    desk.write(BASE)
    desk.say("set", "charge_limit=80%")
    desk.write(BASE, dry_run="on")
    said = desk.say("set", "charge_limit", "--end")
    assert said.code == 1
    assert "Nothing is written in a dry run: it stays as it is until the dry run is over" in said.out
    assert "`luxagent run`" not in said.out


def test_a_restore_does_not_say_home_while_a_write_that_was_not_proven_may_still_arrive(desk: Desk) -> None:
    desk.write()
    desk.portal.faults.on("write-late")
    assert desk.say("set", "charge_limit=80%").code != 0
    said = desk.say("restore")
    assert said.code == 1
    assert (
        "charge_limit is not safely home: 80 %, sent at 12:00, was not proven and may still arrive"
        in said.out
    )
    assert "looked at again until 12:30" in said.out
    assert journal.look(desk.state).owned
    desk.portal.faults.off("write-late")
    desk.later(minutes=5)
    said = desk.say("restore")
    assert said.code == 0
    assert "charge_limit is 100 %, written and read back (was 80 %)" in said.out
    assert journal.look(desk.state).owned == {}


def test_what_never_arrived_is_home_half_an_hour_later(desk: Desk) -> None:
    desk.write()
    desk.portal.faults.on("write-ignored")
    desk.say("set", "charge_limit=80%")
    assert desk.say("restore").code == 1
    desk.later(minutes=31)
    assert desk.say("restore").code == 0
    assert journal.look(desk.state).owned == {}


def test_a_restore_without_a_portal_changes_nothing_and_does_not_pause(desk: Desk) -> None:
    desk.write()
    desk.say("set", "charge_limit=80%")
    desk.portal.stop()
    said = desk.say("restore")
    assert said.code == 75
    assert "garage: charge_limit stays 80 % until someone changes it" in said.err
    memory = journal.look(desk.state)
    assert memory.pause is None
    assert memory.leases != {}


@pytest.mark.parametrize(
    ("on_stop", "result", "goes"),
    [
        ("restore", "success", True),
        ("restore", "timeout", True),
        ("restore", "exit-code", False),
        ("restore", "signal", False),
        ("restore", "", False),
        ("keep", "success", False),
    ],
)
def test_after_a_stop_it_goes_home_only_if_the_file_says_so_and_the_service_is_stopping(
    desk: Desk, on_stop: str, result: str, goes: bool
) -> None:
    desk.write(f"on_stop: {on_stop}\n")
    desk.say("set", "charge_limit=80%")
    if result:
        desk.environ["SERVICE_RESULT"] = result
    said = desk.say("restore", "--on-stop")
    memory = journal.look(desk.state)
    assert said.code == 0
    assert (memory.owned == {}) is goes
    assert memory.pause is None
    assert memory.leases != {}


def test_after_refused_credentials_it_says_what_stays_and_asks_nobody(desk: Desk) -> None:
    desk.write("on_stop: restore\n")
    desk.say("set", "charge_limit=80%")
    desk.portal.stop()
    desk.environ |= {"SERVICE_RESULT": "exit-code", "EXIT_STATUS": "77"}
    said = desk.say("restore", "--on-stop")
    assert said.code == 0
    assert "The portal refuses the account and the password, so this stays as it is:" in said.out
    assert "charge_limit stays 80 % until someone changes it" in said.out
    desk.environ["EXIT_STATUS"] = "1"
    assert desk.say("restore", "--on-stop").out == ""


def test_after_a_stop_with_nothing_owned_the_portal_is_not_asked(desk: Desk) -> None:
    desk.write("on_stop: restore\n")
    desk.portal.stop()
    desk.environ["SERVICE_RESULT"] = "success"
    assert desk.say("restore", "--on-stop").code == 0


def test_after_a_stop_an_agent_that_runs_again_is_left_alone(desk: Desk) -> None:
    desk.write("on_stop: restore\n")
    desk.say("set", "charge_limit=80%")
    desk.environ["SERVICE_RESULT"] = "success"
    with FolderLock(desk.state):
        assert desk.say("restore", "--on-stop").code == 0
    assert journal.look(desk.state).owned


def test_a_damaged_ledger_is_said_and_the_next_tick_is_still_dry(desk: Desk) -> None:
    desk.write(BASE + "flags: [storm]\n")
    desk.say("once", "--dry-run")
    (desk.state / "ledger.db").write_bytes(b"not a database at all" * 500)
    (desk.state / "ledger.db-wal").unlink(missing_ok=True)
    said = desk.say("flag", "storm", "on")
    assert said.code == 0
    assert "set aside" in said.err
    assert desk.say("once", "--json").json["dry_run"] is True
    assert sent(desk) == []


def test_a_conflict_by_hand_says_what_stands_against_it(desk: Desk) -> None:
    desk.write()
    assert desk.say("set", "ac_charge=on").code == 0
    said = desk.say("set", "forced_discharge=on")
    assert said.code == 1
    assert (
        "forced_discharge should be on, is off, and is held: it would force charge and discharge" in said.out
    )
    assert "; against it stands ac_charge, which a value set by hand keeps on." in said.out


def test_a_quick_charge_by_hand_is_over_soon_after_its_own_minutes(desk: Desk) -> None:
    """A rule that begins one later must not find it in its way."""
    desk.write("")
    assert "It holds for 20 min, above all rules." in desk.say("set", "quick_charge=20 min").out
    [lease] = journal.look(desk.state).leases["quick_charge"].values()
    assert lease.until is not None
    assert lease.until - lease.since == timedelta(minutes=35)  # its own, and as many as a guard may hold it
    desk.say("set", "quick_charge=20 min", "--for", "2 h")
    [lease] = journal.look(desk.state).leases["quick_charge"].values()
    assert lease.until == lease.since + timedelta(hours=2)
