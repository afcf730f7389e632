/**
 * Return how well `query` matches `text`, word by word; 0 for no match. Letters may be missing, but must be in order.
 */
export function fuzzyScore(query: string, text: string): number {
  const target = text.toLowerCase();
  let total = 1;
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === "") continue;
    const score = fitsWord(word, target);
    if (score === 0) return 0;
    total += score;
  }
  return total;
}

function fitsWord(word: string, target: string): number {
  const at = target.indexOf(word);
  if (at >= 0) return 100 - Math.min(50, at) + (at === 0 || /\W/.test(target[at - 1] ?? "") ? 50 : 0);
  let from = -1;
  let gaps = 0;
  for (const letter of word) {
    const next = target.indexOf(letter, from + 1);
    if (next < 0) return 0;
    if (from >= 0) gaps += next - from - 1;
    from = next;
  }
  return gaps > word.length * 3 ? 0 : Math.max(1, 40 - gaps);
}
