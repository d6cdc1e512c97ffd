/** The mean that forgets: how long a step takes lately. */

/** Weight of the newest value. */
const RECENT = 0.2;

/** `before` undefined or null: there was none. */
export function recentMean(before: number | undefined | null, value: number): number {
  return before === undefined || before === null ? value : (1 - RECENT) * before + RECENT * value;
}
