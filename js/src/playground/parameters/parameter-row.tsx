import { useLayoutEffect, useRef } from "preact/hooks";
import { useFocusTarget, usePanel } from "../context";
import type { Json, Spec } from "../protocol";
import { topOf } from "../store/dotted-path";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { useElementId } from "../ui/hooks";
import { Icon } from "../ui/icon";
import { Menu, type MenuItem } from "../ui/menu";
import { Help } from "./help";
import { SpecControl } from "./spec-control";

/** One parameter: name, control, state and problems. Rendered from its spec alone. */
export function ParameterRow({ spec, isSetting = false }: { spec: Spec; isSetting?: boolean }) {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const row = useRef<HTMLDivElement>(null);
  const hint = panel.traits.hints.value[spec.name] ?? {};
  const value = panel.value(spec, isSetting);
  const ignored = isSetting ? undefined : panel.traits.ignored.value[topOf(spec.name)];
  const problems = panel.traits.problems.value.filter(
    ({ field }) => field === spec.name || field.startsWith(`${spec.name}.`),
  );
  const isWrong = problems.some(({ level }) => level === "error");
  const state: ParameterState =
    value === undefined
      ? "unset"
      : isWrong
        ? "invalid"
        : ignored
          ? "ignored"
          : value === null
            ? "null"
            : "set";
  const id = useElementId();
  const isWanted = focusTarget.value?.field === spec.name;

  useLayoutEffect(() => {
    if (!isWanted) return;
    focusTarget.value = undefined;
    row.current?.scrollIntoView?.({ block: "nearest" });
    row.current?.querySelector<HTMLElement>(".orn-control :is(input, select, textarea, button)")?.focus();
  }, [isWanted]);

  const excludes = spec.excludes?.length ? `${STRINGS.excludes} ${spec.excludes.join(", ")}.` : "";
  const requires = spec.requires ? `${STRINGS.requires} ${spec.requires}.` : "";
  const help = [spec.help, requires, excludes].filter(Boolean).join(" ");
  return (
    <div ref={row} class={`orn-param orn-${state}`} data-param={spec.name} data-state={state}>
      <label class="orn-param-name" for={id} title={help}>
        {spec.label}
        {spec.unit && <small> {spec.unit}</small>}
      </label>
      <div class="orn-control">
        <SpecControl
          spec={spec}
          hint={hint}
          id={id}
          value={value}
          invalid={isWrong}
          describedBy={`${id}-about`}
          onChange={(next) => panel.set(spec, next, isSetting)}
        />
      </div>
      <StateChip spec={spec} state={state} value={value} isSetting={isSetting} />
      <div id={`${id}-about`} class="orn-about">
        {problems.map(({ message, level }) => (
          <p key={message} class={`orn-problem orn-${level}`}>
            <Icon name="error" />
            {message}
          </p>
        ))}
        {ignored && (
          <p class="orn-kept">
            {ignored.message}{" "}
            <Button
              class="orn-link"
              label={STRINGS.sendAnyway}
              onPress={() => void panel.do({ op: "force_param", name: spec.name, on: true })}
            />
          </p>
        )}
        {hint.note && <p>{hint.note}</p>}
        <Help text={[help, hint.ghost].filter(Boolean).join(" · ")}>
          {spec.reference && (
            <>
              {" · "}
              <a href={spec.reference} target="_blank" rel="noopener noreferrer">
                {STRINGS.reference}
              </a>
            </>
          )}
        </Help>
      </div>
    </div>
  );
}

export type ParameterState = "unset" | "set" | "null" | "ignored" | "invalid";

/** The state of a parameter in one word, a button that unsets it, and a menu. */
export function StateChip({
  spec,
  state,
  value,
  isSetting,
}: {
  spec: Spec;
  state: ParameterState;
  value: Json | undefined;
  isSetting: boolean;
}) {
  const panel = usePanel();
  const name = spec.label;
  const isForced = panel.traits.forced.value.includes(topOf(spec.name));
  const unset = () => panel.set(spec, undefined, isSetting);
  const items: MenuItem[] = [];
  if (spec.nullable && !isSetting && state !== "null") {
    items.push({ label: STRINGS.sendNull, hint: STRINGS.sendNullHint, act: () => panel.set(spec, null) });
  }
  if (state === "ignored" || isForced) {
    const act = () => void panel.do({ op: "force_param", name: spec.name, on: !isForced });
    items.push({ label: STRINGS.sendAnyway, checked: isForced, act });
  }
  if (spec.deprecated && state !== "unset") {
    const act = () => void panel.do({ op: "convert_deprecated", name: spec.name });
    items.push({ label: STRINGS.convert, hint: spec.deprecated, act });
  }
  const word = panel.isOverride(spec) ? STRINGS.own : STRINGS.states[state];
  return (
    <span class={`orn-chip orn-${state}`}>
      <span class="orn-chip-word" title={state === "set" ? JSON.stringify(value) : undefined}>
        {word}
      </span>
      {state !== "unset" && (
        <Button bare icon="undo" label={fill(STRINGS.unsetNamed, { name })} onPress={unset} />
      )}
      {items.length > 0 && <Menu bare icon="more" label={fill(STRINGS.moreAbout, { name })} items={items} />}
    </span>
  );
}
