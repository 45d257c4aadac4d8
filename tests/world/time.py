"""A clock that stands where the test puts it."""

from datetime import datetime, timedelta

from portal.core.clock import BRUSSELS, Clock


def moment(text: str) -> datetime:
    """An aware moment from ISO text; without an offset it is on the Brussels clock."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=BRUSSELS)


class FakeClock(Clock):
    """Domain time as the test says; the machine keeps its own."""

    def __init__(self, at: str = "2022-06-20T14:05") -> None:
        self.at = moment(at)

    def move_to(self, at: str) -> None:
        self.at = moment(at)

    def machine_now(self) -> datetime:
        return self.at

    def offset(self) -> timedelta:
        return timedelta(0)
