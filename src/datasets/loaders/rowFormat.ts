/** A text format as two steps: where its rows are, and what a row says. */
import type { OnProblem } from './datasetLoader';
import { csvReader, CsvCutter } from './csvRow';
import type { Rows } from './fileLayout';
import { LineCutter, ListCutter, ObjectCutter } from './jsonCutter';
import { readJsonRow } from './jsonRow';
import { FILE_START } from './rowCutter';
import type { CutRow, RowCutter, RowPlace } from './rowCutter';
import { LengthCutter, ParagraphCutter, readTextRow } from './textRow';

export type Cells = Record<string, unknown>;

export interface RowFormat {
  /** Where the first row is, or what is before it. */
  start: RowPlace;
  /** From `start`, which is the beginning only if `isFirst`; else the place of a row. */
  cutter(start: RowPlace, isFirst: boolean): RowCutter;
  /** Throws ProblemError where the row cannot be read; `warn` takes what is only worth a word. */
  read(cut: CutRow, name: { file: string; row: number }, warn: OnProblem): Cells;
}

export function rowFormat(rows: Rows): RowFormat {
  switch (rows.layout) {
    case 'lines':
      return { start: FILE_START, cutter: start => new LineCutter(start), read: readJsonRow };
    // Columns are made objects before they are cut (columnsToObjects.ts).
    case 'columns':
    case 'objects':
      return { start: FILE_START, cutter: start => new ObjectCutter(start), read: readJsonRow };
    case 'list':
      return { start: rows.start, cutter: (start, isFirst) => new ListCutter(start, { isFirst, isInside: rows.isInside }), read: readJsonRow };
    case 'delimited':
      return { start: rows.start, cutter: start => new CsvCutter(rows.delimiter, start), read: csvReader(rows.delimiter, rows.header) };
    case 'text':
      return { start: FILE_START, cutter: textCutter(rows.split), read: readTextRow };
  }
}

function textCutter({ by, characters }: Extract<Rows, { layout: 'text' }>['split']): RowFormat['cutter'] {
  switch (by) {
    case 'line': return start => new LineCutter(start);
    case 'paragraph': return start => new ParagraphCutter(start);
    case 'length': return start => new LengthCutter(characters, start);
  }
}
