"""Asking a person: an option answers a question, `--yes` all others by their defaults. Called by `init`."""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from luxagent.config.findings import Fault
from luxagent.errors import NeedsPerson


class Number(click.types.FloatParamType):
    """A number; click takes "nan" for one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 (as in click)
        found = float(super().convert(value, param, ctx))
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return found


class NumberBetween(Number, click.FloatRange):
    """A number within a range, which "nan" escapes: it is neither below nor above."""


def words(text: str) -> str:
    """Any text that can be written down. Raises Fault."""
    if not text.strip():
        raise Fault("that is empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Fault("that holds bytes that are no text", "is the terminal set to UTF-8?") from None
    return text


def checked(check: Callable[[str], object]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A click callback from a reader of the file's own grammar."""

    def callback(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:  # noqa: ANN401 (as in click)
        if value is not None:
            take(check, value)
        return value

    return callback


def take(check: Callable[[str], object], value: str) -> str:
    """What was answered, if it will do. Raises BadParameter, at which click asks again."""
    try:
        check(value)
    except Fault as fault:
        raise click.BadParameter(f"{fault}{f' ({fault.hint})' if fault.hint else ''}.") from None
    return value


@contextmanager
def answers_may_end() -> Iterator[None]:
    """Turn the end of the answers (Ctrl-D, an empty pipe) into NeedsPerson. Ctrl-C stays what it is."""
    try:
        yield
    except click.Abort as error:
        if isinstance(error.__cause__ or error.__context__, EOFError):
            click.echo()
            raise NeedsPerson(
                "The answers ended before the questions did, so nothing was written. "
                "--yes asks nothing; every question has an option."
            ) from None
        raise


class Questions:
    """Questions: an option answers one, `--yes` all others by their defaults."""

    def __init__(self, given: dict[str, Any], *, yes: bool) -> None:
        self.given = given
        self.quiet = yes

    def text(
        self, name: str, question: str, default: str | None, check: Callable[[str], object] = str
    ) -> str:
        """One line."""
        value = self.given.get(name)
        if isinstance(value, str):
            return value
        if self.quiet:
            if default is None:
                raise click.UsageError(f"--{name.replace('_', '-')} is needed with --yes.")
            return default
        found: str = click.prompt(question, default=default, value_proc=lambda text: take(check, text))
        return found

    def maybe(self, name: str, question: str, check: Callable[[str], object] = str) -> str | None:
        """One line, or nothing."""
        value = self.given.get(name)
        if isinstance(value, str) or self.quiet:
            return value if isinstance(value, str) else None

        def read(text: str) -> str:
            return take(check, text) if text.strip() else ""

        return (
            click.prompt(f"{question} (Enter for none)", default="", show_default=False, value_proc=read)
            or None
        )

    def number(
        self,
        name: str,
        question: str,
        default: float | None,
        check: Callable[[float], object] = lambda _: None,
    ) -> float | None:
        """A number; nothing stays nothing. `check` raises BadParameter for one that will not do."""
        value = self.given.get(name)

        def read(text: Any) -> float:  # noqa: ANN401 (the default is a number, what is typed is text)
            number = Number().convert(text, None, None)
            check(number)
            return number

        if isinstance(value, int | float) or self.quiet:
            told = value if isinstance(value, int | float) else default
            return None if told is None else read(told)
        found: float = click.prompt(question, default=default, value_proc=read)
        return found

    def yes(self, name: str, question: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self.given.get(name)
        if value is not None or self.quiet:
            return default if value is None else bool(value)
        return click.confirm(question, default=default)

    def hidden(self, question: str, default: str | None = None) -> str:
        """A password, unseen. What is piped in is not shown anyway."""
        while not sys.stdin.isatty():
            click.echo(f"{question}: ")
            line = sys.stdin.readline()
            if not line:
                raise click.Abort from EOFError()
            found = line.rstrip("\r\n") or default
            if found is not None:
                return found
        return str(click.prompt(question, default=default, show_default=False, hide_input=True))

    def one_of(self, name: str, question: str, names: Sequence[str]) -> str:
        """One of several names."""
        value = self.given.get(name)
        if value is not None:
            return str(value)
        if self.quiet:
            raise NeedsPerson(
                f"The account has several plants; name yours with --{name}: {', '.join(names)}."
            )
        return str(click.prompt(question, type=click.Choice(list(names)), default=names[0]))
