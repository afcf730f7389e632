import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useFocusTarget, usePanel } from "../context";
import { valueAt } from "../store/dotted-path";
import { fill, plural, STRINGS } from "../strings";
import { Icon } from "../ui/icon";
import { ParameterGroup } from "./parameter-group";
import { ParameterSearch, useGroups, useSearch } from "./parameter-search";

/** Breakpoint of the style sheet: from this width on the parameters are beside the conversation. */
const WIDE_PX = 860;

/** All parameters, in groups. In a narrow panel they collapse into one line with counts. */
export function ParameterPanel() {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const isOpen = useSignal(false);
  const isWide = useSignal(false);
  const aside = useRef<HTMLElement>(null);
  const counts = useComputed(() => {
    const { params, ignored, problems, param_specs } = panel.traits;
    const set = param_specs.value.filter(({ name }) => valueAt(params.value, name) !== undefined).length;
    const wrong = problems.value.filter(({ level }) => level === "error").length;
    return { set, ignored: Object.keys(ignored.value).length, wrong };
  });
  const { set, ignored, wrong } = counts.value;
  const search = useSearch();
  const wanted = focusTarget.value?.field ?? focusTarget.value?.search;
  useLayoutEffect(() => {
    if (wanted) isOpen.value = true;
  }, [wanted]);
  useLayoutEffect(() => {
    const root = aside.current?.closest(".orn-pg");
    if (!root || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(([entry]) => {
      isWide.value = (entry?.contentRect.width ?? 0) >= WIDE_PX;
    });
    observer.observe(root);
    return () => observer.disconnect();
  }, []);
  const title = (
    <>
      <Icon name="sliders" />
      <span>{STRINGS.parameters}</span>
      <span class="orn-counts">
        {fill(STRINGS.nSet, { n: set })}
        {ignored > 0 && ` · ${fill(STRINGS.nIgnored, { n: ignored })}`}
        {wrong > 0 && <strong> · {plural(STRINGS.nWrong, wrong)}</strong>}
      </span>
    </>
  );
  const groups = useGroups(search);
  const isFound = search.words.value.trim() !== "" || search.isSetOnly.value;
  return (
    <section
      ref={aside}
      class="orn-rail"
      data-open={isOpen.value || isWide.value || !!wanted}
      aria-label={STRINGS.parameters}
    >
      <h2 class="orn-rail-head">
        {isWide.value ? (
          title
        ) : (
          <button
            type="button"
            aria-expanded={isOpen.value}
            onClick={() => {
              isOpen.value = !isOpen.value;
            }}
          >
            {title}
            <Icon name="open" />
          </button>
        )}
      </h2>
      <ParameterSearch {...search} found={groups.value.flatMap(({ specs }) => specs)} />
      <div class="orn-rail-body">
        <Scope />
        {groups.value.map((group, index) => (
          <ParameterGroup key={group.name} {...group} opens={index === 0} isFound={isFound} />
        ))}
      </div>
      <p class="orn-rail-foot orn-muted">{STRINGS.aboutParameters}</p>
    </section>
  );
}

/** Selects the column whose values are edited, if there are several. */
function Scope() {
  const panel = usePanel();
  const columns = panel.traits.columns.value;
  if (columns.length < 2) return null;
  return (
    <label class="orn-scope">
      {STRINGS.valuesOf}
      <select
        value={panel.scope.value ?? ""}
        onChange={({ currentTarget }) => {
          panel.scope.value = currentTarget.value || undefined;
        }}
      >
        <option value="">{STRINGS.allColumns}</option>
        {columns.map(({ id, model }, at) => (
          <option key={id} value={id}>{`${at + 1}: ${model}`}</option>
        ))}
      </select>
    </label>
  );
}
