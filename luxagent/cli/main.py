"""The program's way in and out: `luxagent` and `python -m luxagent`.

The one place that turns errors into exit codes. No traceback ever reaches a user; `-vv` logs it.
"""

import errno
import gc
import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from luxagent import __version__
from luxagent.cli.codes import CLOSED_PIPE, FAILED, INTERRUPTED, OK, code_of
from luxagent.errors import BadFile, LuxagentError

if TYPE_CHECKING:
    from luxagent.cli.common import Common


def entry() -> None:
    """The console script."""
    # Until the verb is there: importing makes no garbage, and looking for some is an eighth of a start.
    gc.disable()
    _open_what_is_closed()
    try:
        # Monitors and packagers ask for the version often, so it does not wait for click to be imported.
        code = _say_version() if sys.argv[1:] == ["--version"] else run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(_flushed(code))


def _open_what_is_closed() -> None:
    """Put /dev/null where a standard stream is closed: the next file to be opened would get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115 - open until the end


def run(arguments: Sequence[str], common: "Common | None" = None) -> int:
    """Run one command; returns the exit code. Tests hand in a `Common` with a clock of their own."""
    import logging

    import click

    from luxagent.cli.common import Common
    from luxagent.cli.group import luxagent

    common = common or Common()
    _forgive_encodings()
    try:
        code = luxagent.main(list(arguments), prog_name="luxagent", standalone_mode=False, obj=common)
    except click.Abort:
        return INTERRUPTED
    except SystemExit as end:  # click itself ends so after a shell's completion, and where its help meets
        return CLOSED_PIPE if end.code else OK  # a closed pipe
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except LuxagentError as error:
        logging.getLogger("luxagent").debug("where it came from", exc_info=error)
        tell(error)
        if isinstance(error, BadFile):
            _say_what_is_left(common)
        return code_of(error)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO, errno.EDQUOT):
            return _surprised(error, common.verbose)
        return _unwritable(error)
    except Exception as error:  # noqa: BLE001 - this is where every mistake of ours ends
        return _surprised(error, common.verbose)
    return code if isinstance(code, int) else OK


def tell(error: LuxagentError) -> None:
    """The error on stderr: one line, or one line for each finding of a file."""
    from luxagent.cli.render.text import one_line

    lines = [str(finding) for finding in error.findings] if isinstance(error, BadFile) else []
    for line in lines or [f"luxagent: {error}"]:
        _complain(one_line(line))


def _say_what_is_left(common: "Common") -> None:
    from luxagent.cli.left import left_without_file
    from luxagent.cli.render.text import one_line

    for line in left_without_file(common):
        _complain(one_line(line))


def _surprised(error: Exception, verbose: int) -> int:
    import logging

    from luxagent.cli.render.text import one_line

    logging.getLogger("luxagent").debug("unexpected", exc_info=error)
    what = one_line(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
    more = "" if verbose >= 2 else " Run again with -vv for the details."
    _complain(f"luxagent: something went wrong that should not have ({what}).{more}")
    return FAILED


def _forgive_encodings() -> None:
    """What a terminal's encoding lacks becomes a question mark, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _complain(line: str) -> None:
    from luxagent.cli.logs import without_secrets

    try:
        sys.stderr.write(without_secrets(line) + "\n")
    except (OSError, AttributeError):  # nobody listens
        return


def _say_version() -> int:
    try:
        sys.stdout.write(f"luxagent {__version__}\n")
    except BrokenPipeError:
        return CLOSED_PIPE
    except OSError as error:
        return _unwritable(error)
    return OK


def _unwritable(error: OSError) -> int:
    _complain(f"luxagent: the output cannot be written: {error.strerror}.")
    return FAILED


def _flushed(code: int) -> int:
    """Flush now, where a closed pipe or a full disk can still be met without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a descriptor is what is wanted
                os.dup2(nowhere.fileno(), stream.fileno())
            if stream is sys.stdout:
                code = code or (CLOSED_PIPE if isinstance(error, BrokenPipeError) else _unwritable(error))
    return code
