"""`luxagent check`: validate and lint the rules file. Only `--live` touches the network, and reads."""

from functools import partial

import click

from luxagent.cli.codes import BAD_FILE, FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import rules_file
from luxagent.cli.output import print_json, print_text
from luxagent.cli.render.check_text import findings_json, findings_text, good_text, worst_text
from luxagent.cli.render.text import one_line
from luxagent.config import load
from luxagent.config.load import Code, Config, Finding, Level
from luxagent.core.policy.lint_past import over
from luxagent.core.policy.policy import build
from luxagent.errors import BadFile, LuxagentError
from luxagent.portal.budget import requests_an_hour


@click.command("check", cls=Verb)
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON.")
@click.option("--strict", is_flag=True, help="Warnings count: exit 1.")
@click.option("--live", is_flag=True, help="Ask the portal too: does the plant have what the file speaks of?")
@pass_common
def command(common: Common, *, as_json: bool, strict: bool, live: bool) -> int:
    """Validate the rules file and say everything that is wrong with it, line by line.

    Exits 78 with any error, 1 with a warning under --strict, else 0. The network is never touched; but with
    --live, a file without an error is then held against the plant. That only reads, and exits 75 if the
    portal cannot be asked, 77 if it refuses the account and password.
    """
    try:
        path = rules_file(common)
    except BadFile as error:  # there is none
        if as_json:
            none = Finding("rules.yaml", 1, 1, Level.ERROR, Code.UNREADABLE, one_line(str(error)))
            print_json(findings_json([none]))
        raise
    file = load.examine(path, environ=common.environ)
    config = file.config
    if config is not None:
        today = common.clock().now().astimezone(config.ruleset.site.zone).date()
        for remark in over(config.ruleset, today):
            file.note(remark.where, Level.WARNING, Code(remark.sort.value), remark.message, remark.hint)
    told = file.findings
    if not as_json:
        _say(told)
    failed: LuxagentError | None = None
    sums: list[str] = []
    if live and config is not None:
        from luxagent.cli.live_check import (
            hold_against_plant,
        )  # the portal's side is as long as all of `check`

        try:
            sums = hold_against_plant(common, config, file)
        except LuxagentError as error:
            failed = error
    if as_json:
        print_json(findings_json(file.findings))
    else:
        _say(tuple(one for one in file.findings if one not in told))
    if failed is not None:
        raise failed
    code = _code(file.findings, strict=strict)
    if not as_json and code == OK and config is not None:
        print_text(good_text(config))
        print_text(worst_text(config))
        print_text(_requests_text(config))
    for line in () if as_json else sums:
        print_text(one_line(line))
    return code


def _say(findings: tuple[Finding, ...]) -> None:
    for line in findings_text(findings):
        print_text(line)


def _requests_text(config: Config) -> str:
    """What the file costs the portal, for the two commonest plants."""
    policy = build(config.ruleset)
    asks = partial(requests_an_hour, policy.needs, policy.managed, config.interval_s)
    alone, pair = asks(), asks(inverters=2, gridbosses=1)
    two = f"{pair} for two with a GridBOSS"
    return f"About {alone} requests an hour for one inverter, {two}; writes add to it."


def _code(findings: tuple[Finding, ...], *, strict: bool) -> int:
    if any(finding.severity is Level.ERROR for finding in findings):
        return BAD_FILE
    warned = any(finding.severity is Level.WARNING for finding in findings)
    return FAILED if warned and strict else OK
