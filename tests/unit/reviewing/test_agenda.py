"""The order of a panel meeting: who leaves and comes back as seldom as can be."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.reviewing.agenda import agenda, discussion_order, room_changes

ANN, BEA, CAS = 1, 2, 3


def away(*people):
    return {number: frozenset(each) for number, each in enumerate(people, start=1)}


def test_applications_with_the_same_conflict_follow_one_another():
    conflicts = away({ANN}, (), {ANN}, {BEA})
    order = discussion_order(conflicts)
    assert abs(order.index(1) - order.index(3)) == 1
    assert room_changes(order, conflicts) <= room_changes((1, 2, 3, 4), conflicts)


def test_each_stop_says_who_leaves_and_who_comes_back():
    first, second, third = agenda(away((), {ANN}, {ANN, CAS}))
    assert (first.leave, first.come_back) == (frozenset(), frozenset())
    assert (second.leave, second.come_back) == ({ANN}, frozenset())
    assert (third.leave, third.come_back, third.away) == ({CAS}, frozenset(), {ANN, CAS})


def test_nothing_to_discuss_is_an_empty_agenda():
    assert agenda({}) == ()


@settings(deadline=None)
@given(st.lists(st.frozensets(st.integers(1, 4)), min_size=1, max_size=6))
def test_every_application_is_discussed_once_and_never_worse_than_half_as_good_again_as_the_best(conflicts):
    away_for = dict(enumerate(conflicts))
    order = discussion_order(away_for)
    assert sorted(order) == sorted(away_for)
    best = min(room_changes(each, away_for) for each in permutations(away_for))
    assert room_changes(order, away_for) <= best * 1.5 + 1
    assert discussion_order(dict(reversed(away_for.items()))) == order, "the order of what comes in does not matter"
