// A state as a coloured word, which is complete without its colour.

import type { ComponentChildren, JSX } from "preact";

export type Tone = "good" | "bad" | "warn" | "busy" | "quiet";

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>;
}
