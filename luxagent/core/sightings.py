"""Events about settings beside the agent's own writes: other hands, effects, groups, firmware, rights.

Part of `events.Event`; `custody` is their fold. Every `at` is an aware instant in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from luxagent.core.facts.settings import SettingValue


@dataclass(frozen=True, slots=True)
class SettingsKnown:
    """What an inverter's settings read, where that is no news to people. None forgets a setting."""

    at: datetime
    serial: str
    values: Mapping[str, SettingValue | None] = field(default_factory=dict)
    ended: bool = False
    """Whether a quick charge of ours is over by itself, or never began, so that one that runs is not ours."""
    kind: Literal["settings_known"] = "settings_known"


@dataclass(frozen=True, slots=True)
class SettingsUnread:
    """Settings that are not to be read any more, and when they were last. `SettingsKnown` ends it."""

    at: datetime
    serial: str
    settings: tuple[str, ...]
    since: datetime
    kind: Literal["settings_unread"] = "settings_unread"


@dataclass(frozen=True, slots=True)
class KeptInMind:
    """A rule is about to switch something off that takes this setting with it: it is to go home as well."""

    at: datetime
    serial: str
    setting: str
    before: SettingValue
    """What it is now."""
    rule: str
    kind: Literal["kept_in_mind"] = "kept_in_mind"


@dataclass(frozen=True, slots=True)
class OverrideSeen:
    """Another hand changed a setting: it is owned no longer, and left alone for a while unless `enforced`."""

    at: datetime
    serial: str
    setting: str
    before: SettingValue | None
    """What it read last."""
    found: SettingValue
    rule: str | None = None
    """The rule that held it."""
    enforced: bool = False
    detail: str = ""
    home: SettingValue | None = None
    """What it was before that rule took it; None where it was not owned, or nobody knows."""
    kind: Literal["override_seen"] = "override_seen"


@dataclass(frozen=True, slots=True)
class LandedLate:
    """A take of ours landed after its setting was given up: it is owned again, so that it goes home."""

    at: datetime
    serial: str
    setting: str
    value: SettingValue
    """What was sent."""
    before: SettingValue
    """What it read until then."""
    rule: str
    kind: Literal["landed_late"] = "landed_late"


@dataclass(frozen=True, slots=True)
class OverrideEnded:
    """A setting that another hand changed may be taken again."""

    at: datetime
    serial: str
    setting: str
    kind: Literal["override_ended"] = "override_ended"


@dataclass(frozen=True, slots=True)
class EffectSeen:
    """Whether power flowed after a charge from the grid was proven to be on."""

    at: datetime
    serial: str
    setting: str
    effect: Literal["effective", "excused", "no effect"]
    detail: str = ""
    kind: Literal["effect_seen"] = "effect_seen"


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An owned setting whose home nobody knows: it stays as it is, owned no longer."""

    at: datetime
    serial: str
    setting: str
    value: SettingValue | None = None
    rule: str | None = None
    kind: Literal["left_alone"] = "left_alone"


@dataclass(frozen=True, slots=True)
class HomeMissed:
    """Going home was tried several times and not proven."""

    at: datetime
    serial: str
    setting: str
    misses: int
    value: SettingValue | None = None
    """Home."""
    found: SettingValue | None = None
    kind: Literal["home_missed"] = "home_missed"


@dataclass(frozen=True, slots=True)
class GroupSplit:
    """Inverters of one group differ in a setting that one rule wants alike; `lasting` since a while."""

    at: datetime
    unit: str
    setting: str
    lasting: bool = False
    detail: str = ""
    kind: Literal["group_split"] = "group_split"


@dataclass(frozen=True, slots=True)
class GroupWhole:
    """They agree again, or need not any more."""

    at: datetime
    unit: str
    setting: str
    kind: Literal["group_whole"] = "group_whole"


@dataclass(frozen=True, slots=True)
class FirmwareSeen:
    """The firmware of an inverter: at first sight, or another one than `before`, which stops all writes."""

    at: datetime
    serial: str
    code: str
    before: str = ""
    kind: Literal["firmware_seen"] = "firmware_seen"


@dataclass(frozen=True, slots=True)
class FirmwareUpdate:
    """An inverter began to update its firmware, or was found to have ended that."""

    at: datetime
    serial: str
    running: bool
    kind: Literal["firmware_update"] = "firmware_update"


@dataclass(frozen=True, slots=True)
class FirmwareTrusted:
    """After a change of firmware these managed settings were read again; writes to them go on."""

    at: datetime
    serial: str
    code: str
    settings: tuple[str, ...] = ()
    kind: Literal["firmware_trusted"] = "firmware_trusted"


@dataclass(frozen=True, slots=True)
class SettingGone:
    """A managed setting is not there any more since the firmware changed; it is not written until it is."""

    at: datetime
    serial: str
    setting: str
    code: str = ""
    """The firmware without it."""
    kind: Literal["setting_gone"] = "setting_gone"


@dataclass(frozen=True, slots=True)
class SettingBack:
    """A setting that was gone is there again, or nothing asks for it any more."""

    at: datetime
    serial: str
    setting: str
    detail: str = ""
    kind: Literal["setting_back"] = "setting_back"


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """The portal said that this account may not write to an inverter. It is left alone for a while."""

    at: datetime
    detail: str = ""
    account: str = ""
    """A digest of the credentials."""
    serial: str = ""
    setting: str = ""
    """Which was refused: that says nothing about the setting itself, and is no miss of it."""
    kind: Literal["account_refused"] = "account_refused"


@dataclass(frozen=True, slots=True)
class AccountTried:
    """Other credentials are used: what was refused may be tried again."""

    at: datetime
    detail: str = ""
    kind: Literal["account_tried"] = "account_tried"


@dataclass(frozen=True, slots=True)
class WentDry:
    """Nothing is written any more while settings are owned; `remains` says what each goes on doing."""

    at: datetime
    remains: tuple[str, ...] = ()
    kind: Literal["went_dry"] = "went_dry"


@dataclass(frozen=True, slots=True)
class WentLive:
    """Settings are written again."""

    at: datetime
    kind: Literal["went_live"] = "went_live"


Sighting = (
    SettingsKnown
    | SettingsUnread
    | OverrideSeen
    | OverrideEnded
    | LandedLate
    | KeptInMind
    | EffectSeen
    | LeftAlone
    | HomeMissed
    | GroupSplit
    | GroupWhole
    | FirmwareSeen
    | FirmwareUpdate
    | FirmwareTrusted
    | SettingGone
    | SettingBack
    | AccountRefused
    | AccountTried
    | WentDry
    | WentLive
)
