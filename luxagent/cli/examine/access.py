"""Who can read or write a file, by its mode and its folder's."""

import grp
import pwd
import stat
from pathlib import Path

_GROUP_MAY, _ALL_MAY = 0o010, 0o001
"""Passing through a folder."""


def readers(path: Path) -> str:
    """Who can read it beside its owner and root: "everybody", "the group NAME" or "". May raise OSError."""
    return _others(path, 0o040, 0o004)


def writers(path: Path) -> str:
    """Who beside its owner and root can change a file. May raise OSError."""
    return _others(path, 0o020, 0o002)


def owner(path: Path) -> str:
    """The user a file belongs to, by name where it has one. May raise OSError."""
    return user_name(path.stat().st_uid)


def user_name(uid: int) -> str:
    """A user's name, or the number of one who is gone (as a service's own user often is)."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def mode_text(path: Path) -> str:
    """The permissions as chmod takes them: "0600". May raise OSError."""
    return f"{stat.S_IMODE(path.stat().st_mode):04o}"


def nearest(folder: Path) -> Path:
    """The folder, or the first above it that there is."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _others(path: Path, group_bit: int, all_bit: int) -> str:
    """By the file and its folder. Folders further up may be closed as well; that is not relied upon."""
    found, above = path.stat(), path.parent.stat().st_mode
    if found.st_mode & all_bit and above & _ALL_MAY:
        return "everybody"
    if found.st_mode & group_bit and above & (_GROUP_MAY | _ALL_MAY):
        return f"the group {_group_name(found.st_gid)}"
    return ""


def _group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
