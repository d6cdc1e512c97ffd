/** Compare: several runs in one view, and what it asks for. */
import { z } from 'zod';
import { method } from '../calls';
import type { RunIncrement, RunSnapshot } from '../follow';
import type { RecipeTableRow } from '../recipeTable';
import { chartRequests, jobId } from './chartRequests';

export interface CompareState {
  /** In the order of their colours. */
  runs: RunSnapshot[];
  /** A value a run, in the same order. */
  recipe: RecipeTableRow[];
}

/** What is new of one of the runs. */
export interface CompareChange {
  jobId: string;
  run: RunIncrement;
}

export const compareContract = {
  ...chartRequests,
  /** Asks which runs shall be compared. */
  chooseRuns: method<null>()(z.strictObject({})),
  removeRun: method<null>()(z.strictObject({ jobId })),
  openRun: method<null>()(z.strictObject({ jobId })),
};

export type CompareContract = typeof compareContract;
