/** The seam between files, hubs and uploads and everything that uses their rows. */
import type { RawRow } from '../rows';

export interface DatasetLoader {
  /** What the user named: a path or an id. */
  readonly name: string;
  /** Rows in file order, as they are read. Throws ProblemError with file, line and column where the text is broken. */
  rows(): AsyncIterable<RawRow>;
}
