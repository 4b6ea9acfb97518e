// The upload of a file: its progress, how to stop it, and a confirmation before leaving the page.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { at, post } from "../../api";
import { begin, type Import, type Kind, type Options } from "../../imports";
import { showNotice } from "../../parts/notices";
import { ask } from "../../parts/question";
import { type Sending, useSending } from "../../parts/send";
import { go, guard } from "../../router";
import { percent, t } from "../../words";

export type Upload = {
  readonly sending: Sending;
  /** The uploaded share, from 0 to 1; undefined without an upload. */
  readonly share: number | undefined;
  /** Upload the file and open its import; `instead` is cancelled after the upload. */
  readonly start: (kind: Kind, file: File, options: Options & { review: boolean }, instead?: Import) => Promise<void>;
  readonly stop: () => void;
};

export function useUpload(): Upload {
  const [share, setShare] = useState<number>();
  const sending = useSending();
  const stopper = useRef(new AbortController());
  const under = share !== undefined;
  useEffect(() => {
    if (!under) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", warn);
    guard(() => ask({ title: t("leave.title"), text: t("leave.text"), act: t("leave.act"), danger: true }));
    return () => {
      removeEventListener("beforeunload", warn);
      guard(null);
      stopper.current.abort();
    };
  }, [under]);
  const start: Upload["start"] = async (kind, file, options, instead) => {
    stopper.current = new AbortController();
    const { signal } = stopper.current;
    setShare(0);
    await sending.send(async () => {
      try {
        const id = await begin(kind, file, options, setShare, signal);
        if (instead) await post(at`v1/imports/${instead.import_id}/cancel`).catch(() => undefined);
        guard(null);
        go("imports", id);
      } catch (error) {
        if (!signal.aborted) throw error;
        showNotice(t("wanted.stopped"));
      }
    });
    setShare(undefined);
  };
  return { sending, share, start, stop: () => stopper.current.abort() };
}

export function Uploading({ of: { share = 0, stop } }: { of: Upload }): JSX.Element {
  return (
    <div class="uploading">
      <progress max={1} value={share} aria-label={t("wanted.uploading")} />
      <span>
        {t("wanted.uploading")} {percent(share)}
      </span>
      <button type="button" onClick={stop}>
        {t("wanted.stop")}
      </button>
    </div>
  );
}
