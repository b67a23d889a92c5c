"""Bugs in what `check` tells of a file, and in what it shows of it."""

from tests.teeth.seeded import Bug

MEANT = "tests/config/test_meant.py::"
EXCERPT = "tests/config/test_excerpt.py::"
CORPUS = "tests/config/test_corpus.py::"
DOUBT = CORPUS + "test_the_one_doubt_is_told_where_it_stands_and_the_file_is_used"
SENSIBLE = CORPUS + "test_what_a_sensible_owner_writes_gives_no_warning"

BUGS: tuple[Bug, ...] = (
    Bug(
        "offers the word that says the opposite",
        "config.meant",
        " if not _opposed(word.lower(), one)), \"\")\n",
        "), \"\")\n",
        (MEANT + "test_a_word_is_not_offered_for_its_opposite",),
    ),
    Bug(
        "offers somebody else's abbreviation for a time zone",
        "config.zones",
        "    if _SHORT.fullmatch(written):\n        return \"\"\n",
        "    if _SHORT.fullmatch(written):\n        return \"MST\"\n",
        (MEANT + "test_what_names_no_city_is_asked_for_one",),
    ),
    Bug(
        "shows the address of a channel below what is wrong with it",
        "config.excerpt",
        "for secret in (_SECRET, _ADDRESS) if",
        "for secret in (_SECRET,) if",
        (EXCERPT + "test_no_secret_is_on_a_line_that_is_shown",),
    ),
    Bug(
        "takes the heartbeat's address for no secret",
        "config.notify",
        "        if not is_loopback(url) or has_credentials(url):\n",
        "        if has_credentials(url):\n",
        ("tests/config/test_secrets.py::test_the_address_of_the_heartbeat_is_a_secret",),
    ),
    Bug(
        "blames a slip of the finger on the line below it",
        "config.syntax",
        "        for at in (min(number, len(lines)), _above(lines, number)):\n            for trigger",
        "        for at in (min(number, len(lines)),):\n            for trigger",
        ("tests/config/test_mending.py::test_what_was_meant_for_a_comment_takes_nothing_with_it",),
    ),
    Bug(
        "lets editors underline what check takes",
        "config.schemas",
        "    return {\"anyOf\": [{\"enum\": names}, pattern(\"|\".join(map(any_case, texts)))]}\n",
        "    return {\"anyOf\": [{\"enum\": names}, pattern(\"|\".join(texts))]}\n",
        ("tests/config/test_schema.py::test_the_schema_takes_every_form_of_a_value_that_check_takes[words]",),
    ),
    Bug(
        "counts the turns of all days of a tariff together",
        "core.policy.tariff_days",
        "        most = max(most, rises, falls)\n",
        "        most += rises + falls\n",
        ("tests/core/policy/test_budget.py::"
         "test_a_day_that_a_period_leaves_out_is_another_course_of_the_tariff",),
    ),
    Bug(
        "lets the sun move the other end of a window",
        "core.policy.lint_times",
        "0 if edge.event is None else _SUN_MARGIN_MIN",
        "_SUN_MARGIN_MIN",
        (SENSIBLE + "[windows-beside-the-sun]",),
    ),
    Bug(
        "has a discharge stop at the lower of its floors",
        "core.policy.lint_forces",
        "    pick = max if force.drains else min\n",
        "    pick = min\n",
        (DOUBT + "[until-past-the-higher-floor]",),
    ),
    Bug(
        "takes a voltage that never comes for the end of a charge",
        "core.policy.lint_charge",
        ", holds=part.holds) and not too_far(part) for",
        ", holds=part.holds) for",
        (DOUBT + "[no-end-at-a-voltage-too-high]",),
    ),
    Bug(
        "advises to let go beyond the stop of the file",
        "core.policy.lint_moves",
        "max(until, stop[0]) if rising else min(until, stop[0])",
        "until",
        (DOUBT + "[no-until-short-of-the-stop]",),
    ),
    Bug(
        "calls held what one way of two lets through",
        "core.policy.lint_held",
        "in whys.items() if all(found)}",
        "in whys.items() if any(found)}",
        ("tests/core/policy/test_lint_held.py::test_what_may_be_written_is_not_told",),
    ),
)  # fmt: skip
