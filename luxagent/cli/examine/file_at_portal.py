"""`check --live`: the file held against the plant that it is about. Everything is read, nothing is changed.

Each remark knows by its keys where in the file it belongs.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from luxagent.cli.examine import portal
from luxagent.cli.examine.line import Health
from luxagent.cli.examine.setters import Setter, setters, where_of
from luxagent.config.load import Code, Config, Level
from luxagent.core.facts.needs import Need
from luxagent.core.facts.portal_names import lists_events, wire_lacks
from luxagent.core.facts.settings import SETTINGS, Flow, beyond_wire
from luxagent.core.facts.words import beyond_wire_text
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.policy.conditions import FaultIs, leaves_in
from luxagent.core.policy.policy import Policy, read_by
from luxagent.core.policy.words import no_codes_text
from luxagent.errors import CredentialsRefused, LuxagentError, NeedsPerson, PortalRefused
from luxagent.portal.client import PortalClient
from luxagent.portal.offered import ABSENT_READS
from luxagent.portal.reader import PortalReader

_SOC = "soc_pct"
_TOLD = "module_count"
"""Only the answer about the battery speaks of it, if only to say that it is unknown."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding: the keys that lead to its place in the file, and what it says."""

    where: tuple[str, ...]
    code: Code
    message: str
    hint: str = ""
    level: Level = Level.WARNING


class NoPlant(NeedsPerson):
    """The account does not have the plant of the file, so that there is nothing to hold it against."""


def read(client: PortalClient, policy: Policy) -> Plant:
    """The plant with all that the file speaks of. While the wire is in doubt only its devices are known.

    Raises NoPlant, or whatever else the portal comes to.
    """
    client.login()
    try:
        devices = client.discover().devices
    except (CredentialsRefused, PortalRefused):
        raise
    except NeedsPerson as error:
        raise NoPlant(str(error)) from error
    if all(device.kind is not Kind.INVERTER for device in devices):
        raise NoPlant("The plant has no inverter.")
    if not client.wire_sure:
        return Plant(devices, may_write=not client.account.readonly)
    needs = frozenset({Need.BATTERY}) if _speaks_of_soc(policy) else frozenset[Need]()
    plant = PortalReader(client).read(needs, policy.managed)
    return replace(plant, devices=tuple(_looked_again(client, device) for device in plant.devices))


def remarks(config: Config, policy: Policy, client: PortalClient, plant: Plant) -> Iterator[Remark]:
    """All that the portal has to say about the file."""
    yield from _devices(config, policy, plant)
    if not client.wire_sure:
        hint = "settings could not be looked at"
        yield Remark(("portal", "wire"), Code.WIRE, _flat(client.wire_trouble), hint)
    rights = portal.rights(client, plant)
    if rights.health is not Health.OK:
        yield Remark(("portal", "username"), Code.LOOK_ONLY, _flat(rights.words), _flat(rights.todo))
    if client.wire_sure:
        yield from _lacking(config, policy, client, plant)
        yield from _without_codes(config, policy, plant)
        yield from _without_soc(policy, plant)
        yield from _unread(policy, plant)


def no_plant(config: Config, error: NoPlant) -> Remark:
    """The client's own words about a plant that is not there."""
    where = ("portal", "plants") if config.portal.plants else ("portal",)
    return Remark(where, Code.NO_PLANT, _flat(str(error)), level=Level.ERROR)


def _looked_again(client: PortalClient, device: Device) -> Device:
    """A setting that is missing is looked for as often as it takes to tell that the model has none."""
    values = dict(device.settings)
    for _ in range(1, ABSENT_READS):
        missing = {name for name in device.able if name in values and values[name] is None}
        missing -= {"quick_charge"}
        if not missing or device.online is not True:
            break
        try:
            values.update(client.parameters(device.serial, missing, 0.0).values)
        except CredentialsRefused:
            raise
        except LuxagentError:  # the plant's own reading has told why
            break
    return replace(device, settings=values, able=device.able - client.offered.lacking(device.serial))


def _devices(config: Config, policy: Policy, plant: Plant) -> Iterator[Remark]:
    """Serials that the account does not have, under `names` and under `devices`."""
    kinds = {device.serial: device.kind for device in plant.devices}
    listed = ", ".join(device.serial for device in plant.devices)
    hint = f"{'its plants of this file have' if config.portal.plants else 'it has'}: {listed}"
    for name, serial in config.names.items():
        if serial not in kinds:
            yield Remark(("names", name), Code.NO_DEVICE, f"the account has no device {serial}", hint)
    names = {serial: name for name, serial in config.names.items()}
    rules = [("rules", one.rule.name, one.rule.devices) for one in policy.rules]
    alerts = [("alerts", one.alert.name, one.alert.devices) for one in policy.alerts]
    for section, called, serials in (*rules, *alerts):
        for serial in sorted(serials):
            where = (section, called, "devices", serial, names.get(serial, ""))
            if serial not in kinds:
                said = f"{names[serial]}, {serial}" if serial in names else serial
                yield Remark(where, Code.NO_DEVICE, f"the account has no device {said}", hint)
            elif section == "rules" and kinds[serial] is Kind.GRIDBOSS:
                message = f"{serial} is a GridBOSS, and rules set inverters only"
                yield Remark(where, Code.NO_DEVICE, message, "name inverters")


