/** The nearest of some known words to a word: for "Did you mean …?". */

/** The candidate with the fewest edits (insert, delete, replace, swap of neighbours), the first of equals; undefined without candidates. */
export function nearest(word: string, candidates: readonly string[]): { word: string; distance: number } | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (!best || distance < best.distance) best = { word: candidate, distance };
  }
  return best;
}

/** Near enough to be meant: at most a third of the letters differ, or the word is the beginning of the known one. */
export function isSlip(word: string, known: string, distance: number): boolean {
  return distance <= Math.max(1, Math.floor(known.length / 3)) || (word.length >= 3 && known.startsWith(word));
}

/** Optimal string alignment distance. Words are cut at 64 letters, so that a hostile key cannot cost time. */
export function editDistance(a: string, b: string): number {
  const [from, to] = [a.slice(0, 64), b.slice(0, 64)];
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row.push(Math.min(
        last[j] + 1,
        row[j - 1] + 1,
        last[j - 1] + (isSame ? 0 : 1),
        isSwap ? beforeLast[j - 2] + 1 : Infinity,
      ));
    }
    [beforeLast, last] = [last, row];
  }
  return last[to.length];
}
