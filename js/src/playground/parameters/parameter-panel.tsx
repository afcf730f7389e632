import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useFocusTarget, usePanel } from "../context";
import type { Spec } from "../protocol";
import { valueAt } from "../store/dotted-path";
import { fill, plural, STRINGS } from "../strings";
import { Icon } from "../ui/icon";
import { ParameterRow } from "./parameter-row";
import { RoutingNote } from "./routing-note";

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
  const wanted = focusTarget.value?.field;
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
  const groups = byGroup(panel.traits.param_specs.value);
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
      <div class="orn-rail-body">
        <Scope />
        {groups.map(([group, specs], index) => (
          <Group key={group} name={group} specs={specs} opens={index === 0} />
        ))}
        <Group name={STRINGS.settings} specs={panel.traits.setting_specs.value} opens={false} isSetting />
      </div>
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

interface GroupProps {
  name: string;
  specs: readonly Spec[];
  opens: boolean;
  isSetting?: boolean;
}

function Group({ name, specs, opens, isSetting = false }: GroupProps) {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const isOpen = useSignal(opens);
  const showsAll = useSignal(false);
  const wanted = focusTarget.value?.field;
  const { hints } = panel.traits;
  const present = specs.filter((spec) => {
    const isSet = panel.value(spec, isSetting) !== undefined;
    return isSet || (spec.control !== "note" && !hints.value[spec.name]?.hidden);
  });
  const isAdvanced = (spec: Spec) =>
    spec.advanced && panel.value(spec, isSetting) === undefined && spec.name !== wanted;
  const advanced = present.filter(isAdvanced);
  const shown = showsAll.value ? present : present.filter((spec) => !isAdvanced(spec));
  const set = isSetting ? 0 : present.filter((spec) => panel.value(spec) !== undefined).length;
  const mustOpen = specs.some((spec) => spec.name === wanted);
  useLayoutEffect(() => {
    if (!mustOpen) return;
    isOpen.value = true;
    showsAll.value ||= specs.some((spec) => spec.name === wanted && spec.advanced);
  }, [mustOpen]);
  if (present.length === 0) return null;
  return (
    <details
      class="orn-group"
      open={isOpen.value || mustOpen}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        <Icon name="open" />
        <h3>{name}</h3>
        {set > 0 && <span class="orn-counts">{fill(STRINGS.nSet, { n: set })}</span>}
      </summary>
      {isOpen.value && (
        <div class="orn-rows">
          {specs.some((spec) => spec.name.startsWith("provider.")) && <RoutingNote />}
          {shown.map((spec) => (
            <ParameterRow key={spec.name} spec={spec} isSetting={isSetting} />
          ))}
          {advanced.length > 0 && (
            <button
              type="button"
              class="orn-button orn-link"
              aria-expanded={showsAll.value}
              onClick={() => {
                showsAll.value = !showsAll.value;
              }}
            >
              {showsAll.value ? STRINGS.fewer : fill(STRINGS.moreRows, { n: advanced.length })}
            </button>
          )}
        </div>
      )}
    </details>
  );
}

function byGroup(specs: readonly Spec[]): [string, Spec[]][] {
  const groups = new Map<string, Spec[]>();
  for (const spec of specs) groups.set(spec.group, [...(groups.get(spec.group) ?? []), spec]);
  return [...groups];
}
