/** Rows of a file of this machine. Streams: one row is in memory at a time, or one page of a Parquet file. */
import { ProblemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';
import type { RawRow } from '../rows';
import type { DatasetLoader, OnProblem, RowsContent } from './datasetLoader';
import { readLayout } from './readLayout';
import type { LayoutOptions } from './readLayout';
import { TextFile } from './textFile';

export class LocalFileLoader implements DatasetLoader {
  constructor(readonly name: string, private readonly options: LayoutOptions = {}) {}

  content(): Promise<RowsContent> {
    return Promise.resolve({ file: this.name });
  }

  async *rows(onProblem: OnProblem = throwErrors): AsyncGenerator<RawRow> {
    const layout = await readLayout(this.name, this.options);
    layout.notes.forEach(onProblem);
    if (layout.format !== 'parquet') {
      const file = new TextFile(this.name, layout);
      yield* file.rows(file.first, onProblem);
      return;
    }
    const { ParquetFile } = await import('./parquetFile');
    const file = await ParquetFile.open(this.name, layout);
    try {
      for await (const rows of file.batches(0, file.rowCount, onProblem)) yield* rows;
    } finally {
      await file.close();
    }
  }
}

function throwErrors(problem: Problem): void {
  if (problem.severity === 'error') throw new ProblemError([problem]);
}
