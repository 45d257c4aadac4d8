"""How long an assignment takes: rounds of 60, 300 and 1,000 applications with three reviewers each, all rules on."""

import time
from collections import Counter
from fractions import Fraction
from random import Random

from portal.reviewing.expertise import Level, Subject, SubjectKind
from portal.reviewing.matching.assigning import assign
from portal.reviewing.matching.problem import Bar, Question, Reviewer, ToReview

SIZES = ((60, 25), (300, 90), (1000, 300))
AIM = 5.0  # seconds, for the largest


def large_round(applications=1000, reviewers=300):
    """A round with side constraints: conflicts, sixty institutions, three in ten experienced, a minimum load."""
    dice = Random(5)
    subjects = [Subject(SubjectKind.TARGET_GROUP, str(number)) for number in range(40)]
    return Question(
        tuple(
            ToReview(number, 3, {each: Fraction(dice.choice((1, 2)), 2) for each in dice.sample(subjects, 8)})
            for number in range(1, applications + 1)
        ),
        tuple(
            Reviewer(
                person,
                {each: dice.choice(list(Level)) for each in dice.sample(subjects, 10)},
                minimum=2,
                maximum=14,
                institution=f"institution {dice.randrange(60)}",
                is_experienced=dice.random() < 0.3,
            )
            for person in range(1, reviewers + 1)
        ),
        "seed",
        {(dice.randint(1, applications), dice.randint(1, reviewers)): Bar.CONFLICT for _ in range(2 * applications)},
    )


def measure_assignments() -> dict[str, dict[str, object]]:
    """Solve each size once, print and return the seconds; the library's own loading is not counted."""
    assign(large_round(6, 6))
    rows: dict[str, dict[str, object]] = {}
    print(f"\n{'assignment':<28}{'seconds':>10}{'of CPU':>10}{'aim':>8}{'places':>10}{'short':>8}{'loads':>10}")
    for applications, reviewers in SIZES:
        question = large_round(applications, reviewers)
        began, computed = time.monotonic(), time.process_time()
        answer = assign(question)
        seconds, computed = time.monotonic() - began, time.process_time() - computed
        loads = Counter(each.person for each in answer.places).values()
        name, aim = f"{applications} x {reviewers} x 3", AIM if applications == 1000 else ""
        print(
            f"{name:<28}{seconds:>10.2f}{computed:>10.2f}{aim:>8}{len(answer.places):>10}{len(answer.shortfalls):>8}"
            f"{f'{min(loads)}-{max(loads)}':>10}",
            flush=True,
        )
        rows[name] = {
            "seconds": round(seconds, 2),
            "cpu_seconds": round(computed, 2),
            "aim_s": aim,
            "is_optimal": answer.is_optimal,
        }
    return rows


if __name__ == "__main__":
    measure_assignments()
