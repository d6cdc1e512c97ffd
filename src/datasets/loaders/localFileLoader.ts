/** Rows of a JSON or JSONL file of this machine. Streams: one row is in memory at a time. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { problemError } from '../../shared/problem';
import type { RawRow } from '../rows';
import type { DatasetLoader } from './datasetLoader';
import { ArrayCutter, CutError, LineCutter } from './jsonCutter';
import type { CutRow } from './jsonCutter';
import { parseRow } from './parseRow';

export type FileFormat = 'json' | 'jsonl';
/** Bytes looked at to tell a list of rows from one row a line. */
const SNIFF_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

export class LocalFileLoader implements DatasetLoader {
  /** `format` null tells it from the content: a file that begins with "[" is a list, else one row a line. `field` is the recipe's key. */
  constructor(readonly name: string, private readonly format: FileFormat | null = null, private readonly field = 'dataset.source.file_path') {}

  async *rows(): AsyncGenerator<RawRow> {
    await this.check();
    const cutter = (await this.layout()) === 'json' ? new ArrayCutter() : new LineCutter();
    let row = 0;
    const read = (cut: CutRow): RawRow => this.row(cut, row++);
    try {
      for await (const chunk of this.chunks()) for (const cut of cutter.push(chunk)) yield read(cut);
      if (cutter instanceof LineCutter) for (const cut of cutter.finish()) yield read(cut);
      else cutter.end();
    } catch (error) {
      if (!(error instanceof CutError)) throw error;
      throw problemError('dataset/broken-json', `${error.message[0]!.toUpperCase()}${error.message.slice(1)}.`,
        { where: { file: this.name, line: error.line, column: error.column }, fix: { text: 'Repair or replace the file.' } }, error);
    }
  }

  private row(cut: CutRow, row: number): RawRow {
    const cells = parseRow(cut, this.name, row);
    if (!cells || typeof cells !== 'object' || Array.isArray(cells)) {
      throw problemError('dataset/row-not-object', `The row is ${describe(cells)}, not an object with columns.`,
        { where: { file: this.name, line: cut.line, row }, fix: { text: 'Write each row as {"prompt": …, "chosen": …, "rejected": …}.' } });
    }
    return { cells: cells as Record<string, unknown>, origin: { file: this.name, line: cut.line, row } };
  }

  private async check(): Promise<void> {
    const found = await stat(this.name).catch(() => undefined);
    if (found?.isFile()) return;
    throw problemError('dataset/no-such-file', found ? 'The dataset is a folder, not a file.' : 'There is no such dataset file.',
      { where: { file: this.name, field: this.field }, fix: { text: `Set ${this.field} to a JSON or JSONL file; a relative path counts from the recipe's folder.` } });
  }

  private async layout(): Promise<FileFormat> {
    if (this.format === 'jsonl') return 'jsonl';
    const file = await open(this.name);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
      return buffer.subarray(0, bytesRead).toString('utf8').replace(/^\ufeff/, '').trimStart().startsWith('[') ? 'json' : 'jsonl';
    } finally {
      await file.close();
    }
  }

  /** The file's bytes without a byte order mark. */
  private async *chunks(): AsyncGenerator<Buffer> {
    let first = true;
    for await (const chunk of createReadStream(this.name, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
      yield first && chunk.subarray(0, 3).equals(BOM) ? chunk.subarray(3) : chunk;
      first = false;
    }
  }
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
