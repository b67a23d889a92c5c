"""A computer whose clock may be wrong."""

from datetime import datetime, timedelta

from tests.portal.bench import FakeClock


class HostClock(FakeClock):
    """The clock of the agent's computer. `at` is what time it really is; it may think otherwise."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.error_s = 0.0
        self.stands = False

    def now(self) -> datetime:
        return self.at + timedelta(seconds=self.error_s)

    def move(self, seconds: float) -> None:
        super().move(seconds)
        if self.stands:
            self.error_s -= seconds
