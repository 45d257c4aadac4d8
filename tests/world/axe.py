"""What axe finds on a page. Contrast takes it longer than all else together, so it judges each look once."""

from axe_playwright_python.sync_playwright import Axe

SCRIPT = Axe().axe_script
# A look: the tags and classes of a text and of all it lies in, with their colours, grounds and sizes. Two texts of one
# look are as legible as each other, and most of a page looks as on the page before. Known are those that axe itself found
# legible: what it passes over, since it is hidden or disabled, is not among them. ``_audit`` is where axe keeps a check.
FIND = """async known => {
  const legible = new Set(known), fresh = [], looks = new Map()
  const digest = (text, seed) => [...text].reduce((sum, each) => Math.imul(sum ^ each.codePointAt(), 16777619), seed)
  const lookOf = element => {
    if (element && !looks.has(element)) {
      const style = getComputedStyle(element)
      const look = [
        lookOf(element.parentElement), element.tagName, element.getAttribute("class"), style.color, style.background,
        style.opacity, style.position, style.fontSize, style.fontWeight, style.textShadow,
      ].join()
      looks.set(element, `${digest(look, 1)}.${digest(look, 2)}`)
    }
    return looks.get(element)
  }
  const contrast = axe._audit.checks["color-contrast"], judge = contrast.evaluate
  contrast.evaluate = function (element, ...rest) {
    const look = lookOf(element)
    if (legible.has(look)) return true
    const judged = judge.call(this, element, ...rest)
    if (judged === true) {
      legible.add(look)
      fresh.push(look)
    }
    return judged
  }
  const found = await axe.run({resultTypes: ["violations"]})
  return [found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`)), fresh]
}"""
LEGIBLE = set()  # the looks that this process knows


def axe_problems(tab):
    """What axe finds on the page that stands in ``tab``, at its present width."""
    tab.evaluate(SCRIPT)
    problems, fresh = tab.evaluate(FIND, list(LEGIBLE))
    LEGIBLE.update(fresh)
    return problems
