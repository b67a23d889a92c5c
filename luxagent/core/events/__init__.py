"""What can happen to the agent's state. The ledger appends these; `memory` is their fold.

`who` is a unit or a serial: whatever a rule is decided for. Every `at` is an aware instant in UTC. `kind`
is the word the ledger and `luxagent log --json` carry.
"""

from luxagent.core.events.agent import (
    ClockSet,
    DeviceForgotten,
    FileRefused,
    FileTaken,
    LeftDryRun,
    ModulesSeen,
    Noted,
    PlantBack,
    PlantLost,
    Seen,
    Started,
    Stopped,
    Ticked,
    Told,
)
from luxagent.core.events.alerts import (
    AlertDropped,
    AlertEased,
    AlertEnded,
    AlertFired,
    AlertPeaked,
    AlertPending,
    AlertReminded,
    Silenced,
)
from luxagent.core.events.by_hand import (
    FlagSet,
    LeaseEnded,
    LeaseSet,
    Paused,
    Resumed,
)
from luxagent.core.events.rules import (
    Latched,
    RuleFailed,
    RuleKnown,
    RuleLetGo,
    RuleTook,
    RuleUnknown,
    TimerCleared,
    TimerSet,
)
from luxagent.core.events.writes import (
    CameHome,
    HeldBack,
    HoldEnded,
    ReadsRight,
    WriteAnswered,
    WriteClosed,
    WriteIntended,
)
from luxagent.core.sightings import Sighting

Event = (
    Started
    | Stopped
    | LeftDryRun
    | Ticked
    | ClockSet
    | RuleTook
    | RuleLetGo
    | RuleUnknown
    | RuleKnown
    | RuleFailed
    | TimerSet
    | TimerCleared
    | Latched
    | WriteIntended
    | WriteAnswered
    | WriteClosed
    | CameHome
    | ReadsRight
    | HeldBack
    | HoldEnded
    | FlagSet
    | LeaseSet
    | LeaseEnded
    | Paused
    | Resumed
    | AlertPending
    | AlertDropped
    | AlertFired
    | AlertReminded
    | AlertPeaked
    | AlertEased
    | AlertEnded
    | Silenced
    | PlantLost
    | PlantBack
    | FileRefused
    | FileTaken
    | ModulesSeen
    | DeviceForgotten
    | Told
    | Noted
    | Sighting
)

__all__ = [
    "AlertDropped",
    "AlertEased",
    "AlertEnded",
    "AlertFired",
    "AlertPeaked",
    "AlertPending",
    "AlertReminded",
    "CameHome",
    "ClockSet",
    "DeviceForgotten",
    "Event",
    "FileRefused",
    "FileTaken",
    "FlagSet",
    "HeldBack",
    "HoldEnded",
    "Latched",
    "LeaseEnded",
    "LeaseSet",
    "LeftDryRun",
    "ModulesSeen",
    "Noted",
    "Paused",
    "PlantBack",
    "PlantLost",
    "ReadsRight",
    "Resumed",
    "RuleFailed",
    "RuleKnown",
    "RuleLetGo",
    "RuleTook",
    "RuleUnknown",
    "Seen",
    "Sighting",
    "Silenced",
    "Started",
    "Stopped",
    "Ticked",
    "TimerCleared",
    "TimerSet",
    "Told",
    "WriteAnswered",
    "WriteClosed",
    "WriteIntended",
]
