// Restoring a deleted group, under another name if its own is taken.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, post } from "../../api";
import { Dialog } from "../../parts/dialog";
import { TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { showNotice } from "../../parts/notices";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import type { Group } from "../../types";
import { t } from "../../words";

export function Restore({
  group,
  close,
  restored,
}: {
  group: Group;
  close: () => void;
  restored: (group: Group) => void;
}): JSX.Element {
  const [name, setName] = useState(group.name);
  const sending = useSending();
  const { problem, send } = sending;
  const restore = async (event: Event): Promise<void> => {
    event.preventDefault();
    let back: Group | undefined;
    await send(async () => (back = await post<Group>(at`v1/groups/${group.group_id}/restore`, { name: name.trim() })));
    if (back) {
      showNotice(t("groups.restored"));
      restored(back);
    }
  };
  return (
    <Dialog title={t("groups.restore")} close={close} role="alertdialog">
      <ApiForm of={sending} submit={restore}>
        <p>{t("groups.restoreAsk", { name: group.name })}</p>
        <TextField
          label={t("groups.name")}
          error={problem?.about("name") ?? problem?.because("name_taken")}
          required
          maxLength={200}
          value={name}
          change={setName}
        />
        <Submit of={sending} act={t("groups.restore")} cancel={close} />
      </ApiForm>
    </Dialog>
  );
}
