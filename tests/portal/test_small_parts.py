"""Cache, options, hierarchy, text and tables: the parts that need no portal."""

import pickle
from datetime import UTC, datetime, timedelta

import pytest

from luxagent.core.facts.settings import SETTINGS, SettingKind
from luxagent.core.plant.device import Kind
from luxagent.errors import NeedsPerson, PortalRefused
from luxagent.portal.cache import MOST, Cache
from luxagent.portal.document import answers as document_answers
from luxagent.portal.document import settings as document_settings
from luxagent.portal.hierarchy import arrange, grouped, stray_gridboss
from luxagent.portal.live import settings as live_settings
from luxagent.portal.options import REGIONS, PortalOptions, Secret, stamp_offset
from luxagent.portal.records import Found, Group, PlantInfo
from luxagent.portal.text import clean_text, identifier
from luxagent.portal.words import Verdict, verdict, words_of
from tests.portal.bench import BOSS, SECOND, SERIAL, FakeClock

HOME = PlantInfo("9", "Home")


# The cache


def kept(clock: FakeClock) -> tuple[Cache, list[str]]:
    return Cache(clock), []


def ask(
    cache: Cache, asked: list[str], name: str = "runtime", serial: str = SERIAL, longest_s: float = 20
) -> None:
    cache.take(name, serial, "", longest_s, lambda: asked.append(name))


def test_an_answer_is_used_again_for_its_lifetime_and_no_longer(clock: FakeClock) -> None:
    cache, asked = kept(clock)
    for wait_s in (0, 20, 1):
        clock.move(wait_s)
        ask(cache, asked)
    assert len(asked) == 2


def test_a_lifetime_of_nothing_always_asks(clock: FakeClock) -> None:
    cache, asked = kept(clock)
    ask(cache, asked, longest_s=0)
    ask(cache, asked, longest_s=0)
    assert len(asked) == 2


def test_a_write_forgets_the_device_and_only_it(clock: FakeClock) -> None:
    cache, asked = kept(clock)
    ask(cache, asked)
    ask(cache, asked, serial=SECOND)
    cache.forget_device(SERIAL)
    ask(cache, asked)
    ask(cache, asked, serial=SECOND)
    assert len(asked) == 3


def test_everything_is_dropped_once_before_each_utc_hour() -> None:
    clock = FakeClock(datetime(2026, 3, 10, 12, 54, 50, tzinfo=UTC))
    cache, asked = kept(clock)
    ask(cache, asked, longest_s=3600)
    clock.move(15)  # 12:55:05
    ask(cache, asked, longest_s=3600)
    clock.move(60)
    ask(cache, asked, longest_s=3600)
    assert len(asked) == 2
    clock.move(3600)
    ask(cache, asked, longest_s=7200)
    assert len(asked) == 3


def test_an_error_is_not_kept(clock: FakeClock) -> None:
    cache, asked = kept(clock)

    def fail() -> None:
        raise PortalRefused("no")

    with pytest.raises(PortalRefused):
        cache.take("runtime", SERIAL, "", 20, fail)
    ask(cache, asked)
    assert asked == ["runtime"]


def test_the_cache_does_not_grow_without_end(clock: FakeClock) -> None:
    cache, asked = kept(clock)
    for n in range(MOST + 100):
        ask(cache, asked, serial=str(n))
    assert len(cache) == MOST


# Options


