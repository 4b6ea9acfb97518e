// The organiser's console: one page over the HTTP API.
//
// How to add a screen
//   1. A file in `screens/` with a component that takes the names in its path as properties:
//        export function Group({ id }: { id: string }) { … }
//   2. A line in `screens.ts`: its path, the key of its title and, for the navigation, of its name there.
//   3. Its sentences in `words/en.ts`, `nl.ts` and `da.ts`; a key or a {hole} that one of them lacks
//      does not compile. In the component: t("groups.title"), t("groups.members", { n: 3 }).
//   4. Its data: `const group = useLoad((signal) => api.get<Group>(`v1/groups/${id}`, signal), [id])`
//      and `<Loaded of={group}>{(group) => …}</Loaded>`, which shows waiting, failure and retry by itself.
//      A list: `usePages` and `<Table>`. Its changes: `useSending` and `<ApiForm>`, which
//      shows at its top what no field shows by `problem?.about(field)`.
//   5. Use `parts/`: fields, typeahead, confirm dialog, notices, dates, durations, badges.
//   6. Styles in `style.css`, by class, from its custom properties; never a colour of a screen's own.
//   7. A test in `tests/console/`: the page in Chromium against the running stack; every screen is listed in
//      `places.py`, and `test_every_screen.py` looks at it with axe and takes its pictures.
//
// Everything comes from the API; a 401 anywhere leads back to the sign-in with a sentence.

import { render } from "preact";
import { keepFocus } from "./parts/focus";
import { Shell } from "./shell";

keepFocus();
render(<Shell />, document.body);
