"""The task list: how far each section is, the one thing to do next, and how a partnership that changes shows."""

from decimal import Decimal
from types import SimpleNamespace

from portal.applications.admissibility import aid_shares
from portal.applications.checklist import rule_states
from portal.applications.document_slots import slots_of, unasked
from portal.applications.states import VatStatus
from portal.applications.tasks import Progress, Touch, count_unmet, next_task, partner_changes, tasks_of
from tests.world.dossiers import CALLS, PARTNER, PROMOTOR, asked, dossier, lead, line, part


def tasks(touches=None, **facts):
    return {each.code: each for each in tasks_of(dossier(**facts), touches or {}, asked())}


def test_a_section_is_not_started_then_in_progress_then_complete():
    assert tasks()["B8"].progress is Progress.NOT_STARTED
    assert tasks({"B8": Touch(version=1)})["B8"].progress is Progress.IN_PROGRESS
    assert tasks(answers={"circularity": "Zo doen wij het."})["B8"].progress is Progress.COMPLETE


def test_what_goes_against_a_rule_needs_attention_and_what_is_only_missing_does_not():
    period = {"project_starts_on": "2023-01-01", "project_ends_on": "2023-12-31"}
    assert tasks(answers={"project_starts_on": "2023-01-01"})["B9"].progress is Progress.IN_PROGRESS
    short = tasks(answers=period)["B9"]
    assert short.progress is Progress.ATTENTION
    assert short.problems[0].code == "period-too-short"
    assert tasks(lines=(line("500000.01"),))["B13"].progress is Progress.ATTENTION
    assert tasks(lines=(line("500000.00"),))["B13"].progress is Progress.COMPLETE


def test_parts_lines_and_documents_begin_their_sections():
    bare = {"parts": (part(task="", receives_funds=False),), "lines": ()}
    assert tasks(**bare)["B13"].progress is Progress.NOT_STARTED
    assert tasks()["B13"].progress is Progress.COMPLETE
    with_agreement = {"documents": frozenset({("cooperation_agreement", None)})}
    assert tasks(**bare)["B2"].progress is Progress.NOT_STARTED
    assert tasks(**bare, **with_agreement)["B2"].progress is Progress.IN_PROGRESS


def test_an_assigned_section_waits_for_its_partner_unless_one_writes_for_it_or_it_goes_against_a_rule():
    parts = (part(), part(PARTNER, name="De Brem", role="core"))
    waiting = tasks(parts=parts, assigned={"B8": PARTNER})["B8"]
    assert (waiting.progress, waiting.words.params) == (Progress.WAITING, {"organisation": "De Brem"})
    own = dossier(parts=parts, assigned={"B8": PARTNER})
    brem = {each.code: each for each in tasks_of(own, {}, asked(actor=lead(organisation=PARTNER)))}
    assert (brem["B8"].progress, brem["B8"].assigned_to) == (Progress.NOT_STARTED, "De Brem")
    done = tasks(parts=parts, assigned={"B8": PARTNER}, answers={"circularity": "Zo doen wij het."})["B8"]
    assert done.progress is Progress.COMPLETE
    period = {"project_starts_on": "2023-01-01", "project_ends_on": "2023-12-31"}
    assert tasks(parts=parts, assigned={"B9": PARTNER}, answers=period)["B9"].progress is Progress.ATTENTION


def test_nothing_that_waits_for_a_partner_comes_next():
    assert next_task([SimpleNamespace(progress=Progress.WAITING, code="B1")]) is None


def test_next_comes_what_goes_wrong_then_what_was_begun_then_what_was_not():
    def step(progress, code):
        return SimpleNamespace(progress=progress, code=code)

    begun, fresh = step(Progress.IN_PROGRESS, "B3"), step(Progress.NOT_STARTED, "B1")
    wrong, done = step(Progress.ATTENTION, "B9"), step(Progress.COMPLETE, "B2")
    assert next_task([fresh, done, begun, wrong]) is wrong
    assert next_task([fresh, done, begun]) is begun
    assert next_task([done, fresh]) is fresh
    assert next_task([done]) is None


