"""What verbs print on stdout."""

import json

import click

from luxagent.cli.render.values import Json


def print_json(value: Json) -> None:
    """One JSON document, laid out for people too."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))


def print_json_line(value: Json) -> None:
    """One object on one line, flushed, so that a pipe sees it at once."""
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))


def print_text(text: str) -> None:
    """Text for people."""
    click.echo(text)
