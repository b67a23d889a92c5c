"""Requests whose form is the same on both wires. What differs stands in `document/forms` and `live/forms`."""

from luxagent.portal.line import CONTROL_S, Request

READ = "/WManage/web/maintain/remoteRead/read"
WRITE = "/WManage/web/maintain/remoteSet/write"
FUNCTION = "/WManage/web/maintain/remoteSet/functionControl"
PLANTS = "/WManage/web/config/plant/list/viewer"
INSTALLER_PLANTS = "/WManage/web/config/plant/list"
DEVICES = "/WManage/api/inverterOverview/list"
GROUPS = "/WManage/api/inverterOverview/getParallelGroupDetails"
QUICK_STATUS = "/WManage/web/config/quickCharge/getStatusInfo"
NOT_PARALLEL = ("notparallel",)

_ELIGIBILITY_WORDS = (
    "allowtoupdate",
    "deviceupdating",
    "parallelgroupupdating",
    "notallowedinparallel",
    "warnparallel",
    "devicebusy",
)


def of_serial(path: str, serial: str) -> Request:
    """A read that names a device by `serialNum`."""
    return Request(path, (("serialNum", serial),))


def runtime(serial: str) -> Request:
    """What an inverter does now."""
    return of_serial("/WManage/api/inverter/getInverterRuntime", serial)


def energy(serial: str) -> Request:
    """The counters of an inverter."""
    return of_serial("/WManage/api/inverter/getInverterEnergyInfo", serial)


def group_energy(serial: str) -> Request:
    """The counters of the whole group; any member's serial will do."""
    path = "/WManage/api/inverter/getInverterEnergyInfoParallel"
    return Request(path, (("serialNum", serial),), fine=NOT_PARALLEL)


def battery(serial: str) -> Request:
    """The bank of an inverter and its modules."""
    return of_serial("/WManage/api/battery/getBatteryInfo", serial)


def gridboss(serial: str) -> Request:
    """What a GridBOSS sees. Inverters answer DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE."""
    return of_serial("/WManage/api/midbox/getMidboxRuntime", serial)


def firmware_check(serial: str) -> Request:
    """What runs on a device and what could. Up to date may be told as `success: false` (live)."""
    path = "/WManage/web/maintain/standardUpdate/checkUpdates"
    return Request(path, (("serialNum", serial),), fine=("alreadythelatest", "latestversion"))


def firmware_progress(user_id: str) -> Request:
    """Updates of all devices of the account, running and past."""
    return Request("/WManage/web/maintain/remoteUpdate/info", (("userId", user_id),))


def firmware_eligibility(user_id: str, serial: str) -> Request:
    """Whether an update may start, parallel or not, despite its name."""
    path = "/WManage/web/maintain/standardUpdate/check12KParallelStatus"
    return Request(path, (("userId", user_id), ("serialNum", serial)), fine=_ELIGIBILITY_WORDS)


def firmware_start(user_id: str, serial: str, fast: bool) -> Request:
    """Start an update: 20 to 40 minutes without the device."""
    form = (("userId", user_id), ("serialNum", serial), ("tryFastMode", "true" if fast else "false"))
    return Request("/WManage/web/maintain/standardUpdate/run", form, control=True, deadline_s=CONTROL_S)
