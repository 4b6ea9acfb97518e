// A copy of an expired group: its members, or its list as a file to review.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Item } from "../../answers";
import { at, get, query } from "../../api";
import { TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Submit } from "../../parts/submit";
import type { Group, Page } from "../../types";
import { t } from "../../words";
import { Uploading, useUpload } from "../imports/upload";
import { exported } from "./export";

type Member = Item<"/v1/groups/{group_id}/members">;

const A_PAGE = 200;

/** The addresses of all members of a group. */
export async function membersOf(group: string): Promise<readonly { readonly email: string }[]> {
  const all: { readonly email: string }[] = [];
  let cursor: string | undefined;
  do {
    const page = await get<Page<Member>>(query(at`v1/groups/${group}/members`, { limit: A_PAGE, cursor }));
    all.push(...page.items.map(({ email }) => ({ email })));
    cursor = page.next ?? undefined;
  } while (cursor);
  return all;
}

/** The list of a target group as a file for a new one, which is reviewed before anything is stored. */
export function CopyList({ list }: { list: Group }): JSX.Element {
  const [name, setName] = useState(t("groups.copyOf", { name: list.name }));
  const upload = useUpload();
  const { problem, send } = upload.sending;
  const copy = async (event: Event): Promise<void> => {
    event.preventDefault();
    let blob: Blob | null = null;
    await send(async () => {
      blob = await exported(list.group_id);
    });
    if (!blob) return;
    const file = new File([blob], `${list.name}.csv`, { type: "text/csv" });
    await upload.start("target_group", file, { group: name.trim(), mode: "create", review: true });
  };
  return (
    <ApiForm of={upload.sending} class="card narrow" submit={copy}>
      <p class="hint">{t("groups.likeList", { name: list.name })}</p>
      <TextField
        label={t("groups.name")}
        error={problem?.about("group")}
        required
        maxLength={200}
        value={name}
        change={setName}
      />
      {upload.share === undefined ? <Submit of={upload.sending} act={t("wanted.upload")} /> : <Uploading of={upload} />}
    </ApiForm>
  );
}