@pytest.mark.parametrize(
    "url",
    [
        "http://monitor.eg4electronics.com",
        "http://192.168.1.7",
        "ftp://host",
        "monitor.eg4electronics.com",
        "https://me:secret@host",
        "https://host/path",
        "https://host?x=1",
        "https://",
        "https://[::1",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
    ],
)
def test_an_address_that_could_leak_the_password_is_refused(url: str) -> None:
    with pytest.raises(NeedsPerson) as caught:
        PortalOptions(url, "owner", Secret("x"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", [*REGIONS.values(), "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9"]
)
def test_https_anywhere_and_http_on_loopback_are_fine(url: str) -> None:
    assert PortalOptions(url + "/", "owner", Secret("x")).url == url


def test_there_are_seven_regions() -> None:
    assert set(REGIONS) == {"eg4-us", "us", "na", "eu", "sea", "af", "cn"}
    assert len(set(REGIONS.values())) == 7


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret("correct-horse")
    assert secret.reveal() == "correct-horse"
    for shown in (repr(secret), str(secret), f"{secret}", repr([secret]), f"{secret!r}"):
        assert "horse" not in shown
    assert secret == Secret("correct-horse")
    assert secret != Secret("other")
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize(
    ("told", "hours"), [("auto", 0.0), ("utc", 0.0), ("+08:00", 8.0), ("-03:30", -3.5), ("+05:45", 5.75)]
)
def test_what_the_stamps_mean(told: str, hours: float) -> None:
    assert stamp_offset(told) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "changes",
    [{"server_time": "08:00"}, {"wire": "both"}, {"scaling": {"vBat": 0}}, {"server_time": "+15:00"}],
)
def test_options_that_mean_nothing_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(NeedsPerson):
        PortalOptions("https://host", "owner", Secret("x"), **changes)  # type: ignore[arg-type]


# Hierarchy


def inverter(serial: str, group: str = "", index: int | None = None) -> Found:
    return Found(serial, Kind.INVERTER, group=group, index=index)


GRIDBOSS = Found(BOSS, Kind.GRIDBOSS)


def units(
    *found: Found, groups: tuple[Group, ...] = (), firsts: frozenset[str] = frozenset()
) -> list[object]:
    census = arrange([(HOME, grouped(found, groups))], firsts, {})
    return [(d.serial, d.unit, d.primary) for d in census.devices]


def test_a_lone_inverter_is_a_unit_by_its_serial() -> None:
    assert units(inverter(SERIAL)) == [(SERIAL, SERIAL, True)]


def test_one_inverter_and_a_gridboss_are_one_unit() -> None:
    assert units(inverter(SERIAL), GRIDBOSS) == [(SERIAL, SERIAL, True), (BOSS, SERIAL, False)]


def test_two_lone_inverters_are_two_units() -> None:
    assert units(inverter(SERIAL), inverter(SECOND)) == [(SERIAL, SERIAL, True), (SECOND, SECOND, True)]


def test_the_primary_is_told_by_place_then_by_the_login_then_by_order() -> None:
    pair = [inverter(SERIAL, "A", 2), inverter(SECOND, "A", 1)]
    assert units(*pair)[1] == (SECOND, "A", True)
    unplaced = [inverter(SERIAL, "A"), inverter(SECOND, "A")]
    assert units(*unplaced, firsts=(SECOND,))[1] == (SECOND, "A", True)
    assert units(*unplaced)[0] == (SERIAL, "A", True)


def test_groups_told_apart_name_their_members_and_add_a_gridboss_that_was_not_listed() -> None:
    told = (Group("Garage", (SERIAL, SECOND), BOSS, SECOND),)
    assert units(inverter(SERIAL), inverter(SECOND), groups=told) == [
        (SERIAL, "Garage", False),
        (SECOND, "Garage", True),
        (BOSS, "Garage", False),
    ]


def test_a_gridboss_that_only_its_group_names_has_the_model_that_the_group_tells() -> None:
    boss = {"serialNum": BOSS, "deviceTypeText4APP": "GridBOSS MID"}
    row = {"name": "A", "inverters": [{"serialNum": SERIAL}], "midDevice": boss}
    told = document_answers.groups({"success": True, "parallelGroups": [row]})
    found = {device.serial: device.model for device in grouped([inverter(SERIAL)], told)}
    assert found[BOSS] == "GridBOSS MID"


def test_a_gridboss_in_doubt_is_asked_about() -> None:
    assert stray_gridboss([inverter(SERIAL), inverter(SECOND), GRIDBOSS]) == GRIDBOSS
    assert stray_gridboss([inverter(SERIAL, "A"), inverter(SECOND, "A"), GRIDBOSS]) is None
    assert stray_gridboss([inverter(SERIAL), GRIDBOSS]) is None
    asked = units(inverter(SERIAL), inverter(SECOND), GRIDBOSS, groups=(Group("", (SERIAL,), BOSS, SERIAL),))
    assert asked == [(SERIAL, SERIAL, True), (SECOND, SECOND, True), (BOSS, SERIAL, False)]


# Text


