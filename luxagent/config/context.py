"""What is at hand while a file is read: its findings so far, its secrets, and the names it declares.

Readers of single values raise Fault; `attempt` gives the fault its place, so that one mistake never hides
the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from luxagent.config.excerpt import Source, without_value
from luxagent.config.findings import Code, Fault, Finding, Level, Place, PlainFault, fit_for_a_terminal
from luxagent.config.nodes import Items, Node, Scalar
from luxagent.config.not_yet import NOT_YET
from luxagent.config.secrets import SecretText, Vault, references
from luxagent.config.syntax import comment, holds_comment
from luxagent.core.policy.rules import GuardRules, Limit

T = TypeVar("T")

LONGEST_TEXT = 2000
"""No value of the file needs more; it keeps messages short and regular expressions quick."""


@dataclass(slots=True)
class Known:
    """Names that one section declares and others use, filled in as the sections are read."""

    devices: Mapping[str, str] = field(default_factory=dict)
    """Name to serial."""
    flags: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    holidays: bool = False
    channels: tuple[str, ...] = ()
    has_place: bool = False
    limits: Mapping[str, Limit] = field(default_factory=dict)
    guards: GuardRules = field(default_factory=GuardRules)
    wire: str = "auto"
    """As `portal` says: auto, document or live."""


@dataclass(slots=True)
class Context:
    """One reading of one file."""

    file: str
    vault: Vault
    resolve: bool = True
    """Whether a missing secret is an error now."""
    exposed: bool = False
    """Others than the owner can read the file."""
    known: Known = field(default_factory=Known)
    findings: list[Finding] = field(default_factory=list)
    source: Source = field(default_factory=Source)

    def error(self, place: Place, fault: Fault) -> None:
        self._add(place, Level.ERROR, fault.code, str(fault), fault.hint)

    def warn(self, place: Place, code: Code, message: str, hint: str = "") -> None:
        self._add(place, Level.WARNING, code, message, hint)

    def offer(self, place: Place, code: Code, message: str, hint: str) -> None:
        self._add(place, Level.INFO, code, message, hint)

    def not_yet(self, place: Place, key: str) -> None:
        """Say so if this version reads a key but does not act on it."""
        if key in NOT_YET:
            self.warn(place, Code.NOT_YET, f"this has no effect yet: in this version {NOT_YET[key]}")

    def attempt(self, read: Callable[[Node, "Context"], T], node: Node) -> T | None:
        """What `read` makes of a node; None, with a finding at its place, where it is at fault."""
        if isinstance(node, Scalar) and node.spoilt:
            return None
        try:
            return read(node, self)
        except ValueError as error:
            fault = error if isinstance(error, Fault) else Fault(str(error))
            if isinstance(node, Scalar) and not node.quoted and holds_comment(node.text):
                fault = comment()
            if not isinstance(fault, PlainFault) and _refers(node):
                fault = Fault("what ${…} stands for cannot be used here", "", fault.code)
            self.error(node.place, fault)
            return None

    def text(self, node: Node) -> str:
        """A node's text with its `${NAME}`s replaced, if this reading does so. Raises Fault."""
        written = _written(node)
        return written if references(written) and not self.resolve else self.vault.resolve(written)

    def secret(self, node: Node) -> SecretText:
        """The same, as a secret."""
        written = _written(node)
        names = references(written)
        return SecretText(names, None if names and not self.resolve else self.vault.resolve(written))

    def _add(self, place: Place, level: Level, code: Code, message: str, hint: str) -> None:
        message, hint = fit_for_a_terminal(message), fit_for_a_terminal(hint)
        line = self.source.line(place)
        if code is Code.UNKNOWN_KEY:
            line = without_value(line, place, hint)
        self.findings.append(
            Finding(
                self.file, place.line, place.column, level, code, message, hint,
                max(1, min(place.length, len(line.rstrip()) - place.column + 1)), line,
            )
        )  # fmt: skip


def _refers(node: Node) -> bool:
    """Whether a `${` stands in a node or below it."""
    if isinstance(node, Scalar):
        return "${" in node.text
    below = node.items if isinstance(node, Items) else (entry.node for entry in node.entries.values())
    return any(map(_refers, below))


def _written(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise Fault("one value is expected here, not a list or a mapping", "", Code.TYPE)
    if node.is_null:
        raise Fault("nothing is written here", "give it a value, or leave the key out", Code.TYPE)
    if len(node.text) > LONGEST_TEXT:
        raise Fault(f"a text of {len(node.text)} characters is too long for this")
    return node.text
