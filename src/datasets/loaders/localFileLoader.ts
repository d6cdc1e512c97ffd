/** Rows of a file of this machine. Streams: one row is in memory at a time. */
import { ProblemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';
import type { RawRow } from '../rows';
import type { DatasetLoader, OnProblem } from './datasetLoader';
import { readLayout } from './fileLayout';
import type { FileFormat } from './fileLayout';
import { FIRST_ROW, TextFile } from './textFile';

export class LocalFileLoader implements DatasetLoader {
  /** `format` null tells it from the content. `field` is the recipe's key. */
  constructor(readonly name: string, private readonly format: FileFormat | null = null, private readonly field = 'dataset.source.file_path') {}

  async *rows(onProblem: OnProblem = throwErrors): AsyncGenerator<RawRow> {
    const layout = await readLayout(this.name, this.format, this.field);
    layout.notes.forEach(onProblem);
    yield* new TextFile(this.name, layout).rows(FIRST_ROW, onProblem);
  }
}

function throwErrors(problem: Problem): void {
  if (problem.severity === 'error') throw new ProblemError([problem]);
}
