/** Shows what a dataset becomes before anything trains: its source, pages of rows at each stage, figures of the set. */
import type { DatasetStatistics, Figure, PreviewPage, PreviewView, SourcePreview } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { seededRandom } from '../random';
import type { DatasetSource } from '../loaders/createLoader';
import type { InspectSettings } from './inspectSettings';
import { pageOf } from './pages';
import type { PageRow } from './pages';
import { previewSource } from './previewSource';
import type { PreviewSource } from './previewSource';
import { RowStages } from './rowStages';
import { rowsOfParts } from './sourceRows';
import { SetGatherer } from './setStatistics';
import { SourceTables } from './sourceTables';
import type { SourceOptions } from './sourceTables';
import { TokenSequences } from './tokenSequences';

/** Rows of a sample, in blocks: neighbours are read at once. */
const SAMPLE_BLOCKS = 100;
const SAMPLE_BLOCK_ROWS = 10;
/** Rows read before others get their turn. */
const CHUNK_ROWS = 500;
const PROGRESS_MS = 200;

export interface StatisticsOptions {
  signal?: AbortSignal;
  /** End with the sample's figures. */
  sampleOnly?: boolean;
  /** Hears of the sample, then of progress; the promise gives the exact figures. */
  onUpdate?: (statistics: DatasetStatistics) => void;
}

/** The files of a dataset, opened once; several inspectors may look at them with different settings. */
export async function openSources(sources: readonly DatasetSource[], options: Omit<SourceOptions, 'field'>): Promise<SourceTables[]> {
  const opened: SourceTables[] = [];
  for (const [i, source] of sources.entries()) opened.push(await SourceTables.open(source, { ...options, field: i === 0 ? 'dataset.source' : `dataset.additional_sources.${i - 1}` }));
  return opened;
}

export class DatasetInspector {
  private readonly stages: RowStages;
  private readonly sequences: TokenSequences | undefined;

  /** Looks at the first rows of each source. The tables stay the caller's: close them when done. */
  static async open(tables: readonly SourceTables[], settings: InspectSettings): Promise<DatasetInspector> {
    const sources: PreviewSource[] = [];
    for (const table of tables) sources.push(await previewSource(table, settings));
    return new DatasetInspector(sources, settings);
  }

  private constructor(private readonly sources: readonly PreviewSource[], readonly settings: InspectSettings) {
    this.stages = new RowStages(settings);
    this.sequences = settings.model && new TokenSequences(settings.model.tokenizer, this.stages.stopText);
  }

  get previews(): SourcePreview[] {
    return this.sources.map(source => source.preview());
  }

  /** Of the dataset as a whole: its files, its columns, its format. */
  get problems(): Problem[] {
    return [...this.sources.flatMap(({ problems }) => problems), ...this.stages.formatProblems];
  }

  /** Rows of all sources; undefined while files of the hub are not opened. */
  rowCount(): Figure | undefined {
    const counts = this.sources.map(({ tables }) => tables.rowCount());
    if (counts.some(count => count === undefined)) return undefined;
    return { value: counts.reduce((sum, count) => sum + count!.value, 0), isExact: counts.every(count => count!.isExact) };
  }

  /** Rows are numbered from 0 over all sources together. Throws the signal's reason. */
  async page(view: PreviewView, offset: number, count: number, signal?: AbortSignal): Promise<PreviewPage> {
    const rows = await this.rows(offset, count, signal);
    const total = this.rowCount();
    const problems = view === 'raw' ? [] : this.stages.formatProblems;
    return pageOf(view, rows, { offset, problems, ...(total && { total }) }, { settings: this.settings, stages: this.stages, sequences: this.sequences });
  }

