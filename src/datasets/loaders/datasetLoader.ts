/** The seam between files, hubs and uploads and everything that uses their rows. */
import type { Problem } from '../../shared/problem';
import type { RawRow } from '../rows';

/** Takes what is wrong with a row or with the end of a file; with severity "error" the row is passed over. */
export type OnProblem = (problem: Problem) => void;

/** A dataset on the hub as it was read: `revision` is what the recipe asks for, `commit` what it named then. */
export interface ReadRevision {
  id: string;
  revision: string;
  commit: string;
}

export type RowsContent = { file: string } | { fixed: string };

export interface DatasetLoader {
  /** What the user named: a path or an id. */
  readonly name: string;
  /**
   * Rows in file order, as they are read. A row that cannot be read goes to `onProblem` with its line and column, and is passed over;
   * without `onProblem` the first error is thrown as a ProblemError. What leaves nothing to read (no such file) is always thrown.
   */
  rows(onProblem?: OnProblem): AsyncIterable<RawRow>;
  /**
   * What decides the rows: the bytes of a file of this machine, or a name whose content never changes. Absent or undefined where nobody can say;
   * then rows made of it are not kept for the next time.
   */
  content?(): Promise<RowsContent | undefined>;
  /** Of sources that have revisions, known once the first row was read. */
  readonly readRevision?: ReadRevision | undefined;
}
