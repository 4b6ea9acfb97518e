// Restores the focus when its element was disabled for a while or removed.

const HOLDS = "table, section, form, details, dialog, main";

// The element that had the focus last and its ancestors, inside out; empty once a pointer was used elsewhere.
let focusPath: readonly HTMLElement[] = [];

/** Focus the element again, once it is enabled. */
export function returnFocus(to: Element | null): void {
  focusPath = ancestry(to);
  focusPath[0]?.focus();
}

/** Watch the focus of the page; call it once. */
export function keepFocus(): void {
  addEventListener("focusin", ({ target }) => (focusPath = ancestry(target)));
  addEventListener("pointerdown", ({ target }) => {
    if (!focusPath[0]?.contains(target as Node)) focusPath = [];
  });
  new MutationObserver(() => {
    const [last] = focusPath;
    if (!last || document.activeElement !== document.body) return;
    if (!last.isConnected) focusNearestAncestor();
    else if (!last.matches(":disabled")) last.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}

function ancestry(target: EventTarget | null): readonly HTMLElement[] {
  const all: HTMLElement[] = [];
  for (let one = target; one instanceof HTMLElement; one = one.parentElement) all.push(one);
  return all;
}

/** Focus the nearest ancestor that still exists. */
function focusNearestAncestor(): void {
  const near = focusPath.find((one) => one.isConnected && one.matches(HOLDS));
  if (!near) return;
  if (!near.hasAttribute("tabindex")) near.tabIndex = -1;
  near.focus({ preventScroll: true });
}
