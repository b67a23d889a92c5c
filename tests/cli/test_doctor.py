"""What `doctor` finds at the portal, and what it says to do. The computer: test_doctor_host."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from luxagent.cli.examine import portal
from luxagent.portal.options import REGIONS
from luxagent.sim.faults import CATALOGUE
from tests.cli.bench import PASSWORD, Desk, Said, StillClock, new_portal

LOGIN = "/WManage/api/login"
GOOD = "baseline: {charge_limit: 90%}\n"


CONTRADICTED = (
    "The file says `wire: document`, but the portal answers as `live`: write `wire: auto` under `portal:`."
)


def health(said: Said) -> dict[str, str]:
    """The worst finding of each kind."""
    order = ["ok", "warning", "failure"]
    found: dict[str, str] = {}
    for row in said.json["findings"]:
        worst = max(found.get(row["about"], "ok"), row["health"], key=order.index)
        found[row["about"]] = worst
    return found


def with_credentials(desk: Desk) -> Path:
    """Keep the password where systemd would hand it over, instead of in the environment."""
    folder = desk.folder / "credentials"
    folder.mkdir(mode=0o700)
    (folder / "LUXAGENT_PASSWORD").write_text(desk.environ.pop("LUXAGENT_PASSWORD"))
    (folder / "LUXAGENT_PASSWORD").chmod(0o600)
    desk.environ["CREDENTIALS_DIRECTORY"] = str(folder)
    return folder / "LUXAGENT_PASSWORD"


def words(said: Said, about: str) -> str:
    return " ".join(
        row["words"] + " " + row["todo"] for row in said.json["findings"] if row["about"] == about
    )


def test_a_plant_in_good_order_has_nothing_but_ok(desk: Desk) -> None:
    desk.write(GOOD + 'notify: {phone: {url: "json://127.0.0.1:9/"}}\n')
    with_credentials(desk)
    said = desk.say("doctor", "--json")
    assert said.code == 0, said.out
    assert {about for about, found in health(said).items() if found != "ok"} == set(), said.out
    assert set(health(said)) == {
        *("file", "secret LUXAGENT_PASSWORD", "state", "disk", "channel phone", "login", "rights", "wire"),
        *("clock", "zone", "garage", "clock of garage", "habits of garage", "secret notify.phone.url"),
    }
    assert all(set(row) == {"about", "health", "words", "todo"} for row in said.json["findings"])
    assert desk.portal.asked == []
    assert not desk.state.exists()


def test_people_read_a_line_for_each_finding(desk: Desk) -> None:
    desk.write(GOOD)
    with_credentials(desk)
    said = desk.say("doctor")
    assert said.code == 0
    assert [line for line in said.out.splitlines() if not line.startswith("     ok  ")] == [
        "WARNING  channels: The file has no channel, so that nobody is told of anything. "
        "Name one under `notify:`."
    ]


@pytest.fixture
def two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """The file names a host that does not know the account; another one does."""
    clock = StillClock()
    with new_portal(clock, password="somebody else") as wrong, new_portal(clock, password=PASSWORD) as right:
        regions = dict(zip(REGIONS, [wrong.url, right.url], strict=False))
        monkeypatch.setattr(portal, "REGIONS", regions)
        desk = Desk(tmp_path, wrong, clock, capsys)
        desk.write(GOOD)
        yield desk


def test_the_wrong_host_is_told_and_which_one_fits(two: Desk) -> None:
    said = two.say("doctor", "--json")
    assert said.code == 1
    assert {about for about, found in health(said).items() if found == "failure"} == {"login", "host"}
    assert "region: us" in words(said, "host")
    assert PASSWORD not in said.out


def test_looking_again_does_not_try_the_refused_host_again(two: Desk) -> None:
    for _ in range(5):
        said = two.say("doctor", "--json")
        assert "region: us" in words(said, "host")
        two.later(minutes=1)
    assert two.portal.requests[LOGIN] == 1


def test_a_host_of_ones_own_is_not_looked_for_elsewhere(desk: Desk) -> None:
    desk.write(GOOD)
    desk.environ["LUXAGENT_PASSWORD"] = "wrong"
    said = desk.say("doctor", "--json")
    assert said.code == 1
    assert "none was tried" in words(said, "host")
    assert desk.portal.requests[LOGIN] == 1


def test_an_account_that_may_only_look_is_told(desk: Desk) -> None:
    desk.write(GOOD)
    desk.portal.faults.on("read-only")
    said = desk.say("doctor", "--json")
    assert health(said)["rights"] == "warning"
    assert "right to change settings" in words(said, "rights")


def test_a_wire_that_contradicts_the_portal_is_a_failure(desk: Desk) -> None:
    desk.write(GOOD)
    desk.file.write_text(desk.file.read_text().replace("settle: 0.2 s", "settle: 0.2 s, wire: document"))
    said = desk.say("doctor", "--json")
    assert health(said)["wire"] == "failure"
    assert words(said, "wire").endswith(CONTRADICTED)


def test_once_and_status_say_which_wire_the_file_and_the_portal_mean(desk: Desk) -> None:
    desk.write(GOOD)
    desk.file.write_text(desk.file.read_text().replace("settle: 0.2 s", "settle: 0.2 s, wire: document"))
    once = desk.say("once", "--json")
    assert CONTRADICTED in once.json["errors"]
    assert once.code == 1
    assert CONTRADICTED in desk.say("status", "--fresh", "--json").json["errors"]
    assert CONTRADICTED in " ".join(desk.say("status", "--fresh").out.split())
    assert desk.portal.asked == []


def test_this_computers_clock_is_held_against_the_portals(desk: Desk) -> None:
    desk.write(GOOD)
    ahead = StillClock(desk.clock.at + timedelta(minutes=10))
    portal_clock, desk.clock = desk.clock, ahead
    said = desk.say("doctor", "--json")
    desk.clock = portal_clock
    assert health(said)["clock"] == "failure"
    assert "10 min" in words(said, "clock")


def test_the_portals_zone_is_held_against_the_files(desk: Desk) -> None:
    desk.write(GOOD)
    desk.file.write_text(
        desk.file.read_text().replace("America/Phoenix", "America/Denver")
    )  # an hour ahead in June
    said = desk.say("doctor", "--json")
    assert health(said)["zone"] == "warning"
    assert "UTC-07:00" in words(said, "zone")
    assert "turn daylight saving on" in words(said, "zone")
    assert health(said)["clock of garage"] == "ok"


def test_a_wrong_zone_of_the_file_is_the_only_cause_that_is_named(desk: Desk) -> None:
    desk.write(GOOD)
    desk.file.write_text(desk.file.read_text().replace("America/Phoenix", "Europe/Berlin"))
    said = desk.say("doctor", "--json")
    assert health(said)["zone"] == "warning"
    assert "the portal and the inverter's own clock say UTC-07:00" in words(said, "zone")
    assert "Correct `timezone` in the file" in words(said, "zone")
    assert health(said)["clock of garage"] == "ok"
    assert "Set the inverter's time" not in said.out


def test_an_inverters_clock_that_is_off_by_itself_is_still_told(desk: Desk) -> None:
    desk.write(GOOD)
    desk.portal.faults.on("clock-off")
    said = desk.say("doctor", "--json")
    assert (health(said)["zone"], health(said)["clock of garage"]) == ("ok", "warning")
    assert "1 h ahead" in words(said, "clock of garage")
    assert "If `timezone` in the file is right: set the inverter's time" in words(said, "clock of garage")


def test_an_inverter_that_is_away_is_a_failure(desk: Desk) -> None:
    desk.write(GOOD)
    desk.portal.faults.on("lost")
    desk.later(minutes=1)
    said = desk.say("doctor", "--json")
    assert health(said)["garage"] == "failure"


@pytest.mark.parametrize("fault", sorted(set(CATALOGUE) - {"hang", "trickle"}))
def test_it_ends_in_words_whatever_the_portal_does(desk: Desk, fault: str) -> None:
    desk.write(GOOD)
    desk.portal.faults.on(fault)
    said = desk.say("doctor", "--json")
    assert said.code in (0, 1)
    assert said.json["findings"]
    assert "Traceback" not in said.err
    assert desk.portal.asked == []


def test_an_offset_of_days_is_written_with_its_sign() -> None:
    assert portal._hours(timedelta(hours=-3.5)) == "UTC-03:30"
