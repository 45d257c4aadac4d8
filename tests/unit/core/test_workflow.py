"""A refusal names where a thing stands: by its state, or by what the clock makes of it."""

import pytest

from portal.calls.states import PHASES, ROUND, Phase
from portal.core.advance import governed


@pytest.mark.parametrize("phase", Phase)
def test_a_round_has_words_for_every_phase(phase):
    assert ROUND.words_of(str(phase)) == PHASES[phase]


def test_every_workflow_has_words_for_each_of_its_states():
    for _model, workflow in governed().values():
        for state in workflow.states:
            assert workflow.words_of(str(state)) == workflow.words[state]
