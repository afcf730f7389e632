/** Options of `%%chat` that take no value. tests/contract/test_lab_extension.py compares them with the parser's table. */
export const SWITCHES: ReadonlySet<string> = new Set([
  "--bg",
  "--code",
  "--dry-run",
  "--free",
  "--include-reasoning",
  "--logprobs",
  "--new",
  "--no-stream",
  "--once",
  "--online",
  "--parallel-tool-calls",
  "--quiet",
  "--raw",
  "--show-reasoning",
  "--structured-outputs",
  "-q",
]);
