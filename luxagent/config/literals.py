"""A secret that stands in the file itself: a warning if only its owner can read that, else an error."""

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, Place
from luxagent.config.secrets import SecretText


def no_literal(secret: SecretText, place: Place, what: str, context: Context) -> None:
    """Find fault with a secret that is written out."""
    if secret.names:
        return
    if secret.is_bare_name:
        context.warn(
            place, Code.LITERAL_SECRET, f"{what} is a name behind a $ without braces", "write ${NAME}"
        )
    if context.exposed:
        message = f"{what} is written in a file that others can read"
        context.error(place, Fault(message, "use ${NAME}, or chmod 600 the file", Code.LITERAL_SECRET))
    else:
        message = f"{what} is written in the file itself"
        context.warn(
            place, Code.LITERAL_SECRET, message, "${NAME} keeps it in a credential or the environment"
        )
