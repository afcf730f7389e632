/** Return advice with the most similar of `names`, or "" if none is similar. */
export function nearest(name: string, names: Iterable<string>): string {
  let best = "";
  let least = Math.max(2, name.length / 2);
  for (const each of names) {
    const distance = editDistance(plain(name), plain(each));
    if (distance >= least) continue;
    best = each;
    least = distance;
  }
  return best && `; did you mean "${best}"?`;
}

function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** Count the characters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = [...b, ""].map((_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
