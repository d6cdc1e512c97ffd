/** Figures of all rows of a table, gathered row by row. */
import type { CellKind } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import type { Cells } from '../loaders/rowFormat';
import { textsIn } from '../cellTexts';
import { LengthHistogram } from '../lengthHistogram';
import { kindOf } from './cellKind';
import { TextSample } from './languages';
import type { ProblemTally } from './problemTally';
import type { ColumnStatistics, TableProgress, TableStatistics } from './table';
import { scanText } from './textScan';

/** Columns that are told apart; the rows of a file with more are no table, but keyed data. */
const MAX_COLUMNS = 1_000;
const PROGRESS_MS = 100;

export class StatisticsGatherer {
  private readonly columns = new Map<string, ColumnGatherer>();
  private rows = 0;
  private hasMoreColumns = false;

  constructor(private readonly file: string) {}

  add(cells: Cells): void {
    this.rows++;
    for (const name in cells) this.column(name)?.add(cells[name]);
  }

  /** `tally` has the problems of the rows that were not added. */
  async finish(tally: ProblemTally): Promise<TableStatistics> {
    if (this.hasMoreColumns) tally.add(manyColumns(this.file));
    const columns: ColumnStatistics[] = [];
    for (const [name, column] of this.columns) columns.push(await column.finish(name, this.rows));
    return { rows: this.rows, skippedRows: tally.skippedRows, columns, problems: tally.problems(true) };
  }

  private column(name: string): ColumnGatherer | undefined {
    let column = this.columns.get(name);
    if (!column) {
      if (this.columns.size < MAX_COLUMNS) this.columns.set(name, (column = new ColumnGatherer()));
      else this.hasMoreColumns = true;
    }
    return column;
  }
}

const manyColumns = (file: string): Problem => ({
  id: 'dataset/many-columns', severity: 'warning', text: `The rows have more than ${MAX_COLUMNS} different columns; the statistics are of the first ${MAX_COLUMNS}.`,
  where: { file }, fix: { text: 'If names of columns are data, write them as values.' },
});

class ColumnGatherer {
  private readonly kinds = new Map<CellKind, number>();
  private readonly lengths = new LengthHistogram();
  private readonly sample = new TextSample();
  private empty = 0;
  private controlCharacterRows = 0;
  private brokenTextRows = 0;
  private characters = 0;
  private nonLatinLetters = 0;

  add(cell: unknown): void {
    const kind = kindOf(cell);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if (kind === 'text' || kind === 'messages' || kind === 'list' || kind === 'object') this.addTexts(cell);
  }

  async finish(name: string, rows: number): Promise<ColumnStatistics> {
    const present = [...this.kinds.values()].reduce((sum, count) => sum + count, 0);
    return {
      name,
      kinds: Object.fromEntries([...this.kinds].sort((a, b) => b[1] - a[1])),
      missing: rows - present,
      empty: this.empty,
      characters: this.lengths.distribution(),
      controlCharacterRows: this.controlCharacterRows,
      brokenTextRows: this.brokenTextRows,
      nonLatinFraction: this.characters === 0 ? null : this.nonLatinLetters / this.characters,
      languages: await this.sample.languages(),
    };
  }

  private addTexts(cell: unknown): void {
    let length = 0;
    let isEmpty = true;
    let hasControl = false;
    let isBroken = false;
    for (const text of textsIn(cell)) {
      const scan = scanText(text);
      length += text.length;
      isEmpty &&= text.trim() === '';
      hasControl ||= scan.hasControl;
      isBroken ||= scan.isBroken;
      this.nonLatinLetters += scan.nonLatinLetters;
      if (text.length > 0) this.sample.add(text);
    }
    this.characters += length;
    this.lengths.add(length);
    if (isEmpty) this.empty++;
    if (hasControl) this.controlCharacterRows++;
    if (isBroken) this.brokenTextRows++;
  }
}

/** Tells of progress at most ten times a second. */
export class ProgressReport {
  private lastMs = 0;

  constructor(private readonly bytesTotal: number, private readonly onProgress?: (progress: TableProgress) => void) {}

  tell(bytesDone: number, rowsDone: number): void {
    if (performance.now() - this.lastMs < PROGRESS_MS) return;
    this.lastMs = performance.now();
    this.onProgress?.({ bytesDone: Math.min(bytesDone, this.bytesTotal), bytesTotal: this.bytesTotal, rowsDone });
  }

  finish(rowsDone: number): void {
    this.onProgress?.({ bytesDone: this.bytesTotal, bytesTotal: this.bytesTotal, rowsDone });
  }
}
