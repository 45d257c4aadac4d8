"""Every page of the portal, by the person who opens it. The values of an address are named in ``examples.py``."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Visit:
    """One page: its endpoint, the examples that fill in its address, and the answer that is expected."""

    endpoint: str
    named: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    status: int = 200
    posted: dict[str, str] | None = None

    def __str__(self):
        return " ".join([self.endpoint, *self.named, *self.values.values()])


def page(endpoint, *named, **values):
    return Visit(endpoint, named, values)


def wrong(endpoint, *named, status=422, **posted):
    """The same page after a form that was sent empty, or with what ``posted`` says."""
    return Visit(endpoint, named, status=status, posted=posted)


def refused(status, endpoint, *named, **values):
    return Visit(endpoint, named, values, status)


VISITOR = [
    *(page(f"public.{name}") for name in ("home", "calls", "about", "help", "accessibility", "privacy", "results")),
    page("public.call", programme="digibanken", code="formation"),
    page("public.call", "execution"),
    *(page("public.guide", slug=name) for name in ("applicants", "reviewers", "department")),
    page("public.document", "execution", slug="handbook-execution"),
    page("public.round", "open round"),
    page("public.round", "round to come"),
    page("public.round", "round in review"),
    page("public.round_results", "published round"),
    page("public.round_results", "round in review"),
    page("public.verify"),
    wrong("public.verify", reference="x", sha256="y"),
    page("applications.empty_form", "open round"),
    *(page(f"accounts.{name}") for name in ("sign_in", "register", "forgot_password", "mail_sent", "confirm_again")),
    *(wrong(f"accounts.{name}") for name in ("sign_in", "register", "forgot_password", "confirm_again")),
    page("accounts.confirm_email", "link to confirm"),
    page("accounts.reset_password", "link to reset"),
    wrong("accounts.reset_password", "link to reset"),
    refused(404, "accounts.reset_password", "gone"),
    page("partnerships.invitation", "link to join"),
    refused(404, "public.round", code="Z-1999-9"),
    page("demo.mailbox"),
    page("demo.message", "message"),
    page("demo.restore"),
]
LEAD = [
    page("desk.my_work"),
    page("accounts.profile"),
    wrong("accounts.profile"),
    page("accounts.change_password"),
    wrong("accounts.change_password"),
    page("accounts.organisations"),
    page("accounts.organisation", "organisation"),
    page("applications.end_right", "organisation", "member"),
    page("accounts.claim_organisation"),
    wrong("accounts.claim_organisation", enterprise_number="1999.000.151"),
    page("accounts.dispute_claim", "claimed"),
    wrong("accounts.dispute_claim", "claimed"),
    page("partnerships.partnerships"),
    page("partnerships.begin"),
    wrong("partnerships.begin"),
    page("partnerships.partnership", "partnership"),
    page("partnerships.invite", "partnership"),
    wrong("partnerships.invite", "partnership"),
    page("applications.end_partner", "partnership", "partner"),
    wrong("applications.end_partner", "partnership", "partner"),
    page("partnerships.area", "partnership"),
    page("partnerships.strategy", "strategy"),
    page("applications.start", "open round"),
    wrong("applications.start", "open round"),
    page("applications.applications"),
]
APPLICANT = [
    page("applications.application", "draft"),
    *(page("applications.section", "draft", code=code) for code in ("B1", "B3", "B6", "B7", "B9", "B13", "B14")),
    wrong("applications.save", "draft", "B4", status=409, version="0", lending_service="Een andere tekst."),
    wrong("applications.save", "draft", "B4", version="x"),
    page("applications.history", "draft", code="B4"),
    page("applications.restore", "draft", code="B4", number="1"),
    page("applications.taken_over", "draft"),
    page("applications.assign", "draft"),
    page("applications.budget", "draft"),
    page("applications.lines", "draft", "promotor"),
    page("applications.import_budget", "draft"),
    wrong("applications.import_budget", "draft"),
    page("applications.leave_out_funds", "draft", "core partner"),
    page("applications.add_line", "draft"),
    wrong("applications.add_line", "draft"),
    page("applications.edit_line", "draft", "line"),
    page("applications.remove_line", "draft", "line"),
    page("applications.documents", "draft"),
    page("applications.attach", "draft", kind="dnsh_analysis"),
    wrong("applications.attach", "draft", "dnsh"),
    page("applications.attach_for_partner", "draft", "promotor", kind="de_minimis_declaration"),
    page("applications.remove_document", "draft", "attachment"),
    page("applications.part", "draft", "promotor"),
    page("applications.check", "draft"),
    wrong("applications.check", "draft"),
    page("applications.admissibility", "draft"),
    page("applications.timeline", "draft"),
    page("applications.withdraw", "draft"),
    wrong("applications.withdraw", "draft"),
    page("applications.papers", "draft"),
    page("applications.kept_texts", "draft"),
    page("applications.change_requests", "draft"),
    page("applications.application", "awarded"),
    page("applications.receipt", "awarded"),
    page("applications.papers", "awarded"),
    page("applications.section", "awarded", code="A3"),
    page("decisions.decision", "awarded"),
    page("applications.start", "round in review"),
]
REVIEWER = [
    page("desk.my_work"),
    page("reviewing.queue"),
    page("reviewing.invitation", "invited"),
    page("reviewing.review", "writing"),
    page("reviewing.submit", "writing"),
    page("reviewing.draft", "writing"),
    page("reviewing.versions", "writing"),
    page("reviewing.versions", "handed in"),
    page("reviewing.workbook", "round in review"),
    wrong("reviewing.workbook", "round in review"),
    page("reviewing.paper", "writing"),
    page("reviewing.review", "handed in"),
    page("reviewing.discuss", "discussed"),
    wrong("reviewing.discuss", "discussed"),
    wrong("reviewing.vote", "discussed"),
]
DESK = [
    page("desk.my_work"),
    page("accounts.claims"),
    page("accounts.claim", "claim"),
    wrong("accounts.judge_claim", "claim"),
    page("partnerships.strategy_desk"),
    page("partnerships.strategy", "submitted strategy"),
    wrong("partnerships.judge_strategy", "submitted strategy"),
    page("applications.round_dossiers", "round in review"),
    page("applications.round_dossiers", "round to come"),
    page("applications.dossier", "in review"),
    page("applications.dossier", "returned"),
    page("applications.dossier", "inadmissible"),
    page("applications.application", "in review"),
    page("applications.section", "in review", "B4"),
    page("reviewing.round_reviews", "round in review"),
    page("reviewing.panel", "round in review"),
    page("reviewing.panel", "round in review", all="1"),
    page("reviewing.round_conflicts", "round in review"),
    page("reviewing.round_conflicts", "round in review", state="confirmed"),
    page("reviewing.round_conflicts", "round in review", state="dismissed"),
    page("reviewing.round_conflicts", "round in review", state="waived"),
    page("reviewing.judge_conflict", "conflict to judge"),
    wrong("reviewing.judge_conflict", "conflict to judge"),
    page("reviewing.assign", "doubted"),
    page("reviewing.record_advice", "in review"),
    wrong("reviewing.record_advice", "in review"),
    page("accounts.describe_organisation", "organisation"),
    wrong("accounts.describe_organisation", "organisation", parent_number="12"),
    page("reviewing.assign", "in review"),
    wrong("reviewing.invite_reviewer", "in review"),
    page("reviewing.consensus", "in review"),
    page("reviewing.consensus", "for consensus"),
    wrong("reviewing.record_consensus", "for consensus"),
    page("reviewing.discussion", "for consensus"),
    wrong("reviewing.write_remark", "for consensus"),
    page("reviewing.read", "handed in"),
    page("reviewing.visibility", "round in review"),
    page("reviewing.as_reviewer", "handed in"),
    page("reviewing.versions", "handed in"),
    page("reviewing.take_off", "handed in"),
    wrong("reviewing.take_off", "handed in"),
    page("reviewing.reopen", "handed in"),
    wrong("reviewing.reopen", "handed in"),
    page("decisions.award", "following"),
    page("applications.change_desk"),
    page("applications.change_request", "open change"),
    wrong("applications.decide_change", "open change"),
    page("applications.change_requests", "losing a partner"),
    page("decisions.review_requests"),
    page("decisions.review_request", "review to answer"),
    page("decisions.answer_review", "review to answer"),
    wrong("decisions.answer_review", "review to answer"),
    page("decisions.review_request", "review answered"),
]
ADMINISTRATOR = [
    page("desk.my_work"),
    page("calls.programmes"),
    page("calls.call_terms", "execution"),
    page("calls.rounds"),
    page("calls.draft_round", "execution"),
    wrong("calls.draft_round", "execution"),
    page("calls.round", "drafted round"),
    page("calls.edit_round", "drafted round"),
    wrong("calls.edit_round", "drafted round"),
    page("calls.announce_round", "drafted round"),
    page("calls.round", "round to come"),
    page("calls.move_deadline", "round to come"),
    wrong("calls.move_deadline", "round to come"),
    page("calls.cancel_round", "round to come"),
    wrong("calls.cancel_round", "round to come"),
    page("applications.round_drafts", "open round"),
    page("applications.extend", "draft"),
    wrong("applications.extend", "draft"),
    page("accounts.people"),
    page("accounts.person_roles", "person"),
    page("reviewing.visibility", "round in review"),
    wrong("reviewing.set_visibility", "round in review"),
    page("reviewing.visibility", "published round"),
    page("reviewing.as_reviewer", "writing"),
    page("notifications.parked"),
    page("reviewing.round_conflicts", "round in review", state="confirmed"),
    page("reviewing.waive_conflict", "conflict to waive"),
    wrong("reviewing.waive_conflict", "conflict to waive"),
    page("desk.switches"),
    page("desk.turn", name="no_scanner"),
    wrong("desk.turn", "no scanner"),
    page("decisions.rankings"),
    page("decisions.award", "following"),
    page("decisions.letters"),
    page("decisions.letter_text", "letter"),
    page("decisions.letter_text_version", "letter", number="0"),
    page("decisions.edit_letter_text", "letter"),
    wrong("decisions.edit_letter_text", "letter", text="# {{ onbekend }}", based_on="0"),
    page("decisions.restore_letter_text", "letter", number="0"),
    page("decisions.round_letters", "published round"),
    refused(404, "decisions.letter_pdf", "letter waiting"),
    refused(404, "decisions.letter_docx", "letter waiting"),
    page("decisions.withdraw_award", "following"),
    wrong("decisions.withdraw_award", "following"),
    page("decisions.board", "published round"),
    page("decisions.board", "round in review"),
    page("decisions.board", "round to come"),
    page("decisions.what_if", "published round"),
    page("decisions.what_if", "published round", policy="skip", budget="2000000"),
    refused(422, "decisions.what_if", "published round", threshold="101"),
    refused(404, "decisions.what_if", "round in review"),
    page("decisions.stability", "published round"),
    refused(404, "decisions.stability", "round in review"),
    page("decisions.verification", "published round"),
    refused(404, "decisions.verification", "round in review"),
]
AUDITOR = [
    page("desk.my_work"),
    page("desk.dossier_export", "awarded"),
    page("desk.dossier_export", "draft"),
    page("desk.round_export", "published round"),
    page("desk.events"),
    page("desk.events", topic="round.announced", since="2022-01-01"),
    page("desk.events", subject="onbekend"),
    page("applications.dossier", "inadmissible"),
    page("notifications.parked"),
    page("accounts.people"),
    refused(403, "desk.turn", name="no_scanner"),
]
NEWCOMER = [
    page("desk.my_work"),
    page("accounts.organisations"),
    page("partnerships.partnerships"),
    page("partnerships.begin"),
    page("applications.applications"),
    page("applications.start", "open round"),
    page("partnerships.invitation", "link to join"),
    refused(404, "applications.application", "draft"),
]
READER = [
    page("applications.application", "draft"),
    page("applications.section", "draft", "B4"),
    refused(403, "applications.withdraw", "draft"),
]
PARTNER = [
    page("desk.my_work"),
    page("applications.application", "draft"),
    page("applications.sign_part", "draft", "core partner"),
    page("applications.budget", "draft"),
]
ANSWERING = [page(f"decisions.{name}", "award to answer") for name in ("decision", "accept", "decline")]
CHANGING = [
    page("applications.change_requests", "losing a partner"),
    page("applications.ask_promotor_change", "losing a partner"),
    wrong("applications.ask_promotor_change", "losing a partner"),
    page("applications.ask_leaving", "losing a partner"),
    wrong("applications.ask_leaving", "losing a partner"),
]
REFUSED = [
    page("decisions.decision", "refusal"),
    page("decisions.ask_review", "refusal"),
    wrong("decisions.ask_review", "refusal"),
    wrong("decisions.ask_review", "refusal", ground="content", text="Te kort."),
]
ASKING = [
    page("decisions.decision", "review asked"),
    page("decisions.ask_review", "review asked"),
    page("decisions.withdraw_review", "review asked"),
]
STRATEGIST = [
    page("partnerships.strategy", "strategy being formed"),
    page("partnerships.edit_strategy", "strategy being formed"),
    page("partnerships.strategy_files", "strategy being formed"),
]
VISITS = {
    None: VISITOR,
    "Eva Claes": LEAD,
    "Eva Claes, applying": APPLICANT,
    "Joris Wuyts": REVIEWER,
    "Mieke Hendrickx": DESK,
    "Sofie De Backer": ADMINISTRATOR,
    "Greet Aerts": AUDITOR,
    "Ruben Geerinck": NEWCOMER,
    "Nadia Wouters": READER,
    "Karim Aznag": PARTNER,
    "who answers an award": ANSWERING,
    "who changes partners": CHANGING,
    "Naima Roosen": REFUSED,
    "who asked a review": ASKING,
    "who writes a strategy": STRATEGIST,
}
AFTER_THE_DEADLINE = {
    "Eva Claes": [
        page("applications.application", "draft"),
        page("desk.my_work"),
        wrong("applications.save", "draft", "B4", version="1", lending_service="Te laat getypt."),
        page("applications.start", "open round"),
    ],
    "Mieke Hendrickx": [
        page("applications.dossier", "to judge"),
        page("applications.judge", "to judge", rule="OV-07"),
        wrong("applications.judge", "to judge", "OV-07"),
        page("applications.ask_completion", "to judge"),
        wrong("applications.ask_completion", "to judge"),
        page("applications.refuse_admission", "to judge"),
        wrong("applications.refuse_admission", "to judge"),
        page("applications.round_dossiers", "open round"),
    ],
}

A_FILE = "a file to download"
NOT_PAGES = {
    **dict.fromkeys(
        (
            "accounts.claim_evidence", "applications.document", "applications.draft_document",
            "applications.empty_form_document", "applications.empty_form_pdf", "applications.frozen_data",
            "applications.kept_text", "applications.paper", "desk.dossier_file", "desk.round_file", "applications.export_budget", "desk.events_csv", "partnerships.strategy_agreement",
            "partnerships.strategy_evidence", "reviewing.attachment", "reviewing.paper_file", "reviewing.workbook_file",
        ),
        A_FILE,
    ),
    "public.healthz": "for machines",
    "public.server_time": "for a script",
    "applications.here": "for a script",
    "public.readyz": "for machines",
    "reviewing.save_workbook": "shows nothing: saves what was read, or leads back",
    "applications.apply_import": "shows nothing: carries out what was read, or leads back",
    "applications.changes": "nothing of the demo was completed: test_completing.py opens it",
    "public.language": "leads back to where one was",
    **dict.fromkeys(
        ("decisions.decide", "decisions.confirm", "decisions.publish", "decisions.lapse", "decisions.confirm_withdrawal"),
        "no round of the demo stands there: tests/integration/decisions/test_pages_in_a_browser.py opens them",
    ),
}  # fmt: skip