  /**
   * Figures of a seeded sample first, then of all rows; of a dataset on the hub only those of the files that are here, which is said.
   * Throws the signal's reason, or a ProblemError where a file has gone.
   */
  async statistics({ signal, sampleOnly = false, onUpdate }: StatisticsOptions = {}): Promise<DatasetStatistics> {
    for (const { tables } of this.sources) await tables.indexed();
    signal?.throwIfAborted();
    const known = this.sources.map(({ tables }) => tables.knownRows());
    const total: Figure = { value: known.reduce((sum, { value }) => sum + value, 0), isExact: known.every(({ isExact }) => isExact) };
    const sample = await this.sample(total, signal);
    onUpdate?.(sample);
    if (sampleOnly || !total.isExact || sample.progress.phase === 'done') return sample;

    const gatherer = new SetGatherer(this.settings, this.stages);
    let toldMs = performance.now();
    for (let offset = 0; offset < total.value; offset += CHUNK_ROWS) {
      (await this.rows(offset, Math.min(CHUNK_ROWS, total.value - offset), signal)).forEach(row => gatherer.add(row));
      if (performance.now() - toldMs < PROGRESS_MS) continue;
      toldMs = performance.now();
      onUpdate?.({ ...sample, progress: { phase: 'all', rowsDone: gatherer.rows, rowsTotal: total } });
      // Rows come from memory at times: whoever wants to abort needs a turn.
      await new Promise(setImmediate);
    }
    return gatherer.finish({ value: gatherer.rows, isExact: true }, 'done', this.problems);
  }

  /** The next row after `from` with a problem; null where there is none. */
  async nextProblem(from: number, signal?: AbortSignal): Promise<number | null> {
    for (let offset = from + 1; ; offset += CHUNK_ROWS) {
      const rows = await this.rows(offset, CHUNK_ROWS, signal);
      const at = rows.findIndex(row => this.hasProblem(row));
      if (at >= 0) return offset + at;
      if (rows.length < CHUNK_ROWS) return null;
    }
  }

  private hasProblem(row: PageRow): boolean {
    const page = pageOf(this.sequences ? 'tokens' : 'raw', [row], { offset: 0, problems: [] }, { settings: this.settings, stages: this.stages, sequences: this.sequences });
    return page.rows[0]!.problems.some(({ severity }) => severity !== 'info');
  }

  private async sample(total: Figure, signal?: AbortSignal): Promise<DatasetStatistics> {
    const gatherer = new SetGatherer(this.settings, this.stages);
    const blocks = Math.ceil(total.value / SAMPLE_BLOCK_ROWS);
    for (const block of sampleOf(blocks, this.settings.seed)) {
      const offset = block * SAMPLE_BLOCK_ROWS;
      (await this.rows(offset, Math.min(SAMPLE_BLOCK_ROWS, total.value - offset), signal)).forEach(row => gatherer.add(row));
    }
    const isWhole = total.isExact && blocks <= SAMPLE_BLOCKS;
    const problems = [...this.problems, ...this.sources.flatMap(({ tables }) => filesNotHere(tables))];
    return gatherer.finish(isWhole ? { value: gatherer.rows, isExact: true } : total, isWhole ? 'done' : 'sample', problems);
  }

  /** Rows in order, those that cannot be read in their place. */
  private rows(offset: number, count: number, signal?: AbortSignal): Promise<PageRow[]> {
    const read = async (source: PreviewSource, from: number, rows: number): Promise<PageRow[]> =>
      (await source.tables.rows(from, rows, signal)).map(row => ('raw' in row ? { ...row, reading: source } : row));
    return rowsOfParts(this.sources, offset, count, read, ({ tables }) => tables.size());
  }
}

/** Numbers below `blocks`, ascending: all of them, or SAMPLE_BLOCKS at random. */
function sampleOf(blocks: number, seed: number): number[] {
  if (blocks <= SAMPLE_BLOCKS) return Array.from({ length: blocks }, (_, i) => i);
  const random = seededRandom(seed);
  const chosen = new Set<number>();
  while (chosen.size < SAMPLE_BLOCKS) chosen.add(Math.floor(random() * blocks));
  return [...chosen].sort((a, b) => a - b);
}

function filesNotHere({ name, fileCount: { here, all } }: SourceTables): Problem[] {
  return here === all ? [] : [{
    id: 'dataset/files-not-here', severity: 'info', text: `The figures are of ${here} of ${all} files; the others come from the hub when their rows are asked for.`, where: { file: name },
  }];
}
