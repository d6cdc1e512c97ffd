/** Where in its life a run is. */
import type { RunStatus } from '../../src/shared/events';

/** What comes before the first step, in order. */
export const PREPARING = ['initializing', 'loading_model', 'loading_dataset'] as const satisfies readonly RunStatus[];

const UNDER_WAY: ReadonlySet<RunStatus> = new Set([...PREPARING, 'training', 'evaluating', 'saving', 'stopping']);

/** A trainer works on it. */
export function isUnderWay(status: RunStatus): boolean {
  return UNDER_WAY.has(status);
}

export function isPreparing(status: RunStatus): boolean {
  return PREPARING.some(phase => phase === status);
}

/** A trainer that is silent for longer may be in trouble; a step, or an evaluation, takes its time. */
export function quietLimitSeconds(secondsPerStep: number | null): number {
  return Math.max(60, 5 * (secondsPerStep ?? 0));
}
