"""The whole file: its defaults, names that one section declares for another, and what is not acted on yet."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from luxagent.config.alerts import PLACEHOLDERS
from luxagent.config.findings import Code, Fault, Level
from luxagent.config.load import Config, Finding, check, load
from luxagent.config.not_yet import NOT_YET
from luxagent.config.portal import portal_url
from luxagent.core.alerts.texts import known_placeholders
from luxagent.core.facts.portal_names import lists_events, wire_lacks
from luxagent.core.facts.settings import SETTINGS
from luxagent.core.policy.conditions import (
    All,
    Always,
    AnyOf,
    Compare,
    Condition,
    DayIs,
    Held,
    Not,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.rules import Scope, Severity
from luxagent.portal.document import settings as document
from luxagent.portal.live import settings as live
from luxagent.portal.options import PortalOptions, Secret
from luxagent.portal.wire import DOCUMENT, LIVE
from tests.config.conftest import HEAD

Loaded = Callable[..., Config]
Checked = Callable[..., tuple[Finding, ...]]


def only_when(config: Config) -> Condition:
    return config.ruleset.rules[0].when


def test_a_file_without_rules_watches_and_writes_nothing(loaded: Loaded) -> None:
    config = loaded("")
    assert config.ruleset.dry_run
    assert config.ruleset.rules == ()
    assert (config.interval_s, config.on_stop, config.state) == (120.0, "keep", None)
    assert (config.portal.region, config.portal.url, config.portal.settle_s) == ("eg4-us", None, 3.0)


def test_reminders_default_by_severity_and_never_is_none(loaded: Loaded) -> None:
    config = loaded(
        "alerts:\n"
        "  - {name: a, when: {status: fault}, severity: critical}\n"
        "  - {name: b, when: {status: fault}}\n"
        "  - {name: c, when: {status: fault}, severity: info}\n"
        "  - {name: d, when: {status: fault}, severity: critical, repeat: never}\n"
        "  - {name: e, when: {status: fault}, severity: info, repeat: 2 h}\n"
    )
    assert [alert.repeat_s for alert in config.ruleset.alerts] == [4 * 3600, 86400, None, None, 7200]
    assert config.ruleset.alerts[1].severity is Severity.WARNING


def test_the_own_for_of_an_alert_leaves_the_tree_and_an_inner_one_stays(loaded: Loaded) -> None:
    config = loaded(
        "alerts:\n"
        "  - {name: a, when: {grid: down, for: 2 min}}\n"
        "  - {name: b, when: {all: [{grid: down, for: 2 min}]}}\n"
    )
    own, inner = config.ruleset.alerts
    assert (own.for_s, own.when) == (120.0, WordIs("grid", "down"))
    assert (inner.for_s, inner.when) == (0.0, All((Held(WordIs("grid", "down"), 120.0),)))


def test_for_of_a_rule_wraps_all_its_siblings(loaded: Loaded) -> None:
    config = loaded("rules: [{name: a, when: {grid: up, online: yes, for: 1 min}, set: {eps: on}}]\n")
    assert only_when(config) == Held(All((WordIs("grid", "up"), WordIs("online", "yes"))), 60.0)


def test_days_join_the_time_beside_them_and_stand_alone_without(loaded: Loaded) -> None:
    config = loaded(
        "rules:\n"
        "  - {name: a, when: {days: fri, time: 22:00 to 06:00, months: may}, set: {eps: on}}\n"
        "  - {name: b, when: {days: fri, not: {time: 22:00 to 06:00}}, set: {eps: on}}\n"
    )
    one, two = (rule.when for rule in config.ruleset.rules)
    assert isinstance(one, TimeIn)
    assert (one.days.weekdays, one.days.months) == ({4}, {5})
    assert isinstance(two, All)
    assert isinstance(two.parts[0], DayIs)
    assert isinstance(two.parts[1], Not)


def test_a_latched_comparison_stays_within_its_own_mapping(loaded: Loaded) -> None:
    when = only_when(
        loaded("rules: [{name: a, when: {grid: up, any: [{soc: below 20% until 30%}]}, set: {eps: on}}]\n")
    )
    assert isinstance(when, All)
    alternatives = when.parts[1]
    assert isinstance(alternatives, AnyOf)
    (inner,) = alternatives.parts
    assert isinstance(inner, All)
    assert isinstance(inner.parts[0], Compare)


def test_always_is_a_condition(loaded: Loaded) -> None:
    assert only_when(loaded("rules: [{name: a, when: always, set: {eps: on}}]\n")) == Always()


def test_names_are_known_wherever_their_section_stands(loaded: Loaded) -> None:
    config = loaded(
        "rules:\n"
        "  - name: a\n"
        "    when: {flag: storm, tariff: all}\n"
        "    set: {eps: on}\n"
        "    devices: [garage, 52842P0581]\n"
        "    notify: phone\n"
        "    scope: inverter\n"
        'notify: {phone: {url: "${PW}"}}\n'
        "tariff: {periods: [{name: all, import: 0.1}]}\n"
        "flags: [storm]\n"
        "names: {garage: 44300E0585}\n"
    )
    (rule,) = config.ruleset.rules
    assert rule.devices == {"44300E0585", "52842P0581"}
    assert (rule.notify, rule.scope) == (("phone",), Scope.INVERTER)
    assert config.names == {"garage": "44300E0585"}
    assert config.channels["phone"].name == "phone"
    assert config.ruleset.flags == {"storm"}


def test_all_faults_are_told_in_the_order_of_their_lines(checked: Checked) -> None:
    found = checked(
        "rules:\n  - {name: a, when: {soc: blow 3%}, set: {epss: on}}\n"
        "guards: {writes_per_day: 0}\nflags: storm\ninterval: 1\n"
    )
    errors = [finding for finding in found if finding.severity is Level.ERROR]
    assert [(one.line, one.code) for one in errors] == [
        (5, Code.VALUE),
        (5, Code.UNKNOWN_KEY),
        (6, Code.RANGE),
        (7, Code.TYPE),
        (8, Code.VALUE),
    ]


def test_the_state_folder_is_beside_the_file_unless_absolute(write: Callable[..., Path]) -> None:
    for written, expected in (("here", None), ("/var/x", "/var/x"), ("~/x", "/home/me/x")):
        path = write(f"state: {written}\n")
        config = load(path, environ={"PW": "x", "HOME": "/home/me"}, resolve_secrets=True)
        assert config.state == (Path(expected) if expected else path.parent / "here")


def test_a_ca_file_lies_beside_the_rules_file_unless_absolute(write: Callable[..., Path]) -> None:
    path = write("", head=HEAD.replace("{region", "{ca_file: own.pem, region"))
    assert load(path, environ={}, resolve_secrets=False).portal.ca_file == path.parent / "own.pem"
    (told,) = check(path, environ={"PW": "x"})
    assert (told.code, told.severity) == (Code.UNREADABLE, Level.ERROR)
    (path.parent / "own.pem").touch()
    assert check(path, environ={"PW": "x"}) == ()


@pytest.mark.parametrize(
    "written", ["https://Host.example", "https://host.example:8443/", " https://host.example "]
)
def test_a_portal_is_named_by_its_host_alone(written: str) -> None:
    assert portal_url(written) == written.strip()
    assert PortalOptions(written, "owner", Secret("x")).url == written.strip().removesuffix("/")


@pytest.mark.parametrize("behind", ["/WManage/web/login", "/?x=1", "?x=1", "#top", "//"])
def test_what_stands_behind_the_portals_host_is_refused_with_the_bare_host(behind: str) -> None:
    with pytest.raises(Fault) as caught:
        portal_url(f"https://host.example:8443{behind}")
    assert caught.value.hint == "write https://host.example:8443"


def test_the_policy_knows_how_far_apart_ticks_are(loaded: Loaded) -> None:
    assert loaded("interval: 20 min\n").ruleset.bridge_s == 3000.0
    assert loaded("interval: 2 min\n").ruleset.bridge_s == 900.0


@pytest.mark.parametrize("scheme", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"])
def test_loopback_may_be_asked_twice_a_minute(loaded: Loaded, scheme: str) -> None:
    portal = f"portal: {{username: x, password: '${{PW}}', url: '{scheme}'}}\n"
    head = f"version: 1\nsite: {{timezone: UTC}}\n{portal}"
    assert loaded("interval: 30 s\n", head=head).interval_s == 30.0


def test_a_threshold_that_the_rule_itself_crosses_wants_an_until(checked: Checked) -> None:
    body = "rules: [{{name: a, when: {{grid: up, all: [{{soc: {}}}]}}, set: {{{}}}}}]\n"

    def told(soc: str, sets: str) -> list[Finding]:
        return [one for one in checked(body.format(soc, sets)) if one.code is Code.NO_UNTIL]

    (finding,) = told("below 60%", "ac_charge: on")
    assert (finding.severity, finding.column) == (Level.WARNING, 48)
    assert told("below 60% until 61%", "ac_charge: on") == []
    assert told("below 60%", "ac_charge: off") == []
    assert told("above 60%", "ac_charge: on") == []
    assert len(told("above 60%", "forced_discharge: on")) == 1


def test_a_holiday_that_the_tariff_does_not_know_is_a_warning(checked: Checked) -> None:
    body = "rules: [{name: a, when: {days: holiday}, set: {eps: on}}]\n"
    body = f"baseline: {{eps: on}}\n{body}"
    assert [one.code for one in checked(body)] == [Code.NO_HOLIDAYS]
    tariff = "tariff: {holidays: [2026-12-25], periods: [{name: all, import: 0.1}]}\n"
    assert checked(tariff + body) == ()


@pytest.mark.parametrize(
    ("wire", "value", "codes"),
    [
        ("document", "never", [Code.LACKING]),
        ("document", "101%", [Code.LACKING]),
        ("document", "100%", []),
        ("live", "never", []),
        ("auto", "never", []),
    ],
)
def test_a_value_that_the_wire_of_the_file_cannot_say_is_a_warning(
    wire: str, value: str, codes: list[Code], checked: Checked
) -> None:
    head = HEAD.replace("region", f"wire: {wire}, region")
    found = checked(f"baseline: {{charge_limit: {value}}}\n", head=head)
    assert [(one.severity, one.code) for one in found] == [(Level.WARNING, code) for code in codes]
    assert all("no charge_limit above 100 %" in one.message for one in found)


@pytest.mark.parametrize("wire", ["document", "live", "auto"])
def test_codes_that_the_wire_of_the_file_does_not_list_are_a_warning(wire: str, checked: Checked) -> None:
    head = HEAD.replace("region", f"wire: {wire}, region")
    found = checked("alerts:\n  - {name: A, when: {fault: any}}\n", head=head)
    told = [one.hint for one in found if one.code is Code.LACKING]
    assert told == (["{status: fault}"] if wire == "document" else [])
    listed = {"document": DOCUMENT, "live": LIVE}.get(wire, LIVE).forms.events("44300E0001", 1)
    assert lists_events(wire) is (listed is not None)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_the_wire_of_the_file_does_not_have_is_a_warning(name: str) -> None:
    assert wire_lacks(name, "document") is not document.supports(name)
    assert wire_lacks(name, "live") is not live.supports(name)
    assert not wire_lacks(name, "auto")


@pytest.mark.parametrize(
    ("wire", "sets", "lacking"),
    [
        ("document", "discharge_floor: 20%", ["discharge_floor"]),
        ("document", "raw: {HOLD_NOWHERE: '1'}", ["HOLD_NOWHERE"]),
        ("document", "parameters: {99: 1}", []),
        ("document", "ac_charge_power: 3 kW", []),
        ("live", "parameters: {99: 1}", ["99"]),
        ("live", "discharge_floor: 20%", []),
        ("auto", "discharge_floor: 20%", []),
    ],
)
def test_what_the_wire_of_the_file_lacks_is_told_where_it_is_set(
    wire: str, sets: str, lacking: list[str], checked: Checked
) -> None:
    head = HEAD.replace("region", f"wire: {wire}, region")
    found = checked(f"guards: {{allow_raw: on}}\nbaseline: {{{sets}}}\n", head=head)
    assert [(one.severity, one.code) for one in found] == [(Level.WARNING, Code.LACKING)] * len(lacking)
    said = [f"the portal's {wire} wire does not have {name}; this is never written" for name in lacking]
    assert [one.message for one in found] == said


@pytest.mark.parametrize(
    ("alerts", "offered"),
    [
        ("alerts: [{builtin: grid lost, repeat: 1 h}]", [Code.NO_CHANNEL]),
        ("alerts: [{builtin: grid lost, enabled: off}]", []),
        ("alerts: [{builtin: grid lost, repeat: 1 h}]\nnotify: {phone: {url: '${PW}'}}", []),
        ("baseline: {eps: on}", []),
    ],
)
def test_alerts_that_nobody_would_be_told_of_are_worth_a_word(
    alerts: str, offered: list[Code], checked: Checked
) -> None:
    assert [one.code for one in checked(f"{alerts}\n")] == offered


def test_nothing_the_file_can_say_is_without_effect() -> None:
    assert NOT_YET == {}


def test_what_an_alert_may_fill_in_is_what_its_text_fills_in() -> None:
    assert frozenset(PLACEHOLDERS) == known_placeholders()


def test_three_hundred_rules_are_checked_quickly(write: Callable[..., Path]) -> None:
    rules = "".join(
        f"  - name: Rule {n}\n    when: {{time: 22:00 to 06:00, days: mon-fri, soc: below 60% until 78%}}\n"
        "    set: {ac_charge: on, ac_charge_power: 4 kW, ac_charge_limit: 80%}\n    hold: 15 min\n"
        for n in range(300)
    )
    path = write(f"rules:\n{rules}")
    began = time.process_time()
    found = check(path, environ={"PW": "x"})
    assert time.process_time() - began < 1.0
    assert [one for one in found if one.severity is Level.ERROR] == []
    assert sum(one.code is Code.HIDDEN for one in found) == 299
