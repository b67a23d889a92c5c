"""The README's steps, word for word, in a Debian that has never seen luxagent, under its real systemd.

In order: each test goes on where the one before it ended.
"""

import os
import re
from collections.abc import Iterator

import pytest

from tests.clean_debian.machine import CERTIFICATES, Machine, booted
from tests.systemd.readme import steps

PASSWORD = "canary-of-a-clean-machine"
RULES = """\
version: 1
dry_run: off
interval: 30 s
on_stop: restore
portal: {{url: "{url}", username: owner, password: "${{LUXAGENT_PASSWORD}}", settle: 0.2 s}}
site: {{timezone: America/Phoenix}}
guards: {{same_setting_every: 0 s}}
baseline: {{charge_limit: 90%}}
rules: [{{name: Always, when: always, set: {{discharge_floor: {floor}}}}}]
"""
SHOW = "systemctl show luxagent --property="
FLOOR = "/opt/luxagent/bin/luxagent -c /etc/luxagent/rules.yaml log --writes --json"
TAIL = "journalctl -u luxagent --no-pager | tail -20"


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with booted(os.environ.get("SUITE", "bookworm")) as machine:
        # As where pip is configured with a certificate file of its own: it is this machine's.
        machine.say(f"printf '[global]\\ncert = {CERTIFICATES}\\n' > /etc/pip.conf")
        yield machine


@pytest.fixture(scope="module")
def url(machine: Machine) -> str:
    """A portal in the machine, by the program that the first steps installed."""
    portal = f"/opt/luxagent/bin/luxagent portal --plant single --password {PASSWORD}"
    machine.say(f"systemd-run --quiet --unit=portal --property=StandardOutput=file:/run/portal {portal}")
    return re.findall(r"http://\S+", machine.until("cat /run/portal", "listening on"))[0]


def write(machine: Machine, url: str, floor: str = "33%") -> None:
    machine.say("cat > /etc/luxagent/rules.yaml", typed=RULES.format(url=url, floor=floor))


def shown(machine: Machine, name: str) -> str:
    return machine.say(SHOW + name).strip().partition("=")[2]


def floors(machine: Machine) -> list[str]:
    """What became of the discharge floor, oldest first."""
    return re.findall(r'"setting": ?"discharge_floor".*?"value": ?([\d.]+)', machine.say(FLOOR))


def kill_while_it_stops(machine: Machine) -> None:
    """The portal hangs until systemd has lost its patience with an agent that cannot go home."""
    now = machine.say("date +%s").strip()
    machine.say("systemctl kill --signal=STOP portal")
    machine.say("systemctl stop --no-block luxagent")
    machine.until(f"journalctl --no-pager -u luxagent --since @{now}", "stop-sigterm.*timed out")
    machine.say("systemctl kill --signal=CONT portal")
    machine.until(SHOW + "ActiveState", "=failed")
    assert shown(machine, "Result") == "timeout"
    machine.say("systemctl reset-failed luxagent")


def test_the_first_steps_install_it(machine: Machine) -> None:
    for line in steps()[0]:
        machine.say(line, typed="y\n")  # apt asks
    assert "luxagent" in machine.say("/opt/luxagent/bin/luxagent --version")


def test_the_other_steps_end_in_a_running_agent(machine: Machine, url: str) -> None:
    write(machine, url)
    told = [machine.say(line, typed=PASSWORD + "\n") for line in steps()[1]]
    assert "rules.yaml is good" in told[1]
    assert "active (running)" in told[-1]
    assert 'Status: "' in told[-1]
    assert "confirmed (was " in told[-1]
    assert shown(machine, "NotifyAccess") == "main"


def test_its_user_exists_only_now_and_its_state_is_closed_to_others(machine: Machine) -> None:
    user = machine.say("stat -c %U /proc/$(systemctl show luxagent -P MainPID)").strip()
    assert user not in ("", "root")
    state = machine.say("stat -L -c '%a %U' /var/lib/luxagent").split()
    assert state[0] == "700"
    environ = machine.say("tr '\\0' '\\n' < /proc/$(systemctl show luxagent -P MainPID)/environ")
    assert PASSWORD not in environ
    level = machine.say("systemd-analyze security luxagent --no-pager | tail -1")
    assert float(re.findall(r"level for \S+: ([\d.]+)", level)[0]) <= 1.2


