import { usePanel } from "./context";
import type { Column, ModelRow } from "./protocol";
import { FILTERS } from "./store/model-catalog";
import { plural, STRINGS } from "./strings";
import { Button } from "./ui/button";
import { Combobox } from "./ui/combobox";
import { price, shortCount } from "./ui/format";

const ROW_HEIGHT = 50;

/** Selects the model of a column: from the catalog, or any id with any suffix. */
export function ModelPicker({ column, label }: { column: Column; label: string }) {
  const panel = usePanel();
  const { models } = panel;
  return (
    <Combobox<ModelRow>
      label={label}
      value={column.model}
      placeholder={STRINGS.anyModel}
      rowHeight={ROW_HEIGHT}
      find={(query) => models.find(query)}
      isLoading={models.isLoading.value}
      keyOf={({ id }) => id}
      onOpen={() => void models.load()}
      onPick={(model) => void panel.do({ op: "set_model", column: column.id, model })}
      header={(found) => (
        <>
          {FILTERS.map((filter) => (
            <button
              key={filter}
              type="button"
              class="orn-tag"
              aria-pressed={models.filters.value.has(filter)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => models.toggle(filter)}
            >
              {STRINGS.filters[filter]}
            </button>
          ))}
          <span class="orn-grow orn-muted" role="status">
            {models.problem.value || (models.reply.value ? plural(STRINGS.nModels, found) : STRINGS.loading)}
          </span>
          {models.reply.value?.stale && (
            <Button bare icon="redo" label={STRINGS.refreshModels} onPress={() => void models.load(true)} />
          )}
        </>
      )}
      nothing={models.reply.value && (models.filters.value.size > 0 ? STRINGS.noneFits : STRINGS.noneNamed)}
      row={(model) => <ModelLine model={model} />}
    />
  );
}

function ModelLine({ model }: { model: ModelRow }) {
  const kinds = [
    ...model.inputs.filter((kind) => kind !== "text"),
    ...model.outputs.filter((kind) => kind !== "text").map((kind) => `→${kind}`),
  ];
  const able = [model.tools && STRINGS.filters.tools, model.reasoning && STRINGS.filters.reasoning];
  return (
    <div class="orn-model-line" title={model.description}>
      <span>
        <b>{model.id}</b> <small>{model.name === model.id ? "" : model.name}</small>
      </span>
      <small>
        {[
          `${shortCount(model.context)} ${STRINGS.context}`,
          `${price(model.price_in)} / ${price(model.price_out)}`,
          kinds.join("+"),
          ...able,
          model.expires && `${STRINGS.until} ${model.expires.slice(0, 10)}`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </div>
  );
}
