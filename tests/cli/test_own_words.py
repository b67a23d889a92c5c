"""A password that is a word of luxagent's own sentences is blotted out of data, and of no sentence."""

from collections.abc import Iterator

import pytest

from luxagent.cli import logs

SENTENCE = "The file has no channel, so that nobody is told of anything."


@pytest.fixture(autouse=True)
def _hidden() -> Iterator[None]:
    before = set(logs._secrets)
    logs._secrets.clear()
    yield
    logs._secrets.clear()
    logs._secrets.update(before)


def test_a_sentence_of_our_own_is_the_same_whatever_the_password_is() -> None:
    logs.hide("anything")
    assert logs.without_secrets(SENTENCE) == SENTENCE
    assert logs.without_secrets(f"{SENTENCE} 'anything' was refused") == f"{SENTENCE} '(secret)' was refused"


@pytest.mark.parametrize(
    "text",
    [
        "anything", "'anything'", "anything is wrong here", "user:anything@host", "told of 'anything'",
        "of anything", "xanythingx is told of", "told of anythinganything", "\\nanything",
        "is told\nofanything", "the password anything was refused", "told of anything?password=anything",
    ],
)  # fmt: skip
def test_everywhere_else_the_word_is_blotted_out(text: str) -> None:
    logs.hide("anything")
    assert "anything" not in logs.without_secrets(text)


def test_a_word_that_ours_begins_with_is_none_of_ours() -> None:
    logs.hide("anyt")
    assert "anyt" not in logs.without_secrets("told of anyt")
    assert logs.without_secrets("told of anything") == "told of anything"
    assert logs.without_secrets("told of anythink") == "told of (secret)hink"


@pytest.mark.parametrize("secret", ["Anything", "anything1", "of anything", "told of anything"])
def test_what_is_no_plain_word_is_blotted_out_of_all(secret: str) -> None:
    logs.hide(secret)
    assert secret not in logs.without_secrets(f"nobody is told of {secret}.")
