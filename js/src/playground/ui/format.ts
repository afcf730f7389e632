import { fill, STRINGS } from "../strings";

const LOCALE = "en";
const WHOLE = new Intl.NumberFormat(LOCALE);
const SHORT = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });

export const NOTHING = "—";

export function count(value: number | null | undefined): string {
  return value == null ? NOTHING : WHOLE.format(value);
}

export function shortCount(value: number | null | undefined): string {
  return value == null ? NOTHING : SHORT.format(value);
}

/** Format US dollars with enough digits for a small price, never rounded to zero. */
export function dollars(value: number | null | undefined): string {
  if (value == null) return NOTHING;
  if (value === 0) return "$0";
  const digits = value >= 1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(value)));
  return `$${value.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}

/** Format an estimate, whose small digits are meaningless. */
export function roughDollars(value: number | null): string {
  return value !== null && value > 0 && value < 0.0001 ? "<$0.0001" : dollars(value);
}

export function seconds(ms: number | null | undefined): string {
  if (ms == null) return NOTHING;
  return ms < 10_000 ? `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s` : `${Math.round(ms / 1000)} s`;
}

/** Format a wait by its length: `0:09`, `12:03`, `5 h 20 min`, `2 days`. */
export function wait(s: number): string {
  const whole = Math.max(0, Math.ceil(s));
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return fill(STRINGS.days, { n: Math.round(whole / 8640) / 10 });
}

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  return value < 1e6 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

/** Format a price per million tokens. */
export function price(usd: number | null | undefined): string {
  if (usd == null) return STRINGS.varies;
  return usd === 0 ? STRINGS.free : `$${Number(usd.toPrecision(3))}`;
}
