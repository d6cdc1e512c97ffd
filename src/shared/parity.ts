/** One line of `merlina parity`: a reference case, and whether we compute the same. */
export interface ParityCase {
  name: string;
  ok: boolean;
  /** Set where the case could not be run, with the reason; `ok` is then true. */
  skipped?: string;
  /** Largest error against its tolerance, or the first difference. */
  detail?: string;
}

/** Two texts where they first differ, quoted as JSON with a few characters around. */
export function firstDifference(got: string, want: string): string {
  let at = 0;
  while (at < got.length && got[at] === want[at]) at++;
  const excerpt = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
  return `at character ${at}: ${excerpt(got)} instead of ${excerpt(want)}`;
}
