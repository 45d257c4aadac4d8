"""Where the demo bar can move the clock to."""

from datetime import UTC, date, datetime

from portal.demo.moments import RoundDates, coming_moments


def _at(month, day, hour, minute=0):
    return datetime(2022, month, day, hour, minute, tzinfo=UTC)


OPEN = RoundDates("B-2022-3", _at(6, 13, 7), _at(7, 29, 10), date(2022, 10, 21))
TWIN = RoundDates("A-2022-2", _at(6, 13, 7), _at(7, 29, 10), date(2022, 10, 14))


def _lines(rounds, now):
    return [(moment.at, str(moment.what) % moment.what.params) for moment in coming_moments(rounds, now)]


def test_an_open_round_has_its_deadline_and_its_decision_day_ahead():
    assert _lines([OPEN], _at(6, 20, 12)) == [
        (_at(7, 22, 10), "a week before B-2022-3 closes"),
        (_at(7, 29, 9), "an hour before B-2022-3 closes"),
        (_at(7, 29, 10, 1), "just after B-2022-3 closed"),
        (_at(10, 21, 7), "decision day of B-2022-3"),
    ]


def test_rounds_that_close_together_share_a_line():
    lines = _lines([OPEN, TWIN], _at(7, 29, 9, 30))
    assert lines[0] == (_at(7, 29, 10, 1), "just after A-2022-2, B-2022-3 closed")
    assert [text for _, text in lines[1:]] == ["decision day of A-2022-2", "decision day of B-2022-3"]