def test_a_reload_takes_a_changed_file_and_leaves_a_broken_one(machine: Machine, url: str) -> None:
    write(machine, url, floor="34%")
    machine.say("systemctl reload luxagent")
    machine.until("systemctl status luxagent", "discharge_floor 34 %, confirmed", 90)
    machine.say("cat > /etc/luxagent/rules.yaml", typed="version: 1\nrules: [")
    machine.say("systemctl reload luxagent")
    machine.until("systemctl status luxagent", "the old one stays in force")
    write(machine, url, floor="34%")
    machine.say("systemctl reload luxagent")
    assert shown(machine, "ActiveState") == "active"


def test_a_killed_agent_is_started_again_and_goes_on(machine: Machine) -> None:
    machine.say("systemctl kill --signal=KILL luxagent")
    machine.until(SHOW + "NRestarts", "=1")
    machine.until(SHOW + "ActiveState", "=active")


def test_a_stop_goes_home(machine: Machine) -> None:
    machine.say("systemctl stop luxagent")
    assert floors(machine)[-1] == "20.0"
    assert shown(machine, "Result") == "success"


def test_one_that_had_to_be_killed_while_it_stopped_goes_home_all_the_same(machine: Machine) -> None:
    machine.say("mkdir -p /run/systemd/system/luxagent.service.d")
    machine.say("cat > /run/systemd/system/luxagent.service.d/t.conf", "[Service]\nTimeoutStopSec=10\n")
    machine.say("systemctl daemon-reload && systemctl start luxagent")
    assert floors(machine)[-1] == "34.0"
    kill_while_it_stops(machine)
    assert floors(machine)[-1] == "20.0", machine.say(TAIL)
    assert machine.say("find /var/lib/private/luxagent -user root") == ""


def test_encrypted_credentials_do_as_well(machine: Machine) -> None:
    page = machine.say("cat docs/operations.md")
    part = page[page.index("## Encrypted secrets") :]
    shell, drop_in = re.findall(r"```\n(.*?)```", part[: part.index("\n## ", 1)], re.DOTALL)
    for line in shell.splitlines():
        machine.say(line, typed=PASSWORD)
    machine.say("cat > /run/systemd/system/luxagent.service.d/u.conf", drop_in)
    machine.say("systemctl daemon-reload")
    machine.say("systemctl start luxagent")
    assert floors(machine)[-1] == "34.0"
    kill_while_it_stops(machine)
    assert floors(machine)[-1] == "20.0", machine.say(TAIL)


def test_a_wrong_password_is_not_tried_again_and_again(machine: Machine) -> None:
    machine.say("rm /run/systemd/system/luxagent.service.d/u.conf && systemctl daemon-reload")
    machine.say("printf wrong > /etc/luxagent/credentials/LUXAGENT_PASSWORD")
    machine.say("rm -rf /var/lib/private/luxagent")
    assert machine.run("systemctl start luxagent").returncode != 0
    assert shown(machine, "ExecMainStatus") == "77"
    assert shown(machine, "ActiveState") == "failed"


def test_a_second_account_has_a_service_of_its_own(machine: Machine, url: str) -> None:
    machine.say("mkdir -p /etc/luxagent/cabin/credentials")
    machine.say("cp /etc/luxagent/rules.yaml /etc/luxagent/cabin/rules.yaml")
    machine.say("cat > /etc/luxagent/cabin/credentials/LUXAGENT_PASSWORD", PASSWORD)
    machine.say("systemctl start luxagent@cabin")
    assert "confirmed (was " in machine.say("systemctl status luxagent@cabin")
    machine.say("systemctl stop luxagent@cabin")


def test_a_hung_agent_is_ended_by_the_watchdog(machine: Machine) -> None:
    """Three rests of 30 s and a slow tick of five minutes."""
    machine.say("systemctl start luxagent@cabin")
    machine.say("kill -STOP $(systemctl show luxagent@cabin -P MainPID)")
    machine.until("journalctl --no-pager -u luxagent@cabin", "Watchdog timeout", 500)
    machine.until("systemctl show luxagent@cabin", "NRestarts=1", 60)
    machine.until("systemctl show luxagent@cabin", "ActiveState=active", 60)
    machine.say("systemctl stop luxagent@cabin")


def test_the_journal_holds_no_secret(machine: Machine) -> None:
    assert PASSWORD not in machine.say("journalctl --no-pager -o verbose -u luxagent -u 'luxagent@*'")
