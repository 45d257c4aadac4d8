"""Sentences in messages about reviews that differ by case."""

from __future__ import annotations

from datetime import date

from portal.accounts.models import Person
from portal.core.text import Msg, _l
from portal.reviewing.models import Review


def asked(review: Review, due_on: date) -> Msg:
    """Say what is asked of a reviewer; in a blind round without the partnership's name."""
    facts = {"reference": review.shown_reference, "round": review.application.round.code, "day": due_on}
    if review.is_blind:
        return _l(
            "You are asked to review application %(reference)s in round %(round)s. The review is due on %(day)s. This round is reviewed without the names of applicants.",
            **facts,
        )
    return _l(
        "You are asked to review application %(reference)s of %(partnership)s in round %(round)s. The review is due on %(day)s.",
        partnership=review.shown_name,
        **facts,
    )


def answer_by(day: date | None) -> Msg | str:
    """Say by which day to answer; nothing where none was set."""
    return _l("Please answer by %(day)s. After that day the invitation expires.", day=day) if day else ""


def not_submitted(review: Review, due_on: date) -> Msg:
    """Say that a review is still to be submitted; in a blind round without the partnership's name."""
    facts = {"reference": review.shown_reference, "day": due_on}
    if review.is_blind:
        return _l("Your review of application %(reference)s is not submitted yet. It is due on %(day)s.", **facts)
    return _l(
        "Your review of application %(reference)s of %(partnership)s is not submitted yet. It is due on %(day)s.",
        partnership=review.shown_name,
        **facts,
    )


def next_step(following: Review | None, alternate: Person | None) -> Msg:
    """Say who is invited instead of a reviewer who did not answer, or that nobody is."""
    if following is None or alternate is None:
        return _l(
            "No alternate was invited: none is listed who can be asked, or enough reviewers are at work. Look whether somebody else must be invited."
        )
    return _l(
        "%(alternate)s, the next of your alternates, is invited instead: to answer by %(answer_day)s, and to review by %(day)s.",
        alternate=alternate.name,
        answer_day=following.answer_due_on,
        day=following.due_on,
    )
