"""The exit codes, and which error becomes which."""

from luxagent.errors import BadFile, CredentialsRefused, LuxagentError, PortalRefused, TryLater

OK, FAILED, USAGE = 0, 1, 2
LATER, REFUSED, BAD_FILE = 75, 77, 78
INTERRUPTED, CLOSED_PIPE = 130, 141
"""What a shell says of a program that Ctrl-C, or SIGPIPE, ended."""


def code_of(error: LuxagentError) -> int:
    """The exit code for an error. A portal that refuses to tell of the plant leaves us without its data."""
    if isinstance(error, CredentialsRefused):
        return REFUSED
    if isinstance(error, BadFile):
        return BAD_FILE
    return LATER if isinstance(error, TryLater | PortalRefused) else FAILED
