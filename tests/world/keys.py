"""A person without a mouse: moves with Tab, acts with Enter, Space and arrows, and must always see where the focus is."""

from playwright.sync_api import Page

MOST_STOPS = 400
INSTALL = """() => {
  const marks = each => {
    const label = each.labels?.[0]
    const looks = [getComputedStyle(each), label && getComputedStyle(label, "::before"), each.parentElement && getComputedStyle(each.parentElement)]
    return looks.map(s => s && [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.borderBottomColor].join()).join("|")
  }
  const words = each => [
    each.getAttribute("aria-label"), each.innerText, [...(each.labels || [])].map(one => one.innerText).join(" "), each.value
  ].find(one => one?.trim())?.replace(/\\s+/g, " ").trim() || ""
  window.whereIsTheFocus = () => {
    const now = document.activeElement, before = window.focusedBefore
    const unseen = before?.isConnected && before !== now && marks(before) === window.marksBefore
      ? before.outerHTML.slice(0, 160) : ""
    const nowhere = !now || now === document.body || now === document.documentElement
    if (before !== now && !nowhere) window.marksBefore = marks(now)  // a date has several stops inside one control
    window.focusedBefore = nowhere ? null : now
    if (nowhere) return {tag: "", unseen}
    const box = now.getBoundingClientRect()
    const isOnScreen = box.bottom > 0 && box.top < innerHeight && box.width > 0
    return {
      tag: now.tagName, type: now.type || "", words: words(now), name: now.name || "", checked: !!now.checked,
      inMain: !!now.closest("main"), inForm: !!now.closest("form[data-questions]"), unseen,
      hidden: isOnScreen ? "" : now.outerHTML.slice(0, 160),
    }
  }
}"""


class Keyboard:
    """The keys of one browser tab. Every step asserts that the focus that was left had looked different while it stood."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self.kinds: set[str] = set()

    def press(self, key: str) -> dict:
        self.tab.keyboard.press(key)
        return self.here()

    def here(self) -> dict:
        """What has the focus now."""
        self.tab.evaluate(f"() => window.whereIsTheFocus || ({INSTALL})()")
        found = self.tab.evaluate("() => window.whereIsTheFocus()")
        assert not found["unseen"], f"the focus cannot be seen on {found['unseen']}"
        assert not found.get("hidden"), f"the focus is off the screen on {found['hidden']}"
        return found

    def go_to(self, words: str, *, tag: str = "", key: str = "Tab") -> dict:
        """Move on until what has the focus says ``words``."""
        for _ in range(MOST_STOPS):
            found = self.press(key)
            if found["tag"] and words in found["words"] and tag in ("", found["tag"]):
                return found
        raise AssertionError(f"{words!r} is not reached on {self.tab.url}")

    def follow(self, words: str, *, tag: str = "") -> None:
        """Move to what says ``words``, press Enter, and wait for the page it leads to."""
        self.go_to(words, tag=tag)
        self.enter()

    def enter(self) -> None:
        with self.tab.expect_navigation():
            self.tab.keyboard.press("Enter")

    def round_trip(self, key: str = "Tab") -> int:
        """Go through the whole page once, and return at how many places one stops: no place holds the focus."""
        self.tab.evaluate("() => document.activeElement?.blur()")
        for stops in range(MOST_STOPS):
            if not self.press(key)["tag"] and stops:
                return stops
        raise AssertionError(f"the focus does not leave {self.tab.url}")

    def answer(self, found: dict) -> None:
        """Answer the question that has the focus, by the keys that its kind of control takes."""
        self.kinds.add(found["type"] or found["tag"])
        if found["tag"] == "TEXTAREA":
            self.tab.keyboard.press("Control+End")
            self.tab.keyboard.type(" Zo.")
        elif found["tag"] == "SELECT":
            self.press("ArrowDown")
        elif found["type"] == "radio":
            self.press("Space")
            self.press("ArrowDown")
        elif found["type"] == "checkbox" and not found["checked"]:
            self.press("Space")
        elif found["type"] == "date":
            # The last of its stops is the button of its calendar, where arrows scroll the page, as for everybody: where
            # the focus stands is looked at again at the next stop.
            self.tab.keyboard.press("ArrowUp")
            self.tab.keyboard.press("ArrowDown")
        elif found["type"] == "text" and not found["words"]:
            self.tab.keyboard.type("12")
