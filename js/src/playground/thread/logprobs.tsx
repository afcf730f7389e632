import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { usePanel } from "../context";
import type { LogprobsReply, LogprobToken } from "../protocol";
import { fill, STRINGS } from "../strings";
import { VIEW_STRINGS } from "../tabs/strings";
import { Button } from "../ui/button";

const PAGE = 500;
const BANDS = [0.9, 0.6, 0.3];

/** Each token with a background for its probability; pressing a token shows the alternatives. */
export function Logprobs({ item, column }: { item: string; column: string | null }) {
  const panel = usePanel();
  const reply = useSignal<LogprobsReply | undefined>(undefined);
  const shown = useSignal(PAGE);
  const chosen = useSignal(-1);
  useEffect(() => {
    void panel.kernel.query({ ask: "logprobs", item, column }).then(({ problem, value }) => {
      reply.value = problem ? { tokens: [], note: problem } : (value as LogprobsReply);
    });
  }, [item, column]);
  const { tokens, note } = reply.value ?? { tokens: [], note: STRINGS.loading };
  const token = tokens[chosen.value];
  return (
    <section class="orn-logprobs" aria-label={STRINGS.logprobs}>
      <p class="orn-tokens" dir="auto">
        {tokens.slice(0, shown.value).map((each, at) => (
          <button
            key={at}
            type="button"
            data-band={bandOf(each)}
            aria-pressed={at === chosen.value}
            title={percent(each)}
            onClick={() => {
              chosen.value = at === chosen.value ? -1 : at;
            }}
          >
            {each.token.replaceAll("\n", "↵\n")}
          </button>
        ))}
      </p>
      {tokens.length > shown.value && (
        <Button
          label={fill(VIEW_STRINGS.moreTokens, { n: Math.min(PAGE, tokens.length - shown.value) })}
          onPress={() => {
            shown.value += PAGE;
          }}
        />
      )}
      {note && <p class="orn-muted">{note}</p>}
      {token && <Alternatives token={token} />}
    </section>
  );
}

function Alternatives({ token }: { token: LogprobToken }) {
  const all = token.top.some((each) => each.token === token.token) ? token.top : [token, ...token.top];
  return (
    <table class="orn-table" aria-live="polite">
      <caption>
        <code>{JSON.stringify(token.token)}</code> {token.bytes && <small>{token.bytes.join(" ")}</small>}
      </caption>
      <tbody>
        {all.map((each) => (
          <tr key={each.token}>
            <td>
              <code>{JSON.stringify(each.token)}</code>
            </td>
            <td>{percent(each)}</td>
            <td>
              <meter min={0} max={1} value={Math.exp(each.logprob)} aria-label={each.token} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function bandOf({ logprob }: LogprobToken): number {
  const probability = Math.exp(logprob);
  return BANDS.filter((limit) => probability < limit).length;
}

function percent({ logprob }: { logprob: number }): string {
  const share = Math.exp(logprob) * 100;
  return `${share.toFixed(share < 1 ? 2 : 1)} %`;
}
