/** A text format as two steps: where its rows are, and what a row says. */
import type { OnProblem } from './datasetLoader';
import { ArrayCutter, LineCutter } from './jsonCutter';
import { readJsonRow } from './jsonRow';
import type { CutRow, RowCutter, RowPlace } from './rowCutter';

export type Cells = Record<string, unknown>;

export interface RowFormat {
  /** `start` is a row's place; by default the beginning of the text. */
  cutter(start?: RowPlace): RowCutter;
  /** Throws ProblemError where the row cannot be read; `warn` takes what is only worth a word. */
  read(cut: CutRow, place: { file: string; row: number }, warn: OnProblem): Cells;
}

export const jsonLines: RowFormat = { cutter: start => new LineCutter(start), read: readJsonRow };
export const jsonArray: RowFormat = { cutter: start => new ArrayCutter(start), read: readJsonRow };
