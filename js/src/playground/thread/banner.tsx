import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { safeHref } from "../../markdown/safe-urls";
import { copy } from "../../shared/clipboard";
import { focusedElement } from "../../shared/dom";
import { useFocusTarget, usePanel } from "../context";
import type { Banner, Remedy } from "../protocol";
import { STRINGS } from "../strings";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { WaitCountdown } from "./countdown";

/** The error of one answer, with its remedies as buttons. */
export function ErrorBanner({ banner, column }: { banner: Banner; column: string }) {
  const panel = usePanel();
  const remedies = useRef<HTMLDivElement>(null);
  const { kind, level, title, message, meaning, details, countdown, user_caused } = banner;
  const remaining = countdown?.remaining_ms;

  useLayoutEffect(() => {
    // Do not move the focus from outside of this view: after a reload, or in a second view.
    const own = remedies.current;
    const isHere = own?.closest(".orn-pg")?.contains(focusedElement(own));
    if (user_caused && isHere) own?.querySelector<HTMLElement>("button, a")?.focus({ preventScroll: true });
  }, [kind, title]);

  return (
    <section class={`orn-banner orn-${level}`} data-kind={kind} aria-label={title}>
      <div role="alert">
        <p class="orn-title">
          <Icon name="error" />
          {title}
        </p>
        <p dir="auto">{message}</p>
        {meaning && <p class="orn-muted">{meaning}</p>}
      </div>
      {remaining !== undefined && Number.isFinite(remaining) && (
        <p>
          <WaitCountdown
            remainingMs={remaining}
            words={countdown?.auto ? STRINGS.retriesIn : STRINGS.waitFor}
          />
        </p>
      )}
      <div ref={remedies} class="orn-row">
        {banner.remedies.map((remedy) => (
          <RemedyButton key={remedy.id} remedy={remedy} column={column} />
        ))}
        <Button
          bare
          class="orn-dismiss"
          icon="close"
          label={STRINGS.dismiss}
          onPress={() => void panel.do({ op: "dismiss", column })}
        />
      </div>
      {details && (
        <details class="orn-details">
          <summary>{STRINGS.details}</summary>
          <pre class="orn-code">{details}</pre>
          <Button icon="copy" label={STRINGS.copy} onPress={() => void copy(details)} />
        </details>
      )}
    </section>
  );
}

function RemedyButton({ remedy, column }: { remedy: Remedy; column: string }) {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const isShown = useSignal(false);
  const { id, label, help, action, field, item, href, code = "" } = remedy;
  if (action === "link") {
    const safe = safeHref(href ?? "");
    if (!safe) return null;
    return (
      <a
        class="orn-button"
        href={safe}
        target="_blank"
        rel="noopener noreferrer"
        title={help}
        data-remedy={id}
      >
        {label}
      </a>
    );
  }
  const act = {
    op: () => void panel.do({ op: "remedy", column, remedy: id }),
    focus: () => {
      focusTarget.value = item ? { item } : field === "model" ? { column } : { field: field ?? "" };
    },
    raw: () => {
      focusTarget.value = { raw: column };
    },
    copy: () => {
      isShown.value = true;
      void copy(code);
    },
  }[action];
  return (
    <>
      <Button
        label={label}
        title={help}
        onPress={act}
        data-remedy={id}
        icon={action === "copy" ? "copy" : undefined}
      />
      {isShown.value && <code class="orn-code orn-snippet">{code}</code>}
    </>
  );
}