def test_text_of_the_portal_is_fit_for_a_terminal() -> None:
    assert clean_text("a\x1b[31mb\r\nc\u202ed\ud800e\x9bf") == "a [31mb c d e f"
    assert clean_text("x" * 500) == "x" * 199 + "…"
    assert clean_text(None) == clean_text(True) == clean_text({}) == ""
    assert clean_text(12) == "12"


def test_an_identifier_has_nothing_in_it_that_could_be_more_than_a_name() -> None:
    assert identifier("0044310071") == "0044310071"
    assert identifier(19001) == "19001"
    for odd in ("a b", "a&b=c", "ä", "", None, True, [], "a/b", "\x1b[0m"):
        assert identifier(odd) == ""


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("", Verdict.SESSION),
        ("Please log in again", Verdict.SESSION),
        ("Session timeout, please login", Verdict.SESSION),
        ("DATAFRAME_TIMEOUT", Verdict.DOUBTFUL),
        ("COMMUNICATION_ERROR", Verdict.DOUBTFUL),
        ("deviceBusy", Verdict.RETRY),
        ("DATAFRAME_UNSEND", Verdict.RETRY),
        ("DEVICE_OFFLINE", Verdict.AWAY),
        ("No_Permission", Verdict.FORBIDDEN),
        ("APIBLOCKED", Verdict.FORBIDDEN),
        ("REMOTE_READ_ERROR", Verdict.FINAL),
        ("DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE", Verdict.FINAL),
        ("failed to enable working mode", Verdict.FINAL),
        ("什么", Verdict.FINAL),
    ],
)
def test_what_a_refusal_means(words: str, means: Verdict) -> None:
    assert verdict(words) is means


@pytest.mark.parametrize(
    ("answer", "words", "means"),
    [
        ({"msgCode": 1002}, "DATAFRAME_TIMEOUT", Verdict.DOUBTFUL),
        ({"errorCode": "1003"}, "DEVICE_OFFLINE", Verdict.AWAY),
        ({"msg": "failed", "message": "DATAFRAME_TIMEOUT"}, "failed: DATAFRAME_TIMEOUT", Verdict.DOUBTFUL),
        ({"msg": "failed", "message": "apiBlocked"}, "failed: apiBlocked", Verdict.FORBIDDEN),
        ({"msg": "REMOTE_SET_ERROR", "errorCode": 7}, "REMOTE_SET_ERROR", Verdict.FINAL),
        ({"msg": "", "message": None, "errorCode": 7}, "7", Verdict.FINAL),
        ({"message": "Running already", "code": "UPDATE_IN_PROGRESS"}, "Running already: UPDATE_IN_PROGRESS",
         Verdict.FINAL),
        ({"msg": "User not logged in"}, "User not logged in", Verdict.SESSION),
        ({"msg": "You are logged in as a guest"}, "You are logged in as a guest", Verdict.FORBIDDEN),
        ({"msg": "guest session is over, login"}, "guest session is over, login", Verdict.SESSION),
        ({"msg": "logged in on another device"}, "logged in on another device", Verdict.SESSION),
    ],
)  # fmt: skip
def test_all_that_a_refusal_says_counts(answer: dict[str, object], words: str, means: Verdict) -> None:
    assert words_of(answer) == words
    assert verdict(words_of(answer)) is means


# Tables of settings


def test_the_live_wire_has_every_setting() -> None:
    assert set(SETTINGS) == live_settings.NAMES
    assert document_settings.NAMES < live_settings.NAMES


@pytest.mark.parametrize("table", [live_settings, document_settings], ids=["live", "document"])
def test_what_is_written_reads_back_as_the_same(table: object) -> None:
    for row in table.TABLE:  # type: ignore[attr-defined]
        setting = SETTINGS[row.name]
        key = getattr(row, "key", None) or row.number
        high = min(setting.high, getattr(row, "most", None) or setting.high)
        wanted: list[object] = list(setting.words) or [True, False]
        if setting.kind is SettingKind.NUMBER:
            wanted = [setting.low, high, setting.low + setting.step]
        for value in wanted:
            told = row.code.write(value)
            assert table.value(row.name, {key: told}) == value  # type: ignore[attr-defined]


def test_every_row_says_why_it_is_believed() -> None:
    for row in (*live_settings.TABLE, *document_settings.TABLE):
        assert row.evidence
        assert row.name in SETTINGS
