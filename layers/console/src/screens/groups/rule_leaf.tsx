// The editor of a rule: the entity, the minimum and the window.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { KINDS, NAMES } from "../../entities";
import { DurationField, duration, typed } from "../../parts/duration";
import { SelectField, TextField } from "../../parts/field";
import { Typeahead } from "../../parts/typeahead";
import { searchEntities as search } from "../../searches";
import type { EntityType, Leaf } from "../../types";
import { t } from "../../words";
import { type Names, nameKey } from "./rule_words";

type Props = {
  readonly leaf: Leaf | null;
  readonly names: Names;
  readonly learn: (type: EntityType, id: string, name: string) => void;
  readonly confirm: (leaf: Leaf) => void;
  readonly cancel: () => void;
};

const SERIES: readonly EntityType[] = ["schedule", "inventory_item"];

export function LeafFields({ leaf, names, learn, confirm, cancel }: Props): JSX.Element {
  const [type, setType] = useState<EntityType>(leaf?.type ?? "event");
  const [id, setId] = useState(leaf?.id ?? "");
  const [name, setName] = useState(leaf ? (names.get(nameKey(leaf.type, leaf.id)) ?? leaf.id) : "");
  const [minimum, setMinimum] = useState(String(leaf?.minimum ?? 1));
  const [within, setWithin] = useState(typed(leaf?.within));
  const [distinct, setDistinct] = useState(leaf?.distinct_events ? String(leaf.distinct_events) : "");
  const kind = (next: EntityType): void => {
    setType(next);
    setId("");
    setName("");
  };
  const least = Number(minimum);
  const ready = id !== "" && Number.isInteger(least) && least >= 1;
  const confirmLeaf = (): void => {
    learn(type, id, name);
    const length = duration(within);
    confirm({
      type,
      id,
      minimum: least,
      ...(length && { within: length }),
      ...(distinct && SERIES.includes(type) && { distinct_events: Number(distinct) }),
    });
  };
  return (
    <div class="leaf writing" role="group" aria-label={t("rule.one")}>
      <div class="pair">
        <SelectField
          label={t("rule.kind")}
          value={type}
          change={kind}
          choices={KINDS.map((one) => ({ value: one, name: t(NAMES[one]) }))}
        />
        <Typeahead
          label={t("rule.what")}
          hint={t("rule.whatHint")}
          value={name}
          change={(typed, picked) => {
            setName(typed);
            setId(picked?.id ?? "");
          }}
          search={search(type)}
          only
        />
        <TextField label={t("rule.minimum")} type="number" min={1} value={minimum} change={setMinimum} />
        <DurationField label={t("rule.window")} hint={t("rule.windowHint")} value={within} change={setWithin} />
        {SERIES.includes(type) && (
          <TextField
            label={t("rule.events")}
            hint={t("rule.eventsHint")}
            type="number"
            min={1}
            value={distinct}
            change={setDistinct}
          />
        )}
      </div>
      <div class="actions">
        <button type="button" onClick={cancel}>
          {t("cancel")}
        </button>
        <button type="button" class="main" disabled={!ready} onClick={confirmLeaf}>
          {t("rule.confirm")}
        </button>
      </div>
    </div>
  );
}
