import { useSignal } from "@preact/signals";
import { usePanel } from "../context";
import { fill, STRINGS } from "../strings";
import { count, price, shortCount } from "../ui/format";

/** The endpoints that the routing preferences allow and exclude. */
export function RoutingNote() {
  const { routing } = usePanel().traits;
  const isOpen = useSignal(false);
  const { state, total, remain, endpoints, message } = routing.value;
  if (state !== "ready") return <p class="orn-muted">{message || STRINGS.endpoints[state]}</p>;
  return (
    <details
      class="orn-endpoints"
      data-none={remain === 0}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{fill(STRINGS.remain, { n: remain, m: total })}</summary>
      {isOpen.value && (
        <ul>
          {endpoints.map((each) => (
            <li key={each.tag} data-out={each.excluded_by !== ""}>
              <strong>{each.provider}</strong> <code>{each.tag}</code>{" "}
              <small>
                {[
                  shortCount(each.context),
                  `${price(each.price_in)} / ${price(each.price_out)}`,
                  each.quantization,
                  each.uptime === null ? "" : `${count(each.uptime)} %`,
                  each.excluded_by && fill(STRINGS.excludedBy, { name: each.excluded_by }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </small>
            </li>
          ))}
        </ul>
      )}
      {message && <p>{message}</p>}
    </details>
  );
}
