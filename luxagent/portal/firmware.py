"""Firmware as the portal tells of it, alike on both wires: versions, progress, leave to update."""

import re
from collections.abc import Mapping

from luxagent.core.values.tri import Tri
from luxagent.portal.fields import flag, mapping, rows, whole
from luxagent.portal.records import Eligibility, FirmwareCheck, FirmwareProgress, FirmwareRun
from luxagent.portal.text import clean_text, identifier
from luxagent.portal.words import refused, said_in, words_of

_RATE = re.compile(r"\s*(\d{1,3})(?:\.\d+)?\s*%(?:\s*-\s*(\d{1,9})\s*/\s*(\d{1,9}))?\s*", re.ASCII)
_CODE = re.compile(r"[^-]*-[0-9A-Fa-f]*?([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})", re.ASCII)
_DONE = {"SUCCESS", "COMPLETE"}


def versions(code: str) -> tuple[int, int] | None:
    """App and parameter version of a code: hexadecimal, the last four digits. fAAB-2122 is 33 and 34."""
    match = _CODE.fullmatch(code)
    return (int(match[1], 16), int(match[2], 16)) if match else None


def decode_check(answer: Mapping[str, object]) -> FirmwareCheck:
    """POST standardUpdate/checkUpdates. "Already the latest" comes as a refusal and is none."""
    details = mapping(answer.get("details"))
    code = clean_text(details.get("fwCodeBeforeUpload"), 40)
    app, parameter = _version(details, "v1"), _version(details, "v2")
    by_code = versions(code)
    if by_code is not None:
        app = by_code[0] if app is None else app
        parameter = by_code[1] if parameter is None else parameter
    newest_app, newest_parameter = _version(details, "lastV1"), _version(details, "lastV2")
    parts = (
        _newer(app, newest_app, flag(details.get("pcs1UpdateMatch"))),
        _newer(parameter, newest_parameter, flag(details.get("pcs2UpdateMatch"))),
        _third(details),
    )
    available: Tri = True if True in parts else None if None in parts else False
    if refused(answer):
        available = False
    elif not details:
        available = None
    return FirmwareCheck(
        code=code,
        app=app,
        parameter=parameter,
        newest_app=newest_app,
        newest_parameter=newest_parameter,
        available=available,
        steps=any(flag(details.get(f"needRunStep{n}")) is True for n in range(2, 6)),
        words=words_of(answer),
    )


def _version(details: Mapping[str, object], key: str) -> int | None:
    return whole(details.get(key), 0, 1_000_000)


def _newer(have: int | None, newest: int | None, fits: bool | None) -> Tri:
    """Whether a newer version exists and fits. No newest version told means that there is none."""
    if newest is None or fits is False or (have is not None and newest <= have):
        return False
    return None if have is None or fits is None else True


def _third(details: Mapping[str, object]) -> Tri:
    """The part that only some devices have. No version of it on offer is documented, only that one fits."""
    fits, newest = flag(details.get("pcs3UpdateMatch")), _version(details, "lastV3")
    if newest is None:
        return fits is True
    return _newer(_version(details, "v3Value"), newest, fits)


def decode_progress(answer: Mapping[str, object]) -> FirmwareProgress:
    """POST remoteUpdate/info: every update of the account. Live it carries no `success`.

    `progressing` may outlive the last of them: beside runs that have all ended, nothing runs.
    """
    runs = tuple(_run(row) for row in rows(answer.get("deviceInfos")))
    progressing = flag(answer.get("progressing"))
    if any(run.running for run in runs):
        return FirmwareProgress(runs, running=True)
    if progressing is None and not isinstance(answer.get("deviceInfos"), list):
        return FirmwareProgress(runs, running=None)
    unfinished = not runs or not all(run.ended for run in runs)
    return FirmwareProgress(runs, running=progressing is True and unfinished)


def _run(row: Mapping[str, object]) -> FirmwareRun:
    status = clean_text(row.get("updateStatus"), 40).upper()
    begun, ended = flag(row.get("isSendStartUpdate")) is True, flag(row.get("isSendEndUpdate")) is True
    stopped = clean_text(row.get("stopTime")) != ""
    rate = _RATE.fullmatch(clean_text(row.get("updateRate"), 40))
    sending = status in ("UPLOADING", "READY") and begun
    return FirmwareRun(
        serial=identifier(row.get("inverterSn")),
        status=status,
        running=not ended and not stopped and (sending or status == "WAITING"),
        finished=status in _DONE and ended and stopped,
        percent=min(float(rate[1]), 100.0) if rate else None,
        package=int(rate[2]) if rate and rate[2] else whole(row.get("packageIndex"), 0, 10**9),
        packages=int(rate[3]) if rate and rate[3] else None,
        begun=clean_text(row.get("startTime"), 40),
        ended=(ended and stopped) or status == "FAILED",
    )


def decode_eligibility(answer: Mapping[str, object]) -> Eligibility:
    """POST standardUpdate/check12KParallelStatus: only "allowToUpdate" allows; `success` says nothing."""
    words = words_of(answer)
    return Eligibility(said_in(words, ("allowtoupdate",)) and not said_in(words, ("notallow",)), words)
