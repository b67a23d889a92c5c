"""Where a key belongs that stands in the wrong place: `timezone` at the top goes under `site`.

Mostly a line is not indented far enough. The names of the sections stand here as a table, since the sections
themselves are made of what asks this; a test holds the two together.
"""

from collections.abc import Collection

from luxagent.config.elsewhere import readings_meant, settings_meant

_SECTIONS = {
    "site": "timezone latitude longitude",
    "portal": "region url username password wire plants settle server_time scaling proxy ca_file",
    "guards": "stale_after same_setting_every writes_per_hour writes_per_day on_override allow_power_cut "
    "allow_raw",
    "tariff": "currency periods holidays",
}
_SECTION_OF = {key: name for name, keys in _SECTIONS.items() for key in keys.split()}
_OF_A_RULE = ("when", "set", "hold", "scope", "enabled")
_ASKED = ("time", "days", "months", "dates", "sun", "flag", "cron", "fault", "any", "all", "not", "for")
"""What a condition has beside readings and the tariff, which is a section at the top as well."""
_ONLY_AT_THE_TOP = (
    *("version", "dry_run", "interval", "on_stop", "state", "site", "portal", "names", "flags", "limits"),
    *("guards", "heartbeat", "baseline", "rules", "alerts"),
)


def home_of(word: str, known: Collection[str], empty: Collection[str] = ()) -> str:
    """The key of this place below which an unknown one belongs; "" where it does below none."""
    if "rules" in known and "baseline" in known:
        section = _SECTION_OF.get(word, "")
        return section if section in known else ""
    if "when" not in known:
        return ""
    fitting = [
        home
        for home, fits in (("set", bool(settings_meant(word))), ("when", _is_asked(word)))
        if fits and home in known
    ]
    return next((home for home in fitting if home in empty), fitting[0] if fitting else "")


def where_it_belongs(word: str, known: Collection[str], empty: Collection[str] = ()) -> str:
    """What is said of a key that belongs elsewhere, else nothing. `empty` are keys without a value."""
    home = home_of(word, known, empty)
    if home:
        called = _called(word, settings_meant(word) if home == "set" else readings_meant(word))
        return f"indent it under `{home}:`" if home in empty else f"it belongs under `{home}`{called}"
    at_the_top, in_a_rule = "rules" in known and "baseline" in known, "when" in known
    in_a_condition, in_a_set = "not" in known, "ac_charge" in known
    if at_the_top:
        return _at_the_top(word)
    if in_a_condition and settings_meant(word):
        return f"a setting belongs under `set`, beside `when`{_called(word, settings_meant(word))}"
    if in_a_set and _is_asked(word):
        return f"it belongs under the `when` of a rule{_called(word, readings_meant(word))}"
    if in_a_rule and "message" in known and (word == "set" or settings_meant(word)):
        return "an alert sets nothing; a rule does"
    if word in _ONLY_AT_THE_TOP:
        return "it belongs at the top of the file, where `version` is"
    return ""


def _at_the_top(word: str) -> str:
    if word == "devices":
        return "names: {garage: 44300E0585} gives them names; `devices` belongs to a rule"
    if word in _OF_A_RULE:
        return "it belongs to a rule, an item of the list `rules`"
    if word == "rule":
        return "rules are a list under `rules`"
    if settings_meant(word):
        return f"it belongs under `baseline`, or a rule's `set`{_called(word, settings_meant(word))}"
    if _is_asked(word):
        return f"it belongs under the `when` of a rule{_called(word, readings_meant(word))}"
    return ""


def _is_asked(word: str) -> bool:
    return word in _ASKED or bool(readings_meant(word))


def _called(word: str, names: tuple[str, ...]) -> str:
    """`, and is called soc there`, where it has another name here."""
    return (
        ""
        if word in names or not names
        else f", and is called {' or '.join(f'`{one}`' for one in names)} there"
    )
