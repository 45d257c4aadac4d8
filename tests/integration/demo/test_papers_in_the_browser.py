"""A PDF appears on the page once a worker made it, and a file is verified without leaving the computer."""

import hashlib

from playwright.sync_api import expect

from portal.applications.printing import make_next
from portal.core.actor import system_actor
from portal.core.context import Ctx

PAPERS = "/applications/DB-A-2021-1-0001/papers"


def test_a_pdf_appears_by_itself_and_its_file_is_verified_in_the_browser(demo, tab, address):
    tab.goto(f"{address}/")
    tab.get_by_text("Aanmelden als …").click()
    tab.get_by_role("button", name="Eva Claes").click()
    tab.wait_for_selector(".dp-who")
    tab.goto(address + PAPERS)
    name = "De aanvraag als pdf" if tab.viewport_size["width"] > 1000 else "Het ontvangstbewijs als pdf"
    tab.get_by_role("button", name=f"Pdf maken {name}").click()
    tab.wait_for_selector("[data-waiting]")
    with demo.app_context():
        assert make_next(demo, Ctx(demo.extensions["portal.clock"].now(), system_actor("printer")))
    tab.get_by_role("link", name=name).wait_for()
    assert tab.text_content("[data-refresh-status]") == "De pdf is klaar."
    with tab.expect_download() as downloading:
        tab.get_by_role("link", name=name).click()
    pdf = downloading.value.path()

    sent = []
    tab.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    tab.goto(f"{address}/verify?reference=DB-A-2021-1-0001")
    tab.set_input_files("input[type=file]", pdf)
    expect(tab.locator("[name=sha256]")).to_have_value(hashlib.sha256(pdf.read_bytes()).hexdigest())
    tab.get_by_role("button", name="Nakijken").click()
    tab.get_by_text("Het klopt", exact=True).wait_for()
    assert not any(b"%PDF" in body for body in sent), "the file stayed here"
