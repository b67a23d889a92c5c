"""What `doctor` finds on this computer: file, secrets, state folder, ledger, disk, channels."""

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from luxagent.cli.examine import channels as ways
from luxagent.cli.examine import host, state
from luxagent.cli.examine.line import Health, Line
from luxagent.config.load import Config, load
from luxagent.core.alerts.routing import Way
from luxagent.core.events import Event, Noted, Paused, Silenced, Told, WriteIntended
from luxagent.core.sightings import OverrideSeen
from luxagent.notify.post import Channel
from luxagent.notify.sender import HelperSender
from luxagent.store.codec import checksum
from luxagent.store.db import DB_NAME, MIGRATIONS
from luxagent.store.ledger import SqliteLedger
from luxagent.store.lock import FolderLock
from luxagent.store.outbox import SqliteOutbox
from tests.cli.bench import NOON, Desk

PHOENIX = ZoneInfo("America/Phoenix")

OK, WARNING, FAILURE = Health.OK, Health.WARNING, Health.FAILURE
TAKE = WriteIntended(
    NOON, 1, "52710E0417", "ac_charge", value=True, before=False, rule="Cheap", because="", homeward=False
)
FILE = """\
version: 1
portal: {url: "http://127.0.0.1:9", username: owner, password: "${LUXAGENT_PASSWORD}"}
site: {timezone: America/Phoenix}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that others may enter, with a file in it."""
    tmp_path.chmod(0o755)
    (tmp_path / "rules.yaml").write_text(FILE)
    (tmp_path / "rules.yaml").chmod(0o644)
    return tmp_path


def config_of(place: Path, **environ: str) -> Config:
    return load(place / "rules.yaml", environ={"LUXAGENT_PASSWORD": "x" * 9} | environ, resolve_secrets=True)


def rewrite(place: Path, text: str, mode: int = 0o600) -> None:
    (place / "rules.yaml").write_text(text)
    (place / "rules.yaml").chmod(mode)


