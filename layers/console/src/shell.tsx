// The frame of every screen: the organiser, the navigation, dialogs and notices.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { get } from "./api";
import { Boundary } from "./parts/boundary";
import { Failed, useLoad, Waiting } from "./parts/load";
import { NoticeList } from "./parts/notices";
import { QuestionDialog } from "./parts/question";
import { useCurrentInView } from "./parts/scroll";
import { route, to } from "./router";
import { type Shown, screens, shownAt } from "./screens";
import { organiser, session, signedIn, signOut } from "./session";
import { SignIn } from "./signin";
import type { Organiser } from "./types";
import { type Language, language, languages, speak, t } from "./words";

const online = signal(navigator.onLine);
for (const event of ["online", "offline"]) addEventListener(event, () => (online.value = navigator.onLine));

export function Shell(): JSX.Element {
  return (
    <div>
      {signedIn.value ? <SignedIn key={session.value} /> : <SignIn />}
      <QuestionDialog />
      <NoticeList />
    </div>
  );
}

function SignedIn(): JSX.Element {
  const who = useLoad((signal) => get<Organiser>("v1/organiser", signal), []);
  useEffect(() => {
    if (who.value) organiser.value = who.value;
  }, [who.value]);
  return (
    <div class="shell">
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place of the page; the fragment is the router's */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector("main")?.focus();
        }}
      >
        {t("shell.skip")}
      </a>
      {(organiser.value || who.problem) && <Head />}
      <main tabIndex={-1}>
        {!online.value && (
          <div class="alert warn" role="alert">
            <p>{t("shell.offline")}</p>
          </div>
        )}
        {who.problem && <Failed problem={who.problem} again={who.again} />}
        {organiser.value ? <Here /> : !who.problem && <Waiting />}
      </main>
    </div>
  );
}

function Head(): JSX.Element {
  return (
    <header class="head">
      <p class="brand">
        <Mark />
        <span>
          Guestlist<small>{organiser.value?.name ?? " "}</small>
        </span>
      </p>
      <Navigation />
      <div class="self">
        <Languages />
        <button type="button" class="plain" onClick={() => void signOut()}>
          {t("shell.signOut")}
        </button>
      </div>
    </header>
  );
}

function Navigation(): JSX.Element {
  const here = shownAt(route.value.path)?.screen.path.split("/")[0];
  const row = useCurrentInView<HTMLElement>(here);
  return (
    <nav ref={row} aria-label={t("shell.navigation")}>
      <ul>
        {screens.map(
          ({ path, nav }) =>
            nav && (
              <li key={path}>
                <a href={to(...path.split("/"))} aria-current={path === here ? "page" : undefined}>
                  {t(nav)}
                </a>
              </li>
            ),
        )}
      </ul>
    </nav>
  );
}

export function Languages(): JSX.Element {
  return (
    <label class="languages">
      <span class="unseen">{t("shell.language")}</span>
      <select value={language.value} onChange={(event) => speak(event.currentTarget.value as Language)}>
        {languages.map(({ code, name }) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 11h16M8 16h16M8 21h9" />
    </svg>
  );
}

function Here(): JSX.Element {
  const shown = shownAt(route.value.path);
  return shown ? <Screened key={route.value.path.join("/")} shown={shown} /> : <Nowhere />;
}

/** The screen; opening it moves the focus to its top, where a screen reader then begins. */
function Screened({ shown: { screen, parameters: named } }: { shown: Shown }): JSX.Element {
  const top = useRef<HTMLDivElement>(null);
  const Show = screen.show;
  useEffect(() => {
    document.title = `${t(screen.title)} · Guestlist`;
    scrollTo(0, 0);
    top.current?.closest("main")?.focus({ preventScroll: true });
  }, []);
  return (
    <div ref={top} class="screen" data-place={route.value.path.join("/")}>
      <Boundary>
        <Show {...named} />
      </Boundary>
    </div>
  );
}

function Nowhere(): JSX.Element {
  return (
    <div class="empty">
      <h1>{t("shell.nowhere")}</h1>
      <p>
        <a href="#/">{t("shell.home")}</a>
      </p>
    </div>
  );
}
