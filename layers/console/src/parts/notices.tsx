// Notices at the foot of the page, read out by screen readers, that disappear after a while or when dismissed.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../words";

type News = { readonly id: number; readonly text: string; readonly tone: "good" | "bad" };

const LASTS = 8_000;
const news = signal<readonly News[]>([]);
let count = 0;

export function showNotice(text: string, tone: News["tone"] = "good"): void {
  const id = ++count;
  news.value = [...news.value, { id, text, tone }];
  if (tone === "good") setTimeout(() => dismiss(id), LASTS);
}

function dismiss(id: number): void {
  news.value = news.value.filter((one) => one.id !== id);
}

export function NoticeList(): JSX.Element {
  return (
    <div class="said" role="status" aria-live="polite">
      {news.value.map((one) => (
        <p key={one.id} class={`news ${one.tone}`}>
          <span>{one.text}</span>
          <button type="button" class="plain" aria-label={t("dismiss")} onClick={() => dismiss(one.id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
