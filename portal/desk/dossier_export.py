"""One application's dossier as a ZIP, for case officers and auditors who may read all of it: made by a worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale

from portal.accounts.queries import actor_of, get_person
from portal.applications.admissibility import Asked
from portal.applications.budget_view import EVERYTHING
from portal.applications.checklist import RuleState, rule_states
from portal.applications.dossiers import dossier_of, judgements_of
from portal.applications.models import Application, Attachment, Snapshot
from portal.applications.papers import Source
from portal.applications.printing import made_paper
from portal.applications.queries import get_application
from portal.applications.states import OUTCOME_WORDS, VERDICT_LABELS
from portal.applications.timeline import entries_of
from portal.calls.queries import terms_of
from portal.core.db import db
from portal.core.digests import canonical
from portal.core.errors import Forbidden, NotFound
from portal.core.files import Storage, may_be_read
from portal.core.jobs import Made, Making, makes
from portal.core.pdf import write_pdf
from portal.core.requests import LOCALES
from portal.core.web import translate
from portal.decisions.presenters import score
from portal.decisions.reasons import why
from portal.desk.archive import Archive, digests_in, safe_name
from portal.desk.dossier_contents import Contents, Logged, contents_of, lines_of, list_log
from portal.reviewing.policies import SEE_REVIEWS
from portal.reviewing.states import ReviewState

KIND = "application.dossier"
WRITTEN = ("scores", "strengths", "weaknesses", "private_note", "total")  # a review's own row may hold a draft


@makes(KIND)
def make_dossier(making: Making) -> Made:
    """Make the archive. Forbidden where whoever asked takes part in the partnership meanwhile, or has that right no more."""
    application = _application(making)
    reference = application.reference
    out = TemporaryFile()  # noqa: SIM115 - whoever stores it closes it
    archive = Archive(out, reference, making.ctx.now)
    try:
        with force_locale(LOCALES["nl"]):
            _fill(making, application, archive)
    except BaseException:
        archive.abandon()
        raise
    out.seek(0)
    return Made(f"{reference}-dossier.zip", "application/zip", out)


def _application(making: Making) -> Application:
    reference = db.session.scalar(sa.select(Application.reference).where(Application.id == making.job.subject_id))
    if reference is None:
        raise NotFound
    application = get_application(reference)
    if not SEE_REVIEWS.allows(actor_of(get_person(making.job.asked_by_id)), application):
        raise Forbidden(SEE_REVIEWS.name)
    return application


def _fill(making: Making, application: Application, archive: Archive) -> None:
    contents = contents_of(application)
    steps = list(_steps(making, application, archive, contents))
    for number, step in enumerate(steps):
        making.report(number, len(steps))
        step()
    log = list_log(application)  # the last to be read: making the PDFs was an event
    archive.add("logboek/gebeurtenissen.jsonl", lines_of(log), "De gebeurtenissen, met hun schakels")
    logged = ((each.row.id, each.row.topic, each.row.occurred_at, each.row.payload) for each in log)
    archive.seal(_facts(making, application, log), digests_in(logged))


def _steps(making: Making, application: Application, archive: Archive, contents: Contents) -> Iterator[Any]:
    """Yield what is to be done, one step a file that takes time."""
    yield lambda: _read_me(making, application, archive)
    yield lambda: archive.add("dossier.pdf", _report(making, application, contents), "Overzicht van het dossier")
    for snapshot in contents.snapshots:
        yield lambda snapshot=snapshot: _frozen(making, archive, snapshot)
    standing = _documents(application, contents.snapshots)
    for number, document in enumerate(standing, start=1):
        yield lambda number=number, document=document: _document(making, archive, number, document)
    yield lambda: _judged(archive, application, contents)
    yield lambda: _reviewed(archive, contents)
    yield lambda: _decided(making, archive, contents)
    yield lambda: _told(making, archive, application)


def _read_me(making: Making, application: Application, archive: Archive) -> None:
    for name, language in (("LEESMIJ.txt", "nl"), ("README.txt", "en")):
        template = making.app.jinja_env.get_template(f"papers/dossier_{language}.txt")
        text = template.render(application=application, made_at=making.ctx.now, settings_url=_portal(making))
        archive.add(name, text, "Wat er in dit dossier zit en hoe u het controleert")


def _frozen(making: Making, archive: Archive, snapshot: Snapshot) -> None:
    stem = f"aanvraag/versie-{snapshot.number}"
    archive.add(f"{stem}.json", snapshot.content, "De aanvraag zoals ze werd ingediend, letterlijk")
    for name, what, source in (
        ("aanvraag", "De aanvraag als pdf", Source.frozen(snapshot, EVERYTHING)),
        ("ontvangstbewijs", "Het ontvangstbewijs", Source.receipt(snapshot)),
    ):
        paper = made_paper(making.app, making.ctx, source)
        assert paper.file is not None  # noqa: S101 - it was made just now
        with _storage(making).open(str(paper.file.key)) as content:
            archive.add(f"{stem}-{name}.pdf", content, what)


def _documents(application: Application, snapshots: list[Snapshot]) -> list[Attachment]:
    """Return what stands attached, and what was taken away since but belongs to a version that was handed in."""
    frozen = {each["sha256"] for snapshot in snapshots for each in json.loads(snapshot.content).get("documents", ())}
    return [each for each in application.attachments if each.removed_at is None or each.file.sha256 in frozen]


def _document(making: Making, archive: Archive, number: int, document: Attachment) -> None:
    file = document.file
    if not may_be_read(file):
        reason = "De virusscanner weigerde dit bestand." if file.is_refused else "Dit bestand is nog niet gescand."
        archive.leave_out(f"{document.kind}: {file.name}", file.sha256, reason)
        return
    owner = document.organisation.enterprise_number if document.organisation else ""
    name = safe_name(f"{number:02d}", document.kind, owner, file.name)
    with _storage(making).open(str(file.key)) as content:
        archive.add(f"documenten/{name}", content, f"Bijlage {file.name}")


def _judged(archive: Archive, application: Application, contents: Contents) -> None:
    content = {
        "state": str(application.state),
        "admissible_at": _moment(application.admissible_at),
        "inadmissible_at": _moment(application.inadmissible_at),
        "judgements": [contents.row(each) for each in contents.judgements],
    }
    archive.add_json("ontvankelijkheid/oordelen.json", content, "De oordelen over de ontvankelijkheid")


def _reviewed(archive: Archive, contents: Contents) -> None:
    reviews = [{k: v for k, v in contents.row(each).items() if k not in WRITTEN} for each in contents.reviews]
    archive.add_json("beoordelingen/beoordelaars.json", reviews, "Wie gevraagd werd, wanneer, en hoe het afliep")
    sealed = {each.id for each in contents.reviews if each.state is ReviewState.SEALED}
    for version in contents.versions:
        name, text = f"beoordeling-{version.review_id}-versie-{version.number}.json", canonical(version.content)
        if version.review_id in sealed:
            archive.leave_out(name, "", "Verzegeld: wie dit schreef, had een belangenconflict of is vervangen.")
        else:
            archive.add(f"beoordelingen/{name}", text, "Een ingediende beoordeling, letterlijk")
    if contents.consensus is not None:
        consensus = contents.consensus
        archive.add_json("beoordelingen/consensus.json", contents.row(consensus), "De consensus, met wie en wanneer")
        if consensus.recorded_at is not None:
            agreed = {"scores": consensus.scores, "text": consensus.text, "total": str(consensus.total)}
            archive.add("beoordelingen/consensus-letterlijk.json", canonical(agreed), "De consensus, letterlijk")
    if contents.assessment is not None:
        archive.add_json("beoordelingen/cijfers.json", contents.row(contents.assessment), "De berekende cijfers")
    conflicts = [contents.row(each) for each in contents.conflicts]
    archive.add_json("beoordelingen/belangenconflicten.json", conflicts, "De belangenconflicten bij deze aanvraag")


def _decided(making: Making, archive: Archive, contents: Contents) -> None:
    if contents.ranked is not None and contents.ranking is not None:
        content = {"ranking": contents.row(contents.ranking), "row": contents.row(contents.ranked)}
        archive.add_json("beslissing/rangschikking.json", content, "De plaats in de rangschikking, met de reden")
    for place, decision in enumerate(contents.decisions, start=1):
        content = contents.row(decision) | {"conditions": [contents.row(each) for each in decision.conditions]}
        is_present = decision is contents.decision
        name, what = (
            ("beslissing", "De beslissing") if is_present else (f"vervangen-{place}", "Een vervangen beslissing")
        )
        archive.add_json(f"beslissing/{name}.json", content, f"{what}, met haar voorwaarden")
    for place, asked in enumerate(contents.requests, start=1):
        name = "herziening" if place == 1 else f"herziening-{place}"
        archive.add_json(f"beslissing/{name}.json", contents.row(asked), "De vraag om herziening")
    for place, letter in enumerate(contents.letters):
        again = sum(each.kind == letter.kind for each in contents.letters[:place])  # of a decision that was replaced
        name = f"beslissing/brief-{letter.kind}" + (f"-{again + 1}" if again else "")
        archive.add(f"{name}.json", letter.content, "Wat een brief zegt, letterlijk")
        for file, suffix in ((letter.pdf, "pdf"), (letter.docx, "docx")):
            if file is None:
                archive.leave_out(f"{name}.{suffix}", "", "Deze brief is nog niet gemaakt.")
            else:
                with _storage(making).open(str(file.key)) as read:
                    archive.add(f"{name}.{suffix}", read, "De brief")


def _told(making: Making, archive: Archive, application: Application) -> None:
    entries = [
        {"at": each.at.isoformat(), "title": translate(each.title), "text": translate(each.text)}
        for each in entries_of(application, making.ctx.now)
    ]
    archive.add_json("logboek/tijdlijn.json", entries, "Wat er gebeurde, in gewone woorden")


def _report(making: Making, application: Application, contents: Contents) -> bytes:
    terms = terms_of(application.round)
    ranked, assessment = contents.ranked, contents.assessment
    template = making.app.jinja_env.get_template("papers/dossier.html")
    return write_pdf(
        template.render(
            application=application,
            contents=contents,
            terms=terms,
            states=_states(making, application),
            verdicts=VERDICT_LABELS,
            outcomes=OUTCOME_WORDS,
            entries=entries_of(application, making.ctx.now),
            reasons=list(why(ranked, assessment.criteria, terms, score)) if ranked and assessment else [],
            is_readable=lambda review: review.state is ReviewState.SUBMITTED,
            made_at=making.ctx.now,
        )
    )


def _states(making: Making, application: Application) -> list[RuleState]:
    asked = Asked(making.ctx.now, actor_of(get_person(making.job.asked_by_id)))
    return rule_states(dossier_of(application), asked, judgements_of(application))


def _facts(making: Making, application: Application, log: list[Logged]) -> dict[str, Any]:
    chained = [each.position for each in log if each.position is not None]
    return {
        "reference": application.reference,
        "partnership": application.partnership.name,
        "round": application.round.code,
        "portal": _portal(making),
        "made_at": making.ctx.now.isoformat(),
        "export": making.job.id,
        "last_event": log[-1].row.id if log else None,
        "last_position_in_chain": max(chained, default=None),
    }


def _storage(making: Making) -> Storage:
    storage: Storage = making.app.extensions["portal.storage"]
    return storage


def _moment(at: Any) -> str | None:
    return None if at is None else at.isoformat()


def _portal(making: Making) -> str:
    return str(making.app.extensions["portal.settings"].base_url)
