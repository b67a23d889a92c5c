"""Bugs in what `check` tells of a file, and in what it shows of it."""

from tests.teeth.seeded import Bug

MEANT = "tests/config/test_meant.py::"
EXCERPT = "tests/config/test_excerpt.py::"

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
)  # fmt: skip
