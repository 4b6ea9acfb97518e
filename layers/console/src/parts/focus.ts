// The keyboard goes on from where it was: when what had the focus is disabled for a while, or gone.

const HOLDS = "table, section, form, details, dialog, main";

// What had the focus last and all around it, from the inside out; nothing once a pointer went elsewhere.
let around: readonly HTMLElement[] = [];

/** Have the focus there again, if need be once it is no longer disabled. */
export function returnFocus(to: Element | null): void {
  around = ancestry(to);
  around[0]?.focus();
}

/** Watch the page; begun once. */
export function keepFocus(): void {
  addEventListener("focusin", ({ target }) => (around = ancestry(target)));
  addEventListener("pointerdown", ({ target }) => {
    if (!around[0]?.contains(target as Node)) around = [];
  });
  new MutationObserver(() => {
    const [last] = around;
    if (!last || document.activeElement !== document.body) return;
    if (!last.isConnected) rest();
    else if (!last.matches(":disabled")) last.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}

function ancestry(target: EventTarget | null): readonly HTMLElement[] {
  const all: HTMLElement[] = [];
  for (let one = target; one instanceof HTMLElement; one = one.parentElement) all.push(one);
  return all;
}

/** Have the focus where the nearest is that is still there. */
function rest(): void {
  const near = around.find((one) => one.isConnected && one.matches(HOLDS));
  if (!near) return;
  if (!near.hasAttribute("tabindex")) near.tabIndex = -1;
  near.focus({ preventScroll: true });
}
