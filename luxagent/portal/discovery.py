"""Which devices there are: the fewest requests that tell it, and no more often than every 15 minutes.

Login, device list, and on the document's wire the groups: three for one station. The plant list is asked
only where the login does not name the stations.
"""

import logging
from typing import Protocol

from luxagent.core.plant.device import Kind
from luxagent.errors import NeedsPerson, PortalRefused, TryLater, WrongPlant
from luxagent.portal.hierarchy import Census, arrange, grouped, stray_gridboss
from luxagent.portal.options import PortalOptions
from luxagent.portal.records import Found, Group, LoginInfo, PlantInfo
from luxagent.portal.wire import Wire

_log = logging.getLogger("luxagent.portal")

SEVERAL = "The account has several plants; name yours under plants. `luxagent doctor` lists them."
MISSING = "The account has no plant of a name that is under plants. `luxagent doctor` lists those it has."
"""For the journal, which may end up in a bug report."""


class Asker(Protocol):
    """What is needed of a client."""

    options: PortalOptions
    account: LoginInfo

    @property
    def wire(self) -> Wire: ...
    def login(self) -> LoginInfo: ...
    def plants(self) -> tuple[PlantInfo, ...]: ...
    def devices(self, plant_id: str, /) -> tuple[Found, ...]: ...
    def groups(self, plant_id: str, serial: str, /) -> tuple[Group, ...]: ...


class Discovery:
    """Finds the devices of the chosen stations."""

    def __init__(self, client: Asker) -> None:
        self._client = client
        self._last: Census | None = None
        self._told: object = None
        """What the last census was made of: most ticks find the very same kept answers."""
        self._groups: dict[str, tuple[Group, ...]] = {}
        """By plant, as they were last told."""
        self._refused: set[str] = set()
        """Plants whose groups are not told just now, which is said once."""

    def census(self) -> Census:
        """All devices with unit and primary, from answers that are at most 15 minutes old.

        While the portal cannot tell, the devices of before: what they report is asked for anyway.
        """
        client = self._client
        client.login()
        try:
            found = [(plant, self._devices(plant)) for plant in self._chosen()]
        except TryLater as error:
            if self._last is None:
                raise
            _log.info("the device list of before is used: %s", error)
            return self._last
        told = (found, client.account.firsts)
        if self._last is None or told != self._told:
            self._last, self._told = arrange(found, client.account.firsts, client.options.names), told
        return self._last

    def _chosen(self) -> tuple[PlantInfo, ...]:
        """The stations of the file. Without any there, the account's only one."""
        client = self._client
        plants = client.account.plants
        if not plants or (client.options.plants and self._missing(plants)):
            plants = client.plants()
        if not plants:
            host = client.options.url
            raise NeedsPerson(f"The account has no plant on {host}. Is it the host it was registered with?")
        listed = ", ".join(plant.name for plant in plants)
        if not client.options.plants:
            if len(plants) > 1:
                raise WrongPlant(
                    f"The account has several plants; name yours under plants: {listed}.", SEVERAL
                )
            return plants
        missing = self._missing(plants)
        if missing:
            raise WrongPlant(f"The account has no plant {missing}; it has: {listed}.", MISSING)
        wanted = {name.casefold() for name in client.options.plants}
        return tuple(plant for plant in plants if _called(plant, wanted))

    def _missing(self, plants: tuple[PlantInfo, ...]) -> str:
        """The names of the file that no plant has."""
        names = self._client.options.plants
        return ", ".join(n for n in names if not any(_called(plant, {n.casefold()}) for plant in plants))

    def _devices(self, plant: PlantInfo) -> tuple[Found, ...]:
        client = self._client
        found = client.devices(plant.id)
        if client.wire.name == "document":
            asked = "" if any(d.parallel or d.kind is Kind.GRIDBOSS for d in found) else None
        else:
            stray = stray_gridboss(found)
            asked = None if stray is None else stray.serial
        if asked is None:
            return found
        try:
            self._groups[plant.id] = client.groups(plant.id, asked)
            self._refused.discard(plant.id)
        except PortalRefused as error:
            if plant.id not in self._refused:
                _log.warning("the portal does not tell the groups of %s: %s", plant.name, error)
            self._refused.add(plant.id)
        return grouped(found, self._groups[plant.id]) if plant.id in self._groups else found


def _called(plant: PlantInfo, names: set[str]) -> bool:
    return plant.name.casefold() in names or plant.id.casefold() in names
