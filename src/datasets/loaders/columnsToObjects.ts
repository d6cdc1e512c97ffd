/** An object of lists, `{"prompt": […], "chosen": […]}`, as an object for each row: each column is read by a stream of its own, side by side. */
import { problemError } from '../../shared/problem';
import type { OnProblem } from './datasetLoader';
import { ListCutter } from './jsonCutter';
import { isSpace, Place } from './rowCutter';
import type { RowPlace } from './rowCutter';

const [QUOTE, BACKSLASH, COLON, OPEN, CLOSE, OPEN_BRACE, CLOSE_BRACE] = Buffer.from('"\\:[]{}') as unknown as number[];
/** Bytes of rows that go on together. */
const BATCH_BYTES = 128 * 1024;

interface ColumnPlace {
  /** The name as JSON. */
  key: string;
  start: RowPlace;
}

/** `text` gives the file's text from a byte on. Rows beyond the end of a shorter column lack it, and `onProblem` hears of that. Problems: dataset/broken-file. */
export async function* columnsToObjects(text: (from: number) => AsyncIterable<Buffer>, file: string, onProblem: OnProblem): AsyncGenerator<Buffer> {
  const { places, openAt } = await findColumns(text(0), file);
  const columns = places.map(place => ({ place, values: valuesOf(text(place.start.offset), place, file), count: 0 }));
  let rows: string[] = [];
  let bytes = 0;
  let fault: unknown;
  try {
    for (;;) {
      const cells: string[] = [];
      for (const column of columns) {
        const next = await column.values.next();
        if (next.done === true) continue;
        column.count++;
        cells.push(`${column.place.key}:${next.value}`);
      }
      if (cells.length === 0) break;
      const row = `{${cells.join(',')}}\n`;
      rows.push(row);
      bytes += row.length;
      if (bytes < BATCH_BYTES) continue;
      yield Buffer.from(rows.join(''), 'latin1');
      rows = [];
      bytes = 0;
    }
  } catch (error) {
    // After the rows that came before.
    fault = error;
  } finally {
    for (const { values } of columns) await values.return(undefined);
  }
  if (rows.length > 0) yield Buffer.from(rows.join(''), 'latin1');
  if (fault) throw fault as Error;
  tellUneven(columns, file, onProblem);
  if (openAt) throw broken('The object of columns is not closed with "}"', openAt, file);
}

/** Values as bytes in a latin1 string, so that nothing is decoded. */
async function* valuesOf(text: AsyncIterable<Buffer>, { start, key }: ColumnPlace, file: string): AsyncGenerator<string, void> {
  const cutter = new ListCutter(start, { isFirst: true, isInside: true });
  for await (const chunk of text) {
    for (const { bytes } of cutter.push(chunk)) yield bytes.toString('latin1');
    if (cutter.fault || cutter.isDone) break;
  }
  if (!cutter.isDone) cutter.end();
  if (cutter.fault) throw broken(`Column ${key}: ${cutter.fault.text}`, cutter.fault, file);
}

/** Where each key's list begins, and where the text ends if it does so inside the object. */
async function findColumns(text: AsyncIterable<Buffer>, file: string): Promise<{ places: ColumnPlace[]; openAt?: RowPlace }> {
  const columns: ColumnPlace[] = [];
  const place = new Place();
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let key: number[] = [];
  let expectsValue = false;
  for await (const chunk of text) {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (inString) {
        if (depth === 1) key.push(byte);
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) inString = false;
        continue;
      }
      if (isSpace(byte)) continue;
      if (expectsValue) {
        if (byte !== OPEN) throw broken(`Column ${Buffer.from(key).toString()} is no list, as the others are`, place.at(chunk, at), file);
        columns.push({ key: Buffer.from(key).toString('latin1'), start: place.at(chunk, at) });
        expectsValue = false;
      }
      if (byte === QUOTE) {
        inString = true;
        if (depth === 1) key = [QUOTE!];
      } else if (byte === COLON && depth === 1) expectsValue = true;
      else if (byte === OPEN || byte === OPEN_BRACE) depth++;
      else if (byte === CLOSE || byte === CLOSE_BRACE) depth--;
    }
    place.endChunk(chunk);
  }
  return { places: columns, ...(depth > 0 ? { openAt: place.now() } : {}) };
}

function tellUneven(columns: readonly { place: ColumnPlace; count: number }[], file: string, onProblem: OnProblem): void {
  const longest = Math.max(0, ...columns.map(({ count }) => count));
  for (const { place, count } of columns) {
    if (count === longest) continue;
    onProblem({
      id: 'dataset/uneven-columns', severity: 'warning', text: `Column ${Buffer.from(place.key, 'latin1').toString()} has ${count} values, the longest ${longest}; the last ${longest - count} row(s) lack it.`,
      where: { file, line: place.start.line }, fix: { text: 'Give all columns the same number of values.' },
    });
  }
}

function broken(text: string, { line, column }: { line: number; column: number }, file: string): Error {
  return problemError('dataset/broken-file', `${text}.`, { where: { file, line, column }, fix: { text: 'Repair or replace the file.' } });
}
