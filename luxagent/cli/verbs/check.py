"""`luxagent check`: validate and lint the rules file. Never touches the network."""

from functools import partial

import click

from luxagent.cli.codes import BAD_FILE, FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import rules_file
from luxagent.cli.output import print_json, print_text
from luxagent.cli.render.check_text import findings_json, findings_text, good_text, worst_text
from luxagent.config import load
from luxagent.config.load import Config, Finding, Level
from luxagent.core.policy.policy import build
from luxagent.portal.budget import requests_an_hour


@click.command("check", cls=Verb)
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON.")
@click.option("--strict", is_flag=True, help="Warnings count: exit 1.")
@pass_common
def command(common: Common, *, as_json: bool, strict: bool) -> int:
    """Validate the rules file and say everything that is wrong with it, line by line.

    Exits 78 with any error, 1 with a warning under --strict, else 0. The network is never touched.
    """
    path = rules_file(common)
    findings, config = load.read(path, environ=common.environ)
    if as_json:
        print_json(findings_json(findings))
    else:
        for line in findings_text(findings):
            print_text(line)
    code = _code(findings, strict=strict)
    if not as_json and code == OK and config is not None:
        print_text(good_text(config))
        print_text(worst_text(config))
        print_text(_requests_text(config))
    return code


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
