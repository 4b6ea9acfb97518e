// A word with a colour that stands for a state; the word says it all, for those who do not see the colour.

import type { ComponentChildren, JSX } from "preact";

export type Tone = "good" | "bad" | "warn" | "busy" | "quiet";

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>;
}
