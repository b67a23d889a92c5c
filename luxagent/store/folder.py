"""The state folder and its files: nobody else may read them, and a crash leaves the old text or the new.

A service runs as a user of its own, and its owner types `sudo luxagent flag storm on`: what root makes in the
folder of another is given to that other, or the service could not read it. Called by the other modules of
`store`.
"""

import os
from contextlib import suppress
from pathlib import Path

from luxagent.errors import StateUnusable

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def make_folder(folder: Path) -> None:
    """Make the state folder if there is none. A folder that exists keeps the rights that it has."""
    try:
        if folder.is_dir():
            return
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            above = folder.parent.stat()
            os.chown(folder, above.st_uid, above.st_gid)
    except OSError as error:
        raise StateUnusable(f"The state folder {folder} cannot be made: {_why(error)}.") from error


def create_file(path: Path) -> None:
    """An empty file that only its owner may read, known to the disk when this returns. May raise OSError."""
    os.close(open_own(path, os.O_RDWR | os.O_CREAT | os.O_EXCL))
    sync_folder(path.parent)


def open_own(path: Path, flags: int) -> int:
    """A descriptor of a file that belongs to whom its folder belongs to. May raise OSError.

    No link is followed: root must not be led out of a folder that is another's.
    """
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)
    try:
        if os.geteuid() == 0:
            folder = path.parent.stat()
            os.fchown(descriptor, folder.st_uid, folder.st_gid)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def replace_text(path: Path, text: str, *, durable: bool = True) -> None:
    """Put `text` in the place of the file, whole or not at all. Raises StateUnusable.

    Without `durable` it may be gone after a power cut, which is enough for what the next tick writes anew.
    """
    draft = path.with_name(f".{path.name}.new")
    try:
        descriptor = open_own(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
        if durable:
            sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StateUnusable(f"{path} cannot be written: {_why(error)}.") from error


def sync_folder(folder: Path) -> None:
    """Make new and changed names in the folder outlive a power cut. May raise OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