def _lacking(config: Config, policy: Policy, client: PortalClient, plant: Plant) -> Iterator[Remark]:
    """Settings that an inverter does not have, wherever the file wants them of it."""
    for setter in setters(policy):
        aimed = setter.of(plant)
        for name, value in setter.sets.items():
            told = config.portal.wire == plant.wire  # the file says so by itself
            if aimed and not told and beyond_wire(name, value, plant.wire):
                yield Remark(where_of(setter, name), Code.LACKING, *beyond_wire_text(name, plant.wire))
            lack = [one for one in aimed if portal.lacking_of(one, frozenset({name}))]
            if not lack or (told and wire_lacks(name, plant.wire)):
                continue
            message = f"{_listed(lack)} does not have {name}, so it is never written there"
            if not client.wire.settings.supports(name):
                message = (
                    f"{_listed(lack)}: the portal's {plant.wire} wire does not have {name}; never written"
                )
            have = [one for one in plant.inverters if not portal.lacking_of(one, frozenset({name}))]
            yield Remark(where_of(setter, name), Code.LACKING, message, _way_out(setter, have))


def _without_codes(config: Config, policy: Policy, plant: Plant) -> Iterator[Remark]:
    """Rules and alerts that ask for the codes of faults, where the portal lists none."""
    if lists_events(plant.wire) or config.portal.wire == plant.wire:  # the file says so by itself
        return
    rules = [("rules", one.rule.name, one.rule.when) for one in policy.rules]
    alerts = [("alerts", one.alert.name, one.alert.when) for one in policy.alerts]
    for section, called, when in (*rules, *alerts):
        asked = next((leaf for leaf in leaves_in(when) if isinstance(leaf, FaultIs)), None)
        if asked is not None:
            where = (section, called, "when", "fault")
            yield Remark(where, Code.LACKING, *no_codes_text(asked, plant.wire))


def _way_out(setter: Setter, have: list[Device]) -> str:
    if not have:
        return "take it out"
    narrowed = f"`devices: [{', '.join(one.name for one in have)}]`"
    return (
        f"take it out, or {'set it in a rule' if setter.rule is None else 'narrow the rule'} with {narrowed}"
    )


def _without_soc(policy: Policy, plant: Plant) -> Iterator[Remark]:
    """Rules and alerts that go by SOC, and settings that do, where an inverter does not."""
    for setter in setters(policy):
        for name in setter.sets:
            flow = SETTINGS[name].soc_of if name in SETTINGS else None
            idle = _idle(setter.of(plant), {flow}) if flow is not None else {}
            if idle:
                message = f"{', '.join(idle.values())}, so that {name} does nothing there"
                yield Remark(where_of(setter, name), Code.NO_SOC, message, _TURN)
    rules = [("rules", one.rule.name, one.rule.when, one.rule.devices) for one in policy.rules]
    alerts = [("alerts", one.alert.name, one.alert.when, one.alert.devices) for one in policy.alerts]
    for section, called, when, serials in (*rules, *alerts):
        of = [one for one in plant.inverters if not serials or one.serial in serials]
        idle = _idle(of, {"charge", "discharge"}) if _SOC in read_by(when) else {}
        if idle:
            message = f"{', '.join(idle.values())}, so that its SOC is nothing to go by"
            yield Remark((section, called, "when", "soc"), Code.NO_SOC, message, _TURN)


_TURN = (
    "go by battery_voltage, set its control to SOC in the portal, or name other inverters under `devices:`"
)


def _idle(devices: Iterable[Device], flows: Set[Flow]) -> dict[str, str]:
    """By serial, the inverters that do not have all of this go by SOC, and why; not where nobody knows."""
    found = {}
    for device in devices:
        by_voltage = flows & (device.by_voltage or set())
        if by_voltage == flows:
            does = " and ".join(f"{flow}s" for flow in sorted(flows))
            found[device.serial] = f"{device.name} {does} by battery voltage"
        elif device.online is True and _no_battery(device):
            found[device.serial] = f"{device.name} reports no battery"
    return found


def _no_battery(device: Device) -> bool:
    """Whether the battery was asked for and there is no trace of one: voltage, SOC, capacity or module."""
    reading = device.reading
    traces = (reading.number("battery_voltage_v"), reading.number(_SOC), reading.capacity_ah)
    return _TOLD in reading.values and not any(traces) and not device.modules


def _unread(policy: Policy, plant: Plant) -> Iterator[Remark]:
    """What could not be looked at: a check that saw only half must not look like a clean one."""
    for words in plant.errors:
        yield Remark(("portal",), Code.UNREAD, _flat(words), "try again")
    for device in plant.inverters:
        if device.online is not True:
            message = f"{device.name} could not be looked at: the portal does not hear it"
            yield Remark(("portal",), Code.UNREAD, message, "try again when it is back")
    if plant.errors:
        return
    for setter in setters(policy):
        for name in setter.sets:
            blind = [
                one
                for one in setter.of(plant)
                if one.online is True and name in one.able and one.settings.get(name) is None
            ]
            if blind:
                message = f"{name} of {_listed(blind)} could not be read; what is never read is not written"
                yield Remark(where_of(setter, name), Code.UNREAD, message, "try again")


def _speaks_of_soc(policy: Policy) -> bool:
    """Whether it matters to the file that there is a battery with a SOC."""
    asked = [*(one.rule.when for one in policy.rules), *(one.alert.when for one in policy.alerts)]
    soc_settings = any(name in SETTINGS and SETTINGS[name].soc_of for name in policy.managed)
    return soc_settings or any(_SOC in read_by(when) for when in asked)


def _listed(devices: list[Device]) -> str:
    return " and ".join(device.name for device in devices)


def _flat(words: str) -> str:
    """A sentence as a finding's words go: no full stop at the end."""
    return words.removesuffix(".")
