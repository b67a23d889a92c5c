"""What every wire is made of: a table of paths, a login, and the shape of a missing session."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from luxagent.sim.inverter import Upload
from luxagent.sim.world import Reply, Request, World

Body = dict[str, Any]
Handler = Callable[[World, Request], Body | Reply]


@dataclass(frozen=True, slots=True)
class Wire:
    """One dialect. Handlers give a JSON object, or a whole reply where the answer is none."""

    routes: Mapping[str, Handler]
    logged_in: Callable[[World], Body]
    refused: Body
    no_session: Reply


def as_reply(answer: Body | Reply) -> Reply:
    """A handler's answer as bytes."""
    if isinstance(answer, Reply):
        return answer
    return Reply(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


def tenths(value: float) -> int:
    """Volts, amps or kWh as the portal's integers of a tenth."""
    return round(value * 10)


def hundredths(value: float) -> int:
    return round(value * 100)


def whole(value: float) -> int:
    return round(value)


def quick_open(world: World, serial: str) -> bool:
    """Whether a quick charge shows as open: what was open when a lost inverter last spoke stays so."""
    at = world.upload(serial).at if world.lost(serial) else world.now
    return world.house.quick.running(world.house.unit_of(serial), at)


def split_phase_garbage(upload: Upload) -> tuple[int, int]:
    """The S and T phases of a split-phase inverter read as noise, not as volts."""
    minute = int(upload.at.timestamp()) // 60
    return 256 + minute % 2, (minute * 7) % 40
