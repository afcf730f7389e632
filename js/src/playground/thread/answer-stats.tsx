import type { AnswerStats } from "../protocol";
import { fill, plural, STRINGS } from "../strings";
import { count, dollars, NOTHING, seconds } from "../ui/format";

/** Provider, speed, tokens and cost of an answer. Unknown values are a dash. */
export function StatsLine({ stats }: { stats: AnswerStats }) {
  const {
    provider,
    first_token_s: first,
    tokens_per_s: speed,
    tokens_in: input,
    tokens_out: output,
    tokens_reasoning: thought,
    tokens_cached: cached,
  } = stats;
  const more = [
    thought ? fill(STRINGS.nReasoning, { n: count(thought) }) : "",
    cached ? fill(STRINGS.nCached, { n: count(cached) }) : "",
  ].filter(Boolean);
  const rows: [string, string, string?][] = [
    [STRINGS.provider, provider || NOTHING],
    [STRINGS.firstToken, first === null ? NOTHING : seconds(first * 1000)],
    [
      STRINGS.speed,
      speed === null ? NOTHING : fill(STRINGS.perSecond, { n: speed.toFixed(speed < 10 ? 1 : 0) }),
    ],
    [STRINGS.tokens, `${count(input)} → ${count(output)}`, more.join(", ")],
    [STRINGS.cost, dollars(stats.cost)],
    [STRINGS.finish, stats.finish_reason || stats.end, stats.native_finish_reason],
  ];
  return (
    <dl class="orn-metrics">
      {rows.map(([name, value, title]) => (
        <div key={name} title={title || undefined} data-fact={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function reasoningLabel(
  secondsTaken: number | null,
  tokens: number | null,
  isRunning: boolean,
): string {
  if (isRunning) return STRINGS.isReasoning;
  const time = secondsTaken === null ? "" : fill(STRINGS.reasonedFor, { time: seconds(secondsTaken * 1000) });
  const size = tokens ? plural(STRINGS.nTokens, tokens) : "";
  return [time || STRINGS.reasoning, size].filter(Boolean).join(" · ");
}
