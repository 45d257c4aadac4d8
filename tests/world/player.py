"""One person at a real browser, playing a round: signs in, moves the demo's clock, fills in forms as they are drawn."""

import re

from playwright.sync_api import Locator, Page

from tests.world.waiting import PATIENCE_MS

DAY_FIELDS = re.compile(r"(starts|ends)_on$")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Player:
    """A browser tab on the portal at ``base``; what is looked for is what a person reads: Dutch words on the screen."""

    def __init__(self, tab: Page, base: str) -> None:
        self.tab, self.base = tab, base
        tab.set_default_timeout(PATIENCE_MS)

    # -- the demo bar -------------------------------------------------------------------------------------------------
    def become(self, name: str) -> "Player":
        """Sign in as one of the cast, from the demo bar."""
        self.tab.goto(f"{self.base}/")
        self.tab.get_by_text("Aanmelden als …").click()
        self.tab.locator("aside").get_by_role("button", name=name).click()
        self.tab.wait_for_selector(".dp-who")
        return self

    def move_clock(self, iso: str) -> "Player":
        """Move demo time to ``iso``: the first of the bar's buttons, with another moment on it."""
        self.tab.goto(f"{self.base}/about")
        self.tab.evaluate("to => { document.querySelector('aside button[name=to]').value = to }", iso)
        with self.tab.expect_navigation():
            self.tab.evaluate("document.querySelector('aside button[name=to]').click()")
        assert "In de demo is het nu" in self.text(), self.text()[:600]
        return self

    def mail_to(self, address: str, words: str) -> str:
        """Return the text of the newest message to ``address`` whose subject holds ``words``, waiting for the workers."""
        for _ in range(180):
            self.tab.goto(f"{self.base}/demo/mailbox")
            rows = self.tab.locator("main tr, main li").filter(has_text=words).filter(has_text=address)
            if rows.count():
                rows.first.get_by_role("link").first.click()
                return self.text()
            self.tab.wait_for_timeout(500)
        raise AssertionError(f"no message to {address} about {words!r}: {self.text()[:1500]}")

    # -- pages --------------------------------------------------------------------------------------------------------
    def open(self, path: str, status: int = 200) -> "Player":
        answer = self.tab.goto(path if path.startswith("http") else self.base + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}\n{self.text()[:1500]}"
        return self

    def text(self) -> str:
        """Return what the page says, its no-break spaces as plain ones."""
        return self.tab.locator("main").inner_text().replace("\xa0", " ").replace("\u202f", " ")

    def sees(self, *words: str) -> "Player":
        page = self.text()
        for each in words:
            assert each in page, f"{each!r} is not on {self.tab.url}:\n{page[:3000]}"
        return self

    def misses(self, *words: str) -> "Player":
        page = self.tab.locator("main").inner_html()
        for each in words:
            assert each not in page, f"{each!r} is on {self.tab.url}"
        return self

    def follow(self, name: str) -> "Player":
        """Click the first link of that name."""
        with self.tab.expect_navigation():
            self.tab.locator("main").get_by_role("link", name=name).first.click()
        return self

    def press(self, name: str) -> "Player":
        """Press the button of that name and wait for the next page."""
        button = self.tab.locator("main").get_by_role("button", name=name).first
        assert button.count(), f"no button {name!r} on {self.tab.url}:\n{self.text()[:3000]}"
        with self.tab.expect_navigation():
            button.click()
        return self

    # -- forms --------------------------------------------------------------------------------------------------------
    def field(self, name: str) -> Locator:
        return self.tab.locator(f"main [name='{name}']").first

    def fill(self, **values: str | bool) -> "Player":
        """Fill in fields by name: text, a choice's value, or True for a box to tick."""
        for name, value in values.items():
            self._fill(name, value)
        return self

    def _fill(self, name: str, value: str | bool) -> None:
        found = self.field(name)
        tag, kind = found.evaluate("each => [each.tagName, each.type]")
        if tag == "SELECT":
            found.select_option(str(value))
        elif kind in ("radio", "checkbox"):
            chosen = found if value is True else self.tab.locator(f"main [name='{name}'][value='{value}']").first
            label = f"//label[@for='{chosen.get_attribute('id')}' or .//input[@id='{chosen.get_attribute('id')}']]"
            self.tab.locator(f"xpath={label}").first.click()
            assert chosen.is_checked(), f"{name} does not take {value}"
        else:
            found.fill(str(value))

    def choose(self, *labels: str) -> "Player":
        """Tick the box, or choose the radio, with each of these labels."""
        for each in labels:
            self.tab.locator("main").get_by_label(each).first.check(force=True)
        return self

    def problems(self) -> str:
        """Return what the error summary says, or nothing."""
        summary = self.tab.locator(".govuk-error-summary")
        return summary.inner_text() if summary.count() else ""

    def fill_empty(self, **known: str) -> "Player":
        """Fill in whatever the form on the page still asks, sensibly; ``known`` gives the answer to some by name."""
        for add in self.tab.locator("main form[data-questions] button[name=add]").all():
            group = add.locator("xpath=ancestor::fieldset[1]")
            if (
                not group.locator("fieldset").count()
                and "niet verplicht" not in group.locator("legend").first.inner_text()
            ):
                with self.tab.expect_navigation():
                    add.click()
                return self.fill_empty(**known)
        self.fill(**known)
        for found in self.tab.locator(WRITABLE).all():
            if found.is_visible() and not found.input_value() and not found.locator(OPTIONAL).count():
                found.fill(_sensible(found))
        for found in self.tab.locator("main form[data-questions] select").all():
            if found.is_visible() and not found.input_value():
                found.select_option(index=1)
        for name in self._unchosen():
            self.tab.locator(f"main [name='{name}']:not([type=hidden])").first.check(force=True)
        return self

    def _unchosen(self) -> list[str]:
        """Return the names of visible groups of radios and boxes of which nothing is chosen; folded ones are left."""
        return list(self.tab.evaluate(UNCHOSEN))


WRITABLE = "main form[data-questions] :is(textarea, input:is([type=text], [type=date], [type=email], [type=tel]))"
OPTIONAL = "xpath=ancestor::*[@data-question][1]//*[contains(@class, 'dp-optional')]"
UNCHOSEN = """() => {
  const groups = {}
  for (const box of document.querySelectorAll("main form[data-questions] :is([type=radio], [type=checkbox])")) {
    if (!box.closest("[hidden], details:not([open])")) (groups[box.name] ||= []).push(box.checked)
  }
  return Object.keys(groups).filter(name => !groups[name].some(Boolean))
}"""


def _sensible(field: Locator) -> str:
    kind, name, mode, source = field.evaluate("e => [e.type, e.name, e.inputMode, e.getAttribute('list')]")
    if kind == "date":
        return "2023-03-01"
    if kind == "email" or name.endswith("email"):
        return "hilde.maertens@digipunt-leie.example"
    if source:
        return "Kortrijk"
    if mode in ("numeric", "decimal"):
        return "12"
    if "iban" in name or "account" in name:
        return "BE71 0961 2345 6769"
    return "Wij werken dit uit met onze partners in elke gemeente."
