"""The demo's messages stay in the house."""

from luxagent.core.alerts.message import Message
from luxagent.notify.console import ConsoleMessenger


def test_messages_are_kept_and_shown_at_once() -> None:
    shown: list[str] = []
    console = ConsoleMessenger(lambda message: shown.append(message.title))
    console.put([Message("a", "b"), Message("c", "d")])
    assert shown == ["a", "c"]
    assert [message.body for message in console.messages] == ["b", "d"]
    ConsoleMessenger().put(console.messages)
