"""The services that messages go to."""

from collections.abc import Iterator

import pytest

from tests.alerts.smtp import SmtpSink
from tests.notify.conftest import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()
    yield found
    found.close()


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with SmtpSink() as found:
        yield found
