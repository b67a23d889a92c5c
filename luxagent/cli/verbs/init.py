"""`luxagent init`: asks a few questions, tests the login, and writes a commented rules.yaml."""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import click

from luxagent.cli.codes import BAD_FILE, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.logs import without_secrets
from luxagent.cli.output import print_text
from luxagent.cli.questions import Number, NumberBetween, Questions, answers_may_end, checked, take, words
from luxagent.cli.render.text import one_line
from luxagent.cli.starter import Answers, Seen, starter
from luxagent.cli.starter_hours import asks_the_sun, within
from luxagent.config import load
from luxagent.config.findings import Fault
from luxagent.config.load import Level
from luxagent.config.meant import did_you_mean
from luxagent.config.portal import REGIONS, portal_url
from luxagent.config.secrets import Vault
from luxagent.config.times import window
from luxagent.config.zones import unknown_zone
from luxagent.errors import CredentialsRefused, LuxagentError, NeedsPerson
from luxagent.store import place
from luxagent.store.folder import FOLDER_MODE, replace_text

SECRET = "LUXAGENT_PASSWORD"  # noqa: S105 - its name, not the password
FILE = Path("rules.yaml")
"""Where it is written unless -c says otherwise."""

MOST_LOGINS = 3
SYSTEM_MODE = 0o644
"""Of a file under /etc: the service, which has a user of its own, must be able to read it."""


def zone(name: str) -> str:
    """A time zone's name. Raises Fault."""
    if name not in available_timezones():
        raise unknown_zone(name)
    return name


