export type Result<Value, Problem = Error> =
  | { readonly ok: true; readonly value: Value; readonly error?: never }
  | { readonly ok: false; readonly value?: never; readonly error: Problem };

export function OK<Value>(value: Value): Result<Value, never> {
  return { ok: true, value };
}

export function ERR<Problem>(error: Problem): Result<never, Problem> {
  return { ok: false, error };
}
