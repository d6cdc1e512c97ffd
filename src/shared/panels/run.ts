/** The run view: what it shows, and what it asks for. */
import { z } from 'zod';
import { method } from '../calls';
import type { RunIncrement, RunSnapshot } from '../follow';
import type { RecipeTableRow } from '../recipeTable';
import { chartRequests } from './chartRequests';

export interface RunState {
  /** Null: there is no such job any more. */
  run: RunSnapshot | null;
  /** One value a row. */
  recipe: RecipeTableRow[];
  /** The run cannot be read at the moment; what is shown is what was known. */
  isReconnecting: boolean;
}

export interface RunChange {
  run?: RunIncrement;
  isReconnecting?: boolean;
}

const nothing = z.strictObject({});

export const runContract = {
  ...chartRequests,
  stop: method<null>()(nothing),
  /** From the newest checkpoint where no step is given. */
  resume: method<null>()(z.strictObject({ from: z.number().int().positive().optional() })),
  chat: method<null>()(nothing),
  openFolder: method<null>()(nothing),
  showLog: method<null>()(nothing),
  compare: method<null>()(nothing),
  /** The place that a Problem names. */
  openPlace: method<null>()(z.strictObject({ file: z.string(), line: z.number().int().positive().optional() })),
};

export type RunContract = typeof runContract;
