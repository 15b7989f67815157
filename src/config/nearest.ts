// "Did you mean": the candidate that a slip of the fingers, or another way of joining words
// (body_bytes, body-bytes, bodybytes), turns into what was written.

/** The candidate nearest to `word`, or null when none is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const wanted = folded(word);
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const name = folded(candidate);
    // A third of the letters may differ: fewer misses `lsit`, more calls `to` a slip of `tls`.
    const bound = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
    if (Math.abs(wanted.length - name.length) > bound) continue;
    const distance = editDistance(wanted, name);
    if (distance > bound || distance >= name.length || distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

function folded(word: string): string {
  // No key or command is near as long: what is cut off here is not a slip of the fingers.
  return word.slice(0, 100).toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** Damerau and Levenshtein's distance: letters left out, put in, changed, or two swapped. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      let distance = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + cost);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) distance = Math.min(distance, beforeLast[j - 2]! + 1);
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length]!;
}
