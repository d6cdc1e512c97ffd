/** A source's files as one table: a file of this machine, an upload, or the files of a split on the hub, each opened when its rows are asked for. */
import type { Figure } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { createLoader, layoutOptions } from '../loaders/createLoader';
import type { DatasetSource, LoaderOptions } from '../loaders/createLoader';
import { HuggingFaceLoader } from '../loaders/huggingFaceLoader';
import { UploadedDatasetLoader } from '../loaders/uploadedDatasetLoader';
import { openTable } from '../table/openTable';
import type { Table, TableRows } from '../table/table';

export interface SourceOptions extends LoaderOptions {
  /** Folder that relative paths count from. */
  baseDir: string;
  /** The source's key in the recipe, for Problems. */
  field: string;
}

export class SourceTables {
  private readonly opened: (Promise<Table> | undefined)[] = [];
  private readonly ready: Table[] = [];

  /** Opens the first file. Throws ProblemError where there is nothing to read. */
  static async open(source: DatasetSource, options: SourceOptions): Promise<SourceTables> {
    const tables = new SourceTables(source, options, await filesOf(source, options));
    await tables.table(0);
    return tables;
  }

  private constructor(readonly source: DatasetSource, private readonly options: SourceOptions, private readonly files: SourceFiles) {}

  /** What the user named. */
  get name(): string { return this.files.name; }
  get revision(): string | undefined { return this.files.revision; }
  get first(): Table { return this.ready[0]!; }
  get notes(): Problem[] { return [...this.files.notes, ...this.ready.flatMap(table => table.notes)]; }
  /** Of the files opened so far; undefined where there are others. */
  get bytes(): number | undefined { return this.isOpen ? this.ready.reduce((sum, table) => sum + table.bytes, 0) : undefined; }

  /** Rows of all files; undefined while some are not opened. */
  rowCount(): Figure | undefined {
    if (!this.isOpen) return undefined;
    const counts = this.ready.map(table => table.rowCount());
    return { value: counts.reduce((sum, { value }) => sum + value, 0), isExact: counts.every(({ isExact }) => isExact) };
  }

  /** Resolves when the count is exact; opens all files. */
  async indexed(): Promise<void> {
    for (const [file] of this.files.paths.entries()) await (await this.table(file)).indexed;
  }

  /** Rows by their number over all files. Fewer where they end. */
  async rows(offset: number, count: number, signal?: AbortSignal): Promise<TableRows> {
    const found: TableRows = { rows: [], problems: [] };
    let before = 0;
    for (let file = 0; file < this.files.paths.length && before < offset + count; file++) {
      const table = await this.table(file);
      if (file < this.files.paths.length - 1) await table.indexed;
      const size = file < this.files.paths.length - 1 ? table.rowCount().value : Infinity;
      const from = Math.max(0, offset - before);
      const to = Math.min(size, offset + count - before);
      if (from < to) {
        const { rows, problems } = await table.rows(from, to - from, signal);
        found.rows.push(...rows);
        found.problems.push(...problems);
      }
      before += size;
    }
    return found;
  }

  async close(): Promise<void> {
    for (const table of this.ready) await table.close();
  }

  private get isOpen(): boolean { return this.ready.length === this.files.paths.length; }

  private table(file: number): Promise<Table> {
    return this.opened[file] ??= this.openFile(file);
  }

  private async openFile(file: number): Promise<Table> {
    const table = await openTable(await this.files.paths[file]!(), layoutOptions(this.source, this.options.field));
    this.ready[file] = table;
    return table;
  }
}

interface SourceFiles {
  name: string;
  revision: string | undefined;
  /** In the order of their rows; a file of the hub comes when it is asked for. */
  paths: (() => Promise<string>)[];
  notes: Problem[];
}

async function filesOf(source: DatasetSource, { baseDir, field, ...options }: SourceOptions): Promise<SourceFiles> {
  const loader = createLoader(source, baseDir, field, options);
  if (loader instanceof HuggingFaceLoader) {
    const { repository, files, notes } = await loader.resolve();
    return { name: loader.name, revision: repository.commit, paths: files.map(file => () => loader.fetch(file)), notes };
  }
  if (loader instanceof UploadedDatasetLoader) {
    const file = await loader.file();
    return { name: loader.name, revision: undefined, paths: [() => Promise.resolve(file)], notes: [] };
  }
  return { name: loader.name, revision: undefined, paths: [() => Promise.resolve(loader.name)], notes: [] };
}
