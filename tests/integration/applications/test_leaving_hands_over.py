"""Leaving an organisation hands one's drafts to a colleague: what passes, to whom, and what stays."""

from dataclasses import dataclass

import pytest

from portal.accounts.queries import find_membership, list_members
from portal.applications.commands.leaving import estate_of, heirs_of, leave_organisation
from portal.applications.commands.save_section import save_section
from portal.applications.commands.withdraw import withdraw_application
from portal.applications.models import UnsentText
from portal.applications.queries import get_application, list_revisions, list_unsent_texts
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.core.event_log import list_timeline
from portal.partnerships.commands import add_partner, invite_partner
from portal.partnerships.queries import get_partnership, list_invitations
from portal.partnerships.states import PartnerRole
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications import given_draft
from tests.world.drafting import close_round, given_open_round
from tests.world.partnerships import given_partnership
from tests.world.time import moment

KEY = "contact_person"


@dataclass
class House:
    """An organisation that leads a draft in which Lotte, who writes for it, is the contact person."""

    reference: str
    number: str
    organisation_id: int
    partnership_id: int
    eva: object
    lotte: object
    nadia: object

    @property
    def application(self):
        return get_application(self.reference)

    @property
    def membership(self):
        return self.membership_of(self.lotte)

    def membership_of(self, person):
        return next((e for e in list_members(self.organisation_id) if e.person_id == person.id), None)


def given_house():
    eva, lotte, nadia = (given_person(each) for each in ("Eva Claes", "Lotte Verhaegen", "Nadia Wouters"))
    organisation = given_organisation(eva, staff=[lotte], readers=[nadia])
    partnership = given_partnership(organisation)
    draft = given_draft(partnership, round_=given_open_round(), person=lotte)
    application = get_application(draft.reference)
    answer = {KEY: {"name": "Lotte V.", "email": lotte.email.upper(), "phone": "014 55 66 77"}}
    save_section(ctx_for(lotte), application, "B1", answer, 0)
    invite_partner(
        ctx_for(lotte),
        partnership,
        email="tom@de-lus.example",
        organisation_name="De Lus",
        role=PartnerRole.CORE,
        note="",
    )
    db.session.add(
        UnsentText(
            application_id=application.id,
            section_code="B8",
            person_id=lotte.id,
            answers={"circularity": "Te laat."},
            kept_at=moment("2022-06-20T14:05"),
        )
    )
    db.session.commit()
    return House(draft.reference, organisation.enterprise_number, organisation.id, partnership.id, eva, lotte, nadia)


def leave(house, heir):
    leave_organisation(ctx_for(house.lotte), house.membership, heir.id)
    db.session.commit()


@pytest.fixture
def house(inside):
    return given_house()


def test_what_hangs_on_the_leaver_passes_to_the_chosen_colleague(house):
    leave(house, house.eva)
    application = house.application
    section = next(each for each in application.sections if each.code == "B1")
    assert section.answers[KEY] == {"name": "Eva Claes", "email": house.eva.email, "phone": ""}
    assert list_revisions(section.id)[0].answers[KEY]["name"] == "Lotte V.", "what stood is in the history"
    assert list_unsent_texts(application.id, house.lotte.id) == []
    assert [each.answers for each in list_unsent_texts(application.id, house.eva.id)] == [{"circularity": "Te laat."}]
    assert [each.sent_by_id for each in list_invitations(house.partnership_id)] == [house.eva.id]
    assert house.membership is None
    (event,) = [each for each in list_timeline("application", application.id) if each.topic.endswith("handed-over")]
    assert (event.payload["from_person_id"], event.payload["to_person_id"]) == (house.lotte.id, house.eva.id)


def test_only_a_colleague_who_writes_takes_over_and_nothing_ends_without_one(house):
    assert [each.name for each in heirs_of(house.membership)] == ["Eva Claes"]
    for heir in (None, house.nadia, house.lotte, given_person("Bram Nijs")):
        with pytest.raises(RuleViolation) as refused:
            leave_organisation(ctx_for(house.lotte), house.membership, heir and heir.id)
        assert refused.value.codes == ["choose-colleague"]
        db.session.rollback()
    assert house.membership is not None


def test_who_leaves_nothing_behind_needs_no_colleague(house):
    reader = house.membership_of(house.nadia)
    assert not estate_of(ctx_for(house.nadia), reader).passes
    leave_organisation(ctx_for(house.nadia), reader, None)
    assert find_membership(house.organisation_id, house.nadia.id) is None


def test_a_closed_or_withdrawn_draft_keeps_its_answers_and_its_late_text_still_passes(house):
    close_round(house.reference)
    db.session.commit()
    db.session.expire_all()
    estate = estate_of(ctx_for(house.lotte, "2022-08-01T09:00"), house.membership)
    assert (estate.contacts, len(estate.texts)) == ((), 1)
    withdraw_application(ctx_for(), house.application, "Wij wachten.")
    db.session.commit()
    estate = estate_of(ctx_for(house.lotte), house.membership)
    assert (estate.contacts, len(estate.texts)) == ((), 1)


def test_a_late_text_stays_with_who_still_takes_part_through_another_organisation(house):
    brem = given_organisation(house.lotte, name="De Brem")
    add_partner(ctx_for(), get_partnership(house.partnership_id), brem, PartnerRole.CORE)
    db.session.commit()
    assert estate_of(ctx_for(house.lotte), house.membership).texts == ()


def test_another_contact_person_is_left_alone(house):
    application = house.application
    save_section(ctx_for(house.lotte), application, "B1", {KEY: {"name": "Lotte Verhaegen", "email": "x@y.example"}}, 1)
    db.session.commit()
    assert estate_of(ctx_for(house.lotte), house.membership).contacts == ()


def test_the_page_lists_what_passes_and_to_whom_before_it_does(world, visitor):
    house = world(given_house)
    member = world(find_membership, house.organisation_id, house.lotte.id).id
    path = f"/organisations/{house.number}/members/{member}/end"
    visitor.sign_in(house.lotte.email)
    page = visitor.get(path).text
    for words in (
        f"Contactpersoon van aanvraag {house.reference}, Digibank Noordheide (rubriek B1)",
        "De uitnodiging van De Lus voor Digibank Noordheide",
        f"De tekst die te laat kwam voor aanvraag {house.reference}",
        "Eva Claes",
    ):
        assert words in page, words
    assert "Nadia Wouters" not in page
    assert world(find_membership, house.organisation_id, house.lotte.id) is not None, "looking changes nothing"
    assert visitor.post(path, {"heir": house.nadia.id}).status_code == 422
    assert visitor.post(path, {"heir": house.eva.id}).headers["Location"] == "/organisations"
    assert world(find_membership, house.organisation_id, house.lotte.id) is None


def test_a_text_that_passed_is_opened_by_the_colleague(world, visitor):
    house = world(given_house)
    member = world(find_membership, house.organisation_id, house.lotte.id).id
    visitor.sign_in(house.eva.email)
    assert "Te laat." not in visitor.get(f"/applications/{house.reference}/kept").text
    page = f"/organisations/{house.number}/members/{member}/end"
    assert "Het recht van Lotte Verhaegen" in visitor.get(page).text
    assert visitor.post(page, {"heir": house.eva.id}).status_code == 302
    assert "Te laat." in visitor.get(f"/applications/{house.reference}/kept").text