@click.command("init", cls=Verb)
@click.option("--region", type=click.Choice(REGIONS), help="Which portal the account lives on.")
@click.option("--url", callback=checked(portal_url), help="The portal's address instead of a region.")
@click.option("--username", callback=checked(words), help="The account on the portal.")
@click.option(
    "--keep-password",
    type=click.Choice(["env", "credential"]),
    help="Where its password will be: "
    "in the environment, or in a file that systemd hands over. It is never written into rules.yaml.",
)
@click.option("--timezone", callback=checked(zone), help="The site's zone, like America/Phoenix.")
@click.option("--latitude", type=NumberBetween(-90, 90), help="For rules that speak of the sun.")
@click.option("--longitude", type=NumberBetween(-180, 180), help="For rules that speak of the sun.")
@click.option("--price", type=Number(), help="What a kWh costs by day; the tariff is left out without it.")
@click.option("--export-price", type=Number(), help="What a kWh earns.")
@click.option("--currency", callback=checked(words), help="The currency of the prices. [USD]")
@click.option("--peak-time", callback=checked(window), metavar="SPAN", help='Like "16:00 to 21:00".')
@click.option("--peak-price", type=Number(), help="What a kWh costs then.")
@click.option("--cheap-time", callback=checked(window), metavar="SPAN", help='Like "23:30 to 05:30".')
@click.option("--cheap-price", type=Number(), help="What a kWh costs then.")
@click.option("--plant", callback=checked(words), help="Which plant, where the account has several.")
@click.option("--login/--no-login", default=None, help="Whether to log in and fill the baseline. [yes]")
@click.option("--yes", is_flag=True, help="Ask nothing: what no option says has its default.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@pass_common
def command(common: Common, /, *, yes: bool, force: bool, **given: Any) -> int:  # noqa: ANN401 (as in click)
    """Ask a few questions and write a commented rules.yaml.

    Only its owner can read it; under /etc everybody can, as a service must. It never holds the password.

    The login is tried, and what the inverter is set to now becomes the baseline. Nothing is written to the
    inverter, and the file begins as a dry run.
    """
    target = Path.cwd() / (common.config or FILE)
    ask = Questions(given, yes=yes)
    with answers_may_end():
        _may_write(target, yes=yes, force=force)
        answers, seen, password, way = _all_asked(common, ask)
    replace_text(target, starter(answers, seen))
    if place.is_of_the_system(target):
        target.chmod(SYSTEM_MODE)
    kept = _keep(target, way, password)
    findings = load.check(target, environ={**common.environ, SECRET: password or "unknown"})
    print_text(
        f"Written: {target}, a dry run with what the inverter is set to now."
        if seen.inverters
        else f"Written: {target}, a dry run. The inverter was not asked, so `baseline` is yours to fill in."
    )
    if place.is_of_the_system(target):
        print_text("Others can read it, as a service with a user of its own must; it holds no secret.")
    for line in (*map(one_line, seen.doubts), *kept, *_next(target), *map(str, findings)):
        print_text(line)
    return BAD_FILE if any(finding.severity is Level.ERROR for finding in findings) else OK


def _all_asked(common: Common, ask: Questions) -> tuple[Answers, Seen, str | None, str]:
    """The answers, what the portal said, the password as far as it is good, and how it is to be kept."""
    password = Vault(common.environ).find(SECRET)
    kept_already = password is not None
    answers, password = _answers(ask, password)
    login = ask.given["login"] is not False and (
        bool(password) if ask.quiet else ask.yes("login", "Log in now and fill the baseline", default=True)
    )
    seen = Seen()
    if login:
        seen, password = _login(answers, password, common, ask, typed=not kept_already)
    way = ask.given["keep_password"]
    if kept_already and way != "credential":  # who asks for a file gets one all the same
        return answers, seen, password, "there"
    question = "Keep the password in the environment or in a credential file (env, credential)"
    return answers, seen, password, ask.text("keep_password", question, "env", _way)


def _may_write(target: Path, *, yes: bool, force: bool) -> None:
    """Raises NeedsPerson where it cannot be written, or a file is there that is to stay."""
    folder = target.parent
    if not folder.is_dir():
        raise NeedsPerson(f"There is no folder {folder}. Make it first: mkdir -p {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NeedsPerson(f"{folder} cannot be written to by this user; nothing was asked yet.")
    if not target.exists() or force:
        return
    if yes:
        raise NeedsPerson(f"{target} is there already; --force writes over it.")
    if not click.confirm(f"{target} is there already. Write over it?", default=False):
        raise NeedsPerson(f"{target} stays as it is.")


def _answers(ask: Questions, password: str | None) -> tuple[Answers, str | None]:
    given = ask.given
    url = given["url"]
    region = REGIONS[0] if url else _region(ask)
    username = ask.text("username", "Account on the portal", None, words)
    if password is None and not ask.quiet and given["login"] is not False:
        password = ask.hidden("Its password (not shown, not written into the file)")
    timezone = ask.text("timezone", "Time zone of the site", _machine_zone(), zone)
    latitude, longitude = _spot(ask)
    answers = Answers(region, url, username, timezone, latitude, longitude)
    return replace(answers, **_tariff(ask, has_place=latitude is not None)), password


_OF_A_TARIFF = ("peak_time", "peak_price", "cheap_time", "cheap_price", "export_price")


def _tariff(ask: Questions, *, has_place: bool) -> dict[str, Any]:
    """What a kWh costs, by the clock; nothing where the owner does not care."""
    price = ask.number("price", "Price of a kWh by day (0 if you do not care)", None if ask.quiet else 0.0)
    if not price:
        if idle := [name for name in _OF_A_TARIFF if ask.given[name] is not None]:
            told = ", ".join(f"--{name.replace('_', '-')}" for name in idle)
            raise click.UsageError(f"{told} without --price: what does a kWh cost by day?")
        return {}
    found: dict[str, Any] = {"price": price}
    for word, question in (
        ("peak", "Dear hours, like 16:00 to 21:00"),
        ("cheap", "Cheap hours, like 23:30 to 05:30"),
    ):
        check = partial(_hours, dear=found.get("peak_time"), has_place=has_place)
        time = ask.maybe(f"{word}_time", question, check)
        if time:
            found[f"{word}_time"] = take(check, time)
            default = price if word == "peak" else None
            compare = partial(_other_price, word, by_day=price)
            cost = ask.number(f"{word}_price", "What a kWh costs then", default, compare)
            if cost is None:
                raise click.UsageError(f"--{word}-time without --{word}-price: what does a kWh cost then?")
            found[f"{word}_price"] = cost
    found["export_price"] = ask.number("export_price", "What a kWh earns that is sold", 0.0)
    found["currency"] = ask.text("currency", "Currency", "USD", words)
    return found


def _hours(written: str, *, dear: str | None, has_place: bool) -> None:
    """Hours of the tariff, as `check` takes them without a warning. Raises Fault."""
    if asks_the_sun(written) and not has_place:
        raise Fault("that needs to know where the sun rises", "give latitude and longitude, or clock times")
    if dear is not None and within(dear, written) and within(written, dear):
        raise Fault("those are the dear hours already")


def _other_price(word: str, cost: float, *, by_day: float) -> None:
    """Raises BadParameter for cheap hours that are not cheap, and dear ones that are."""
    if word == "cheap" and cost >= by_day:
        words = f"{cost:g} is not below the price by day, {by_day:g}."
        raise click.BadParameter(words, param_hint="--cheap-price")
    if word == "peak" and cost < by_day:
        words = f"{cost:g} is below the price by day, {by_day:g}."
        raise click.BadParameter(words, param_hint="--peak-price")


def _spot(ask: Questions) -> tuple[float | None, float | None]:
    """Latitude and longitude, both or neither."""
    latitude, longitude = ask.given["latitude"], ask.given["longitude"]
    if latitude is None and longitude is None:
        written = ask.maybe(
            "place", "Latitude and longitude, for rules about the sun, like 33.45, -112.07", spot
        )
        return spot(written) if written else (None, None)
    if latitude is None or longitude is None:
        raise click.UsageError("--latitude and --longitude go together.")
    return latitude, longitude


def spot(written: str) -> tuple[float, float]:
    """Two numbers. Raises Fault."""
    try:
        latitude, longitude = (float(part) for part in written.replace(",", " ").split())
    except ValueError:
        raise Fault(f"{written!r} is not a place", "like 33.45, -112.07") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Fault(f"{written!r} is not on Earth", "latitude -90 to 90, longitude -180 to 180")
    return latitude, longitude


def _region(ask: Questions) -> str:
    def known(text: str) -> str:
        if text not in REGIONS:
            raise Fault(f"there is no region {text!r}", did_you_mean(text, REGIONS))
        return text

    return ask.text("region", f"Portal ({', '.join(REGIONS)})", REGIONS[0], known)


def _machine_zone() -> str | None:
    """This computer's zone, if it says."""
    link = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    return link if link in available_timezones() and "/" in link else None


def _login(
    answers: Answers, password: str | None, common: Common, ask: Questions, *, typed: bool
) -> tuple[Seen, str | None]:
    """What the portal says, and the password that it took; without both where it went wrong and the owner
    wants the file all the same, so that no answer is lost. Raises what went wrong otherwise.

    Each password is tried once, three at most: portals lock accounts.
    """
    tried: set[str | None] = set()
    while True:
        tried.add(password)
        try:
            return _look(answers, password, common, ask), password
        except LuxagentError as error:
            if ask.quiet:
                click.echo(
                    "luxagent: Nothing was written. --no-login writes the file without asking.", err=True
                )
                raise
            click.echo(f"luxagent: {without_secrets(one_line(str(error)))}", err=True)
            again = ""
            if isinstance(error, CredentialsRefused) and typed and len(tried) < MOST_LOGINS:
                again = ask.hidden("Its password again (Enter to go on without)", default="")
            if again and again not in tried:
                password = again
                continue
            if not click.confirm("Write the file with your answers, but without a login?", default=True):
                click.echo("luxagent: Nothing was written.", err=True)
                raise
            return Seen(), None if isinstance(error, CredentialsRefused) else password


def _look(answers: Answers, password: str | None, common: Common, ask: Questions) -> Seen:
    from luxagent.cli.starter_look import look_around

    environ = {**common.environ, SECRET: password or "unknown"}

    def choose(names: Sequence[str]) -> str:
        needless = len(names) == 1 and not ask.given["plant"]
        return "" if needless else ask.one_of("plant", "Which plant", names)

    return look_around(answers, environ, common.clock(), choose)


def _keep(target: Path, how: str, password: str | None) -> list[str]:
    """Keep the password as the owner wants, and say what is left to do."""
    if how == "credential" and password is not None:
        folder = target.parent / "credentials"
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        replace_text(folder / SECRET, password + "\n")
        return [
            f"The password is in {folder / SECRET}, which only you can read: export CREDENTIALS_DIRECTORY="
            f"{folder}, or LoadCredential={SECRET}:{folder / SECRET} in the unit."
        ]
    if how == "credential":
        return [f"Put the password into {target.parent / 'credentials' / SECRET}, for your eyes only (0600)."]
    return [f"Before anything else: export {SECRET}=… with the password."] if how == "env" else []


def _way(text: str) -> str:
    if text not in ("env", "credential"):
        raise Fault(f"{text!r} is neither env nor credential")
    return text


def _next(target: Path) -> list[str]:
    return [f"Next: luxagent check -c {target}, then luxagent plan and luxagent once with the same -c."]