def test_what_is_declared_when_submitting_does_not_count_as_unmet_in_a_draft():
    states = rule_states(dossier(), asked())
    assert {each.code: str(each.machine) for each in states}["OV-14"] == "later"
    assert count_unmet(states) == sum(each.machine == "not_met" for each in states) > 0


def an_application(partners, parts, lines=()):
    def organisation(number):
        return SimpleNamespace(name=f"Partner {number}")

    return SimpleNamespace(
        partnership=SimpleNamespace(
            partners=[
                SimpleNamespace(organisation_id=number, role=role, ended_on=ended, organisation=organisation(number))
                for number, role, ended in partners
            ]
        ),
        parts=[
            SimpleNamespace(organisation_id=number, role=role, receives_funds=funded, organisation=organisation(number))
            for number, role, funded in parts
        ],
        lines=[SimpleNamespace(organisation_id=number) for number in lines],
    )


def test_who_joined_left_or_changed_role_is_said_and_nothing_else():
    same = an_application([(1, "promotor", None), (2, "core", None)], [(1, "promotor", True), (2, "core", True)])
    assert not partner_changes(same)
    changed = partner_changes(
        an_application(
            [(1, "promotor", None), (2, "network", None), (3, "core", None), (4, "core", "2022-06-20")],
            [(1, "promotor", True), (2, "core", False), (4, "core", True)],
        )
    )
    assert (changed.joined, changed.left, changed.changed) == (("Partner 3",), ("Partner 4",), ("Partner 2",))


def test_who_left_and_still_spends_waits_until_its_costs_are_gone():
    left = [(1, "promotor", None), (2, "core", "2022-06-20")]
    assert partner_changes(an_application(left, [(1, "promotor", True), (2, "core", True)], lines=[2]))
    assert not partner_changes(an_application(left, [(1, "promotor", True), (2, "core", False)], lines=[2]))
    assert partner_changes(an_application(left, [(1, "promotor", True), (2, "core", False)]))


def attachment(number, kind, organisation_id=None, removed_at=None):
    return SimpleNamespace(id=number, kind=kind, organisation_id=organisation_id, removed_at=removed_at)


def test_each_funded_partner_is_asked_its_proofs_and_only_an_exempt_one_its_vat():
    exempt = part(PARTNER, name="De Brem", role="core", vat_status=VatStatus.EXEMPT)
    unfunded = part(3, name="De Vennen", role="network", receives_funds=False)
    whole = dossier(parts=(part(), exempt, unfunded))
    given = [
        attachment(1, "social_security_attest", PARTNER),
        attachment(2, "social_security_attest", 3),
        attachment(3, "dnsh_analysis", removed_at="2022-06-20"),
    ]
    slots = slots_of(whole, given)
    asked_of = [(each.question.key, each.part.organisation_id if each.part else None) for each in slots]
    assert ("vat_proof", PARTNER) in asked_of
    assert ("vat_proof", PROMOTOR) not in asked_of
    assert [each for each in asked_of if each[0] == "social_security_attest"] == [
        ("social_security_attest", PROMOTOR),
        ("social_security_attest", PARTNER),
    ]
    attached = {
        (each.question.key, each.part.organisation_id if each.part else None) for each in slots if each.attached
    }
    assert attached == {("social_security_attest", PARTNER)}
    assert [each.id for each in unasked(slots, given)] == [2]


def test_a_partner_uses_its_ceiling_by_earlier_aid_first_and_is_warned_from_ninety_percent():
    shares = aid_shares(dossier(parts=(part(earlier_aid_amount=Decimal("350000.00")),)))
    share = shares[PROMOTOR]
    assert (share.earlier_percent, share.own_percent, share.percent) == (70, 20, 90)
    assert share.is_near
    assert not aid_shares(dossier(parts=(part(earlier_aid_amount=Decimal("349999.00")),)))[PROMOTOR].is_near
    assert aid_shares(dossier(CALLS["formation"])) == {}
