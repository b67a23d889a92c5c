"""What is allowed but probably not meant: the core's remarks become findings at the lines they speak of."""

from luxagent.config.context import Context
from luxagent.config.findings import Code, Level
from luxagent.config.nodes import Node
from luxagent.config.places import Places
from luxagent.core.policy.lint import OFFERS, lint
from luxagent.core.policy.rules import Ruleset

_MEANING_IS_WHOLE = (Code.MISSING_SECRET, Code.LITERAL_SECRET, Code.LEAVE, Code.LIMIT)
"""Errors that leave the policy as it was written; after any other, lint would only be guessing."""


def warn_of(ruleset: Ruleset, root: Node, context: Context, *, keeps_on_stop: bool) -> None:
    """Warnings and offers about the whole policy; none while there are errors that change its meaning."""
    if any(one.severity is Level.ERROR and one.code not in _MEANING_IS_WHOLE for one in context.findings):
        return
    places = Places(root)
    for remark in lint(ruleset, keeps_on_stop=keeps_on_stop):
        tell = context.offer if remark.sort in OFFERS else context.warn
        tell(places.of(remark.where), Code(remark.sort.value), remark.message, remark.hint)
    watched = [one.enabled for one in ruleset.alerts] + [one.enabled for one in ruleset.tunings]
    if any(watched) and not context.known.channels:
        message = "nobody is told of these alerts: there is no channel under `notify`"
        hint = 'notify: {phone: {url: "${NTFY_URL}"}}'
        context.offer(places.of(("alerts",), at_key=True), Code.NO_CHANNEL, message, hint)
