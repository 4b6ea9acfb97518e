// Loading of data from the API, and its loading, error and empty states.

import type { ComponentChildren, JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { get, Problem, query } from "../api";
import type { Page } from "../types";
import { problemText, t } from "../words";
import { Boundary } from "./boundary";
import { useDebounced } from "./debounce";

export type Load<T> = {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  /** Read again and keep showing the present data meanwhile. */
  readonly again: () => void;
  /** Set the data from the response to a change. */
  readonly set: (value: T) => void;
};

/** Read when the component is mounted and whenever one of `on` changes; stale responses are dropped. */
export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>, on: readonly unknown[]): Load<T> {
  const [value, set] = useState<T>();
  const [problem, setProblem] = useState<Problem>();
  const [loading, setLoading] = useState(true);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setLoading(true);
    read(stop.signal)
      .then((value) => {
        set(() => value);
        setProblem(undefined);
      })
      .catch((error: unknown) => stop.signal.aborted || setProblem(asProblem(error)))
      .finally(() => stop.signal.aborted || setLoading(false));
    return () => stop.abort();
  }, [...on, turn]);
  const again = useCallback(() => setTurn((turn) => turn + 1), []);
  return { value, problem, loading, again, set };
}

export type Pages<T> = Load<readonly T[]> & {
  readonly message: string | undefined;
  /** Read the next page; undefined when there is none. */
  readonly more: (() => void) | undefined;
};

/** A list of the API, page by page; it starts over when the query changes. */
export function usePages<T>(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>> = {},
): Pages<T> {
  const typed = query(path, parameters);
  const question = useDebounced(typed);
  const first = useLoad((signal) => get<Page<T>>(question, signal), [question]);
  const [rest, setRest] = useState<{ items: readonly T[]; next: string | null }>();
  const [reading, setReading] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const newest = useRef(first.value);
  newest.current = first.value;
  useEffect(() => {
    setRest(undefined);
    setProblem(undefined);
  }, [first.value]);
  const next = rest ? rest.next : first.value?.next;
  const more = async (): Promise<void> => {
    const began = newest.current;
    setReading(true);
    try {
      const page = await get<Page<T>>(query(path, { ...parameters, cursor: next ?? undefined }));
      if (newest.current === began) setRest({ items: [...(rest?.items ?? []), ...page.items], next: page.next });
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setReading(false);
    }
  };
  return {
    value: first.value && [...first.value.items, ...(rest?.items ?? [])],
    problem: first.problem ?? problem,
    loading: first.loading || reading,
    again: first.again,
    set: (items) => first.set({ items, next: next ?? null }),
    message: first.value?.message,
    more: next && question === typed ? () => void (reading || more()) : undefined,
  };
}

type LoadedProps<T> = {
  readonly of: Load<T>;
  readonly children: (value: T) => ComponentChildren;
  /** What to show instead when a list is empty. */
  readonly empty?: ComponentChildren;
};

/** The loaded data, or the loading, error or empty state. */
export function Loaded<T>({ of, children, empty }: LoadedProps<T>): JSX.Element {
  const { value, problem, again } = of;
  if (value === undefined) return problem ? <Failed problem={problem} again={again} /> : <Waiting />;
  const bare = empty !== undefined && Array.isArray(value) && value.length === 0;
  return (
    <>
      {problem && <Failed problem={problem} again={again} />}
      {bare ? (
        <div class="empty">{empty}</div>
      ) : (
        <Boundary>
          <Shown value={value} show={children} />
        </Boundary>
      )}
    </>
  );
}

function Shown<T>({ value, show }: { value: T; show: (value: T) => ComponentChildren }): JSX.Element {
  return <>{show(value)}</>;
}

export function Waiting(): JSX.Element {
  return (
    <p class="waiting" role="status">
      {t("waiting")}
    </p>
  );
}

export function Failed({ problem, again }: { problem: Problem; again?: () => void }): JSX.Element {
  return (
    <div class="alert bad" role="alert">
      {problem.elsewhere.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {again && (
        <button type="button" onClick={again}>
          {t("again")}
        </button>
      )}
    </div>
  );
}

/** Anything thrown, as a `Problem`. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(-1, "error", problemText("ours"));
}
