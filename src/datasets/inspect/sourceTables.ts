/** A source's files as one table: a file of this machine, an upload, or the files of a split on the hub, each opened when its rows are asked for. */
import type { Figure } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { createLoader, layoutOptions } from '../loaders/createLoader';
import type { DatasetSource, LoaderOptions } from '../loaders/createLoader';
import { HuggingFaceLoader } from '../loaders/huggingFaceLoader';
import { UploadedDatasetLoader } from '../loaders/uploadedDatasetLoader';
import { openTable } from '../table/openTable';
import type { Table } from '../table/table';
import { rowsOfParts, rowsOfTable } from './sourceRows';
import type { SourceRow } from './sourceRows';

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
    return this.isOpen ? this.knownRows() : undefined;
  }

  /** Rows of the files that are here. Exact where these are all. */
  knownRows(): Figure {
    const counts = this.ready.map(table => table.rowCount());
    return { value: counts.reduce((sum, { value }) => sum + value, 0), isExact: this.isOpen && counts.every(({ isExact }) => isExact) };
  }

  /** Of the files that are here. */
  async indexed(): Promise<void> {
    for (const table of this.ready) await table.indexed;
  }

  /** Rows by their number over all files; brings the files that they are in. Fewer where they end. */
  rows(offset: number, count: number, signal?: AbortSignal): Promise<SourceRow[]> {
    const files = this.files.paths.map((_, file) => file);
    const read = async (file: number, from: number, rows: number): Promise<SourceRow[]> => rowsOfTable(await this.table(file), from, rows, signal);
    return rowsOfParts(files, offset, count, read, file => this.sizeOf(file));
  }

  /** Rows of all files, counted; brings them all. */
  async size(): Promise<number> {
    let sum = 0;
    for (const [file] of this.files.paths.entries()) sum += await this.sizeOf(file);
    return sum;
  }

  async close(): Promise<void> {
    for (const table of this.ready) await table.close();
  }

  /** Files that are here, and all of them. */
  get fileCount(): { here: number; all: number } { return { here: this.ready.length, all: this.files.paths.length }; }

  private get isOpen(): boolean { return this.ready.length === this.files.paths.length; }

  private async sizeOf(file: number): Promise<number> {
    const table = await this.table(file);
    await table.indexed;
    return table.rowCount().value;
  }

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
