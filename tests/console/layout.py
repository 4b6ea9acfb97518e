"""Layout checks: any window, zoom to 200 %, and reduced motion."""

from playwright.sync_api import Page

from tests.console.browser import NARROW, WIDE

# How many pixels of CSS a window of 1,280 by 860 has at 200 %.
ZOOMED = {"width": 640, "height": 430}
# A tablet, upright and lying: with and without the navigation at the side, which takes room from the tables.
TABLET = ({"width": 834, "height": 1112}, {"width": 1024, "height": 768})
_WIDER = "document.documentElement.scrollWidth - innerWidth"
_BROKEN = """
() => {
  const found = [];
  for (const one of document.querySelectorAll("button, .button, .badge, label, legend, th[scope=col], dt, summary")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest(".unseen")) continue;
    const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const { index, 0: word } of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (word.length < 24 && lines.size > 1) found.push(`broken: ${word}`);
      }
    }
  }
  return found;
}
"""
_OBSTACLES = """
() => {
  const found = [];
  const tell = (what, one) =>
    found.push(`${what}: ${one.localName}.${one.className} “${(one.innerText || one.value || "").slice(0, 40)}”`);
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".unseen, .skip, svg");
  for (const one of document.querySelectorAll("body *")) {
    const { transitionDuration, animationName, overflowX } = getComputedStyle(one);
    if (!/^[0s, ]+$/.test(transitionDuration) || animationName !== "none") tell("moves", one);
    if (!shown(one)) continue;
    // What is one pixel wide is meant for screen readers.
    const seen = one.clientWidth > 1 ? one.clientWidth : Infinity;
    if (["hidden", "clip"].includes(overflowX) && one.scrollWidth > seen + 1) tell("cut off", one);
    if (one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, nav")) tell("outside", one);
  }
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    if (!shown(one)) continue;
    one.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { left, top, right, bottom } = one.getClientRects()[0];
    const [x, y] = [(left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
    const hit = document.elementFromPoint(x, y);
    if (![one, ...(one.labels ?? [])].some((own) => own.contains(hit))) tell("covered", one);
  }
  scrollTo(0, 0);
  return found;
}
"""


def obstacles(page: Page) -> list[str]:
    """Elements that are cut off, outside the window, covered, or moving at 200 %, and misfits."""
    return misfits(page) + page.evaluate(_OBSTACLES)


def misfits(page: Page) -> list[str]:
    """By how much the page is wider than a window, and words in two, in windows of every kind, at last at 200 %."""
    faults = []
    for size in (NARROW, WIDE, *TABLET, ZOOMED):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        faults += page.evaluate(_BROKEN)
        wider = page.evaluate(_WIDER)
        faults += [f"{wider} pixels too wide at {size['width']}"] if wider > 0 else []
    return faults
