// Signing in: a token, pasted, is exchanged for a session.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "./api";
import { TextField } from "./parts/field";
import { useSending } from "./parts/send";
import { begin, signOutReason } from "./session";
import { Languages, Mark } from "./shell";
import { problemText, t } from "./words";

export function SignIn(): JSX.Element {
  const [token, setGiven] = useState("");
  const { busy, problem, send } = useSending();
  const form = useRef<HTMLFormElement>(null);
  // Nothing else is done here.
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const enter = (event: Event): void => {
    event.preventDefault();
    void send(() => exchange(token.trim()));
  };
  return (
    <main class="signin">
      <form ref={form} onSubmit={enter}>
        <p class="brand">
          <Mark />
          <span>Guestlist</span>
        </p>
        <h1>{t("signin.title")}</h1>
        {signOutReason.value && (
          <div class="alert warn" role="alert">
            <p>{signOutReason.value}</p>
          </div>
        )}
        <TextField
          label={t("signin.token")}
          hint={t("signin.hint")}
          error={problem?.message}
          type="password"
          autoComplete="off"
          required
          value={token}
          change={setGiven}
        />
        <div class="actions">
          <Languages />
          <button type="submit" class="main" disabled={busy}>
            {t("signin.enter")}
          </button>
        </div>
      </form>
    </main>
  );
}

/** Begin a session if the token is an organiser's. */
async function exchange(token: string): Promise<void> {
  let answer: Response;
  try {
    answer = await begin(token);
  } catch {
    throw new Problem(0, "offline", problemText("offline"));
  }
  if (answer.ok) return;
  const why = { 401: t("signin.unknown"), 403: t("signin.checkout") }[answer.status] ?? problemText("ours");
  throw new Problem(answer.status, "refused", why);
}
