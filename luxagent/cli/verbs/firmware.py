"""`luxagent firmware`: versions and progress; `firmware update SERIAL` starts one, if a person insists."""

from dataclasses import asdict, replace

import click

from luxagent.cli import wiring
from luxagent.cli.clock import Clock
from luxagent.cli.codes import FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.examine.line import MARKS, Health
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.output import print_json, print_text
from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json
from luxagent.cli.upgrade import back_online, checklist, follow
from luxagent.config.load import Config
from luxagent.core.plant.device import Device, Kind
from luxagent.errors import AnswerLost, CredentialsRefused, LuxagentError, NeedsPerson
from luxagent.portal.client import PortalClient
from luxagent.portal.firmware import versions
from luxagent.portal.records import FirmwareCheck, FirmwareProgress, FirmwareRun


@click.command("firmware", cls=Verb)
@click.argument("action", required=False, type=click.Choice(["update"]))
@click.argument("serial", required=False)
@click.option("--fast", is_flag=True, help="Ask for the fast mode, which not every device has.")
@click.option("--json", "as_json", is_flag=True, help="Versions and progress as JSON.")
@pass_common
def command(common: Common, *, action: str | None, serial: str | None, fast: bool, as_json: bool) -> int:
    """Show firmware versions, what is on offer, and updates under way.

    `firmware update SERIAL` starts an update: 20 to 40 minutes without the device. It runs through a
    checklist and asks for the serial to be typed again; no rule and no option can answer for you.
    """
    if action is not None and serial is None:
        raise click.UsageError("Which device? Write: luxagent firmware update SERIAL")
    if as_json and action is not None:
        raise click.UsageError("--json shows versions; an update is followed by eye.")
    config = load_config(common, secrets=True)
    clock, folder = common.clock(), state_folder(common, config)
    with wiring.open_client(config, clock, folder) as client:
        devices = client.discover().devices
        if serial is None:
            return _show(client, devices, as_json=as_json)
        return _update(client, _called(devices, serial, config), config, clock, fast=fast)


def _show(client: PortalClient, devices: tuple[Device, ...], *, as_json: bool) -> int:
    """Versions of every device, then the account's updates."""
    checks: dict[str, FirmwareCheck | str] = {}
    for device in devices:
        try:
            checks[device.serial] = _with_code(client, device, client.firmware_check(device.serial))
        except CredentialsRefused:
            raise
        except LuxagentError as error:
            checks[device.serial] = one_line(str(error))
    progress = client.firmware_progress()
    if as_json:
        print_json(_as_json(devices, checks, progress))
    else:
        for device in devices:
            print_text(_line(device, checks[device.serial]))
        for run in progress.runs:
            print_text(f"{run.serial}: update {_state(run)}")
    return OK if not any(isinstance(check, str) for check in checks.values()) else FAILED


def _with_code(client: PortalClient, device: Device, check: FirmwareCheck) -> FirmwareCheck:
    """A live portal that has nothing newer says only that; what runs stands in the telemetry."""
    if check.code:
        return check
    ask = client.gridboss if device.kind is Kind.GRIDBOSS else client.runtime
    code = ask(device.serial).firmware
    app, parameter = versions(code) or (None, None)
    return replace(check, code=code, app=app, parameter=parameter)


def _as_json(
    devices: tuple[Device, ...], checks: dict[str, FirmwareCheck | str], progress: FirmwareProgress
) -> dict[str, Json]:
    rows: list[Json] = []
    for device in devices:
        check = checks[device.serial]
        told: dict[str, Json] = (
            {"error": check} if isinstance(check, str) else {**asdict(check), "error": None}
        )
        rows.append({"serial": device.serial, "name": device.name, "model": device.model, **told})
    return {"devices": rows, "running": progress.running, "updates": [asdict(run) for run in progress.runs]}


def _line(device: Device, check: FirmwareCheck | str) -> str:
    name = device.name if device.name == device.serial else f"{device.name} ({device.serial})"
    if isinstance(check, str):
        return f"{name}: unknown: {check}"
    have = check.code or check.words or "version unknown"
    if check.available is None:
        return f"{name}: {have}, whether there is an update is not known"
    if not check.available:
        return f"{name}: {have}, current"
    newest = f"app {check.app} to {check.newest_app or check.app}, "
    newest += f"parameters {check.parameter} to {check.newest_parameter or check.parameter}"
    return f"{name}: {have}, update available: {newest}{', in several runs' if check.steps else ''}"


def _state(run: FirmwareRun) -> str:
    if run.running:
        share = "" if run.percent is None else f", {run.percent:.0f} %"
        return f"running{share}"
    return "done" if run.finished else f"not running ({run.status.lower() or 'state unknown'})"


def _called(devices: tuple[Device, ...], serial: str, config: Config) -> Device:
    """The device of this serial, or of this name in the file."""
    wanted = config.names.get(serial, serial)
    for device in devices:
        if device.serial == wanted:
            return device
    listed = ", ".join(device.serial for device in devices)
    raise NeedsPerson(f"The account has no device {serial}; it has {listed}.")


def _update(client: PortalClient, device: Device, config: Config, clock: Clock, *, fast: bool) -> int:
    """Checklist, typed serial, start, progress, end."""
    if config.ruleset.dry_run:
        raise NeedsPerson(f"{config.path} says dry_run, so nothing is changed; an update is a change.")
    if not client.wire_sure:
        raise NeedsPerson(f"{client.wire_trouble} Nothing is started.")
    failed = False
    for line in checklist(client, device, clock, config.ruleset.site.zone):
        print_text(f"{MARKS[line.health]:>7}  {line.about}: {line.words}")
        failed = failed or line.health is Health.FAILURE
    if failed:
        raise NeedsPerson(f"{device.serial} is not ready for an update; nothing was started.")
    print_text("The device will be away for 20 to 40 minutes. A power cut in that time may destroy it.")
    typed = click.prompt(f"Type {device.serial} to start the update, anything else to leave", default="",
                         show_default=False)  # fmt: skip
    if typed.strip() != device.serial:
        print_text("Nothing was started.")
        return FAILED
    now = client.firmware_eligibility(device.serial)  # whoever reads and types takes time
    if not now.allowed:
        why = one_line(now.words) or "it does not say why"
        raise NeedsPerson(f"The portal does not allow it any more: {why}. Nothing was started.")
    try:
        client.firmware_start(device.serial, typed.strip(), fast=fast)
    except AnswerLost as error:
        print_text(f"{one_line(str(error))} It may have begun; watching.")
    return _watched(client, device, clock)


def _watched(client: PortalClient, device: Device, clock: Clock) -> int:
    with click.progressbar(length=100, label=f"Updating {device.serial}") as bar:

        def show(run: FirmwareRun) -> None:
            bar.update(max(0, int(100 if run.finished else run.percent or 0) - bar.pos))

        run = follow(client, device.serial, clock, show)
    if run is None:
        print_text("The portal does not tell of its end. Look again with: luxagent firmware")
        return FAILED
    if not run.finished:
        print_text(f"The update failed ({run.status.lower()}). Look into the portal before trying again.")
        return FAILED
    if not back_online(client, device, clock):
        print_text("The update is done, but the device is not back yet. Look again with: luxagent status")
        return FAILED
    print_text(f"The update is done, and {device.serial} is back.")
    return OK