class TestTheFile:
    def test_one_that_everybody_may_read_is_well_as_it_holds_no_secret(self, place: Path) -> None:
        (line,) = host.file(config_of(place))
        assert line.health is OK
        assert "everybody can read it" in line.words

    def test_one_that_others_may_change_is_a_failure(self, place: Path) -> None:
        (place / "rules.yaml").chmod(0o646)
        (line,) = host.file(config_of(place))
        assert line.health is FAILURE
        assert "changed by everybody" in line.words
        assert line.todo == f"chmod go-w {place / 'rules.yaml'}"

    def test_a_folder_that_nobody_may_enter_closes_what_is_in_it(self, place: Path) -> None:
        (place / "rules.yaml").chmod(0o666)
        place.chmod(0o700)
        (line,) = host.file(config_of(place))
        assert (line.health, "or read it" in line.words) == (OK, True)

    def test_what_check_warns_of_is_a_warning_here_too(self, place: Path) -> None:
        rewrite(place, FILE + "rules: [{name: Never, when: {soc: above 99%}, set: {ac_charge: on}}]\n")
        lines = list(host.file(config_of(place)))
        assert [line.health for line in lines] == [OK, WARNING]
        assert "luxagent check" in lines[1].todo

    def test_one_under_etc_that_the_service_cannot_read_is_a_warning_unless_it_holds_a_secret(
        self, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (place / "rules.yaml").chmod(0o600)
        assert [line.health for line in host.file(config_of(place))] == [OK]
        monkeypatch.setattr("luxagent.store.place.SYSTEM_FILES", place)
        _, line = host.file(config_of(place))
        assert line.health is WARNING
        assert f"chmod a+r {place / 'rules.yaml'}" in line.todo
        rewrite(place, FILE.replace("${LUXAGENT_PASSWORD}", "in the clear"))
        assert not any("service" in line.words for line in host.file(config_of(place)))

    def test_one_that_is_gone_since_it_was_read_is_a_failure(self, place: Path) -> None:
        config = config_of(place)
        (place / "rules.yaml").unlink()
        (line,) = host.file(config)
        assert line.health is FAILURE

    def test_one_with_an_error_is_a_failure_and_the_rest_is_still_looked_at(self, desk: Desk) -> None:
        desk.write("interval: soon\n")
        said = desk.say("doctor", "--json")
        assert said.code == 78
        found = {row["about"]: row for row in said.json["findings"]}
        assert set(found) == {"file", "state", "disk"}
        assert found["file"]["health"] == "failure"
        assert "luxagent check" in found["file"]["todo"]

    def test_a_missing_one_is_a_failure_that_says_where_it_was_looked_for(self, desk: Desk) -> None:
        said = desk.say("doctor")
        assert said.code == 78
        assert said.out.startswith("FAILURE  file: ")
        assert str(desk.file) in said.out


class TestSecrets:
    def credential(self, place: Path, mode: int, folder_mode: int = 0o755) -> Line:
        folder = place / "credentials"
        folder.mkdir()
        (folder / "LUXAGENT_PASSWORD").write_text("hunter2 hunter2")
        (folder / "LUXAGENT_PASSWORD").chmod(mode)
        folder.chmod(folder_mode)
        environ = {"CREDENTIALS_DIRECTORY": str(folder)}
        (line,) = host.secrets(config_of(place, **environ), environ)
        return line

    def test_a_file_that_its_owner_alone_can_read_is_well(self, place: Path) -> None:
        line = self.credential(place, 0o600)
        assert line.health is OK
        assert "alone can read" in line.words
        assert "hunter2" not in str(line)

    def test_a_file_that_everybody_can_read_is_a_failure(self, place: Path) -> None:
        line = self.credential(place, 0o644)
        assert line.health is FAILURE
        assert line.words.startswith("Everybody can read ")
        assert line.todo.startswith("chmod 0600 ")

    def test_a_file_that_a_group_can_read_is_a_failure(self, place: Path) -> None:
        assert self.credential(place, 0o640).words.startswith("The group ")

    def test_a_closed_folder_makes_up_for_an_open_file(self, place: Path) -> None:
        assert self.credential(place, 0o644, 0o700).health is OK

    def test_the_environment_is_a_warning(self, place: Path) -> None:
        (line,) = host.secrets(config_of(place), {"CREDENTIALS_DIRECTORY": str(place / "nowhere")})
        assert line.health is WARNING
        assert "LoadCredential=" in line.todo

    def test_one_in_the_file_itself_is_said_by_its_place(self, place: Path) -> None:
        rewrite(place, FILE.replace("${LUXAGENT_PASSWORD}", "hunter2 hunter2"))
        (line,) = host.secrets(config_of(place), {})
        assert (line.about, line.health) == ("secret portal.password", OK)
        assert "hunter2" not in str(line)

    def test_every_secret_of_the_file_has_one_line_however_often_it_is_named(self, place: Path) -> None:
        rewrite(
            place,
            FILE + 'heartbeat: "${BEAT}"\n'
            'notify: {phone: {url: "${TOPIC}"}, mail: {url: "${TOPIC}"}}\n'
            'web: {listen: "127.0.0.1:8788", token: "${TOKEN}"}\n',
        )
        environ = {"BEAT": "https://h.example/x", "TOPIC": "json://127.0.0.1:9", "TOKEN": "t" * 20}
        found = sorted(line.about for line in host.secrets(config_of(place, **environ), environ))
        assert found == [f"secret {name}" for name in ("BEAT", "LUXAGENT_PASSWORD", "TOKEN", "TOPIC")]


class TestTheStateFolder:
    def lines(self, folder: Path, user: int | None = None) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in state.state(folder, NOON, PHOENIX, user):
            found.setdefault(line.about, []).append(line)
        return found

    def ledger(self, folder: Path, *events: Event) -> Path:
        with SqliteLedger(folder, NOON) as ledger:
            ledger.append([Noted(NOON, "began", ""), *events])
        return folder

    def test_none_yet_is_well(self, tmp_path: Path) -> None:
        found = self.lines(tmp_path / "state")
        assert [line.health for line in found["state"]] == [OK]
        assert "first start makes it" in found["state"][0].words

    def test_none_yet_where_none_can_be_made_is_a_warning(self, tmp_path: Path) -> None:
        (tmp_path / "in the way").write_text("")
        found = self.lines(tmp_path / "in the way" / "state")
        assert [line.health for line in found["state"]] == [WARNING]

    def test_a_sound_one_is_well_in_every_line(self, tmp_path: Path) -> None:
        found = self.lines(self.ledger(tmp_path / "state"))
        assert {about: [line.health for line in lines] for about, lines in found.items()} == {
            about: [OK] for about in ("state", "ledger", "pending", "other hands")
        }
        assert "1 events since 2026-06-01" in found["ledger"][0].words
        assert "Weekly Settings" in found["other hands"][0].todo

    def test_an_empty_one_is_well(self, tmp_path: Path) -> None:
        (tmp_path / "state").mkdir(mode=0o700)
        found = self.lines(tmp_path / "state")
        assert [line.health for line in (*found["state"], *found["ledger"])] == [OK, OK]

    def test_one_that_is_open_to_others_is_a_warning(self, tmp_path: Path) -> None:
        folder = self.ledger(tmp_path / "state")
        folder.chmod(0o755)
        (folder / DB_NAME).chmod(0o644)
        first, second = self.lines(folder)["state"]
        assert (first.health, first.todo) == (WARNING, f"chmod 0700 {folder}")
        assert (second.health, second.todo) == (WARNING, f"chmod 0600 {folder / DB_NAME}")

    def test_one_of_another_user_is_not_looked_into(self, tmp_path: Path) -> None:
        found = self.lines(self.ledger(tmp_path / "state"), user=os.getuid() + 4711)
        assert set(found) == {"state"}
        assert "sudo" in found["state"][0].todo

    def test_who_uses_it_is_told(self, tmp_path: Path) -> None:
        folder = self.ledger(tmp_path / "state")
        with FolderLock(folder):
            assert f"process {os.getpid()} is using it" in self.lines(folder)["state"][0].words
        assert "no agent is using it" in self.lines(folder)["state"][0].words

    def test_a_damaged_ledger_is_a_failure_and_stays_as_it_is(self, tmp_path: Path) -> None:
        folder = self.ledger(tmp_path / "state")
        (folder / DB_NAME).write_bytes(b"not a ledger at all" * 500)
        before = (folder / DB_NAME).read_bytes()
        found = self.lines(folder)
        assert [line.health for line in found["ledger"]] == [FAILURE]
        assert "set" in found["ledger"][0].words
        assert (folder / DB_NAME).read_bytes() == before
        assert set(found) == {"state", "ledger"}

    def test_a_ledger_of_a_newer_version_is_a_failure(self, tmp_path: Path) -> None:
        folder = self.ledger(tmp_path / "state")
        with sqlite3.connect(folder / DB_NAME) as db:
            db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        db.close()
        (line,) = self.lines(folder)["ledger"]
        assert line.health is FAILURE
        assert "newer luxagent" in line.words

    def test_lines_that_something_else_changed_are_counted(self, tmp_path: Path) -> None:
        folder = self.ledger(tmp_path / "state")
        with sqlite3.connect(folder / DB_NAME) as db:
            db.execute("INSERT INTO checkpoint VALUES (1, 1, '{}', 0)")
            db.execute("UPDATE checkpoint SET total = ?", (_sum("memory", 1, "{}"),))
            db.execute("UPDATE events SET body = '{}'")
        db.close()
        line = self.lines(folder)["ledger"][0]
        assert line.health is WARNING
        assert line.words.startswith("1 of 1 events were changed")

    def test_a_ledger_that_was_damaged_is_told_until_a_good_tick(self, tmp_path: Path) -> None:
        folder = self.ledger(tmp_path / "state")
        (folder / DB_NAME).write_bytes(b"rubbish" * 999)
        SqliteLedger(folder, NOON).close()
        line = self.lines(folder)["ledger"][0]
        assert line.health is WARNING
        assert "set aside" in line.words

    @pytest.mark.parametrize(
        "harm",
        [
            pytest.param(lambda path: path.unlink(), id="gone"),
            pytest.param(lambda path: path.write_text("{"), id="broken"),
            pytest.param(lambda path: path.write_text(_other_owned()), id="another story"),
        ],
    )
    def test_an_owned_json_that_does_not_fit_is_a_warning(
        self, tmp_path: Path, harm: Callable[[Path], object]
    ) -> None:
        folder = self.ledger(tmp_path / "state", TAKE)
        harm(folder / "owned.json")
        lines = self.lines(folder)["ledger"]
        assert [line.health for line in lines] == [OK, WARNING]
        assert "owned.json" in lines[1].words

    def test_a_write_without_an_outcome_and_what_is_owned_are_told_where_no_agent_runs(
        self, tmp_path: Path
    ) -> None:
        folder = self.ledger(tmp_path / "state", TAKE)
        write, owned = self.lines(folder)["pending"]
        assert (write.health, owned.health) == (WARNING, WARNING)
        assert "ac_charge of 52710E0417" in write.words
        assert "restore" in owned.todo
        with FolderLock(folder):
            (line,) = self.lines(folder)["pending"]
        assert line.health is OK

    def test_messages_that_wait_are_told_with_why(self, tmp_path: Path) -> None:
        folder = self.ledger(tmp_path / "state", Told(NOON, "Fault", "E019", "one"))
        outbox = SqliteOutbox(folder)
        outbox.collect(lambda _message: ["phone"])
        (line,) = self.lines(folder)["pending"]
        assert (line.health, line.words[:26]) == (WARNING, "1 message waits for phone,")
        outbox.failed(outbox.waiting(), NOON, NOON, "the service answered 500")
        outbox.close()
        (line,) = self.lines(folder)["pending"]
        assert line.words == "1 message waits for phone: the service answered 500."
        assert "notify-test phone" in line.todo

    def test_a_message_that_something_else_has_changed_is_told(self, tmp_path: Path) -> None:
        folder = self.ledger(tmp_path / "state", Told(NOON, "Fault", "E019", "one"))
        with closing(SqliteOutbox(folder)) as outbox:
            outbox.collect(lambda _message: ["phone"])
        with closing(sqlite3.connect(folder / DB_NAME)) as db:
            db.execute("UPDATE deliveries SET severity = 'criticam'")
            db.commit()
        (line,) = self.lines(folder)["ledger"]
        assert line.health is WARNING
        assert line.words.startswith("1 waiting message was changed by something else")

    def test_a_pause_is_told(self, tmp_path: Path) -> None:
        (line,) = self.lines(self.ledger(tmp_path / "state", Paused(NOON)))["pending"]
        assert "luxagent resume" in line.words

    def test_ends_of_pauses_and_silences_are_told_in_the_time_of_the_site(self, tmp_path: Path) -> None:
        until = NOON + timedelta(hours=2)
        events = (Paused(NOON, until), Silenced(NOON, "all", on=True, until=until))
        found = self.lines(self.ledger(tmp_path / "state", *events))
        wall = f"{until.astimezone(PHOENIX):%Y-%m-%d %H:%M}"
        assert f"Paused until {wall}: " in found["pending"][0].words
        assert found["silence"][0].words.endswith(f"is silent until {wall}.")

    def test_another_hand_is_told_and_the_portals_weekly_settings_suspected(self, tmp_path: Path) -> None:
        hand = OverrideSeen(NOON, "52710E0417", "charge_limit", before=90.0, found=70.0)
        (line,) = self.lines(self.ledger(tmp_path / "state", hand, hand))["other hands"]
        assert line.health is WARNING
        assert "charge_limit (2 times)" in line.words
        assert "Weekly Settings" in line.todo

    def test_a_ledger_of_the_first_version_is_looked_at_as_it_is(self, tmp_path: Path) -> None:
        folder = tmp_path / "state"
        folder.mkdir(mode=0o700)
        with sqlite3.connect(folder / DB_NAME) as db:
            for statement in MIGRATIONS[0]:
                db.execute(statement)
            db.execute("PRAGMA user_version = 1")
        db.close()
        (folder / DB_NAME).chmod(0o600)
        assert self.lines(folder)["ledger"][0].health is OK
        with sqlite3.connect(folder / DB_NAME) as db:
            assert db.execute("PRAGMA user_version").fetchone() == (1,)
        db.close()


class TestTheDisk:
    @pytest.mark.parametrize(
        ("free_mb", "inodes", "flags", "health"),
        [
            (50_000, 9, 0, OK),
            (150, 9, 0, WARNING),
            (15, 9, 0, FAILURE),
            (50_000, 0, 0, FAILURE),
            (50_000, 9, os.ST_RDONLY, FAILURE),
        ],
    )
    def test_room_is_judged_by_what_a_ledger_needs(
        self, tmp_path: Path, free_mb: int, inodes: int, flags: int, health: Health
    ) -> None:
        blocks = free_mb * 256
        found = os.statvfs_result((4096, 4096, 2 * blocks, blocks, blocks, 10, inodes, inodes, flags, 255, 0))
        line = host.disk(tmp_path / "not" / "yet", lambda _folder: found)
        assert line.health is health
        assert line.todo or health is OK

    def test_a_disk_that_does_not_answer_is_a_failure(self, tmp_path: Path) -> None:
        def broken(_folder: Path) -> os.statvfs_result:
            raise OSError(5, "Input/output error")

        line = host.disk(tmp_path, broken)
        assert line.health is FAILURE
        assert "Input/output error" in line.words


@pytest.fixture(scope="module")
def looked_at() -> dict[str, Line]:
    """A good address and a bad one; one helper for both, as it takes a second to start."""
    urls = {"good": "json://127.0.0.1:9/x", "bad": "nonsense-canary"}
    known = [Channel(Way(name), url) for name, url in urls.items()]
    return {line.about: line for line in ways.channels(known, HelperSender())}


class TestChannels:
    def test_an_address_that_is_understood_is_well_and_nothing_was_sent(
        self, looked_at: dict[str, Line]
    ) -> None:
        assert looked_at["channel good"].health is OK
        assert "notify-test good" in looked_at["channel good"].todo

    def test_an_address_that_is_not_understood_is_a_failure(self, looked_at: dict[str, Line]) -> None:
        assert looked_at["channel bad"].health is FAILURE
        assert "nonsense" not in looked_at["channel bad"].words

    def test_a_helper_that_cannot_load_is_a_failure(self) -> None:
        sender = HelperSender(helper=(sys.executable, "-S", "-c", "raise SystemExit(1)"))
        (line,) = ways.channels([Channel(Way("phone"), "json://127.0.0.1:9")], sender)
        assert line.health is FAILURE
        assert "sending process" in line.words

    def test_no_channel_at_all_is_a_warning(self) -> None:
        (line,) = ways.channels([], HelperSender())
        assert (line.about, line.health) == ("channels", WARNING)

    def test_watchers_are_named_and_not_asked(self, place: Path) -> None:
        assert list(ways.watchers(config_of(place))) == []
        rewrite(place, FILE + 'heartbeat: http://127.0.0.1:9/beat\nweb: {listen: "127.0.0.1:8788"}\n')
        config = config_of(place)
        assert [line.health for line in ways.watchers(config)] == [OK, OK]
        beat, page = ways.watchers(config, has=lambda name: None if name == "flask" else name)
        assert (beat.health, page.health) == (OK, FAILURE)
        assert "luxagent[web]" in page.todo


def _sum(kind: str, place: int, text: str) -> int:
    return checksum(kind, place, text)


def _other_owned() -> str:
    return json.dumps({"owned": "{}", "last_number": 1, "total": _sum("owned", 1, "{}")})
