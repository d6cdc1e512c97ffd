/** What the first lines of a delimited text say: its delimiter, its header, and whether that is one. */
import type { Problem } from '../../shared/problem';
import { CsvCutter, readFields } from './csvRow';
import type { Rows } from './fileLayout';
import { FILE_START } from './rowCutter';
import type { CutRow, RowPlace } from './rowCutter';

const DELIMITERS = [',', '\t', ';', '|'];
/** Records that must agree. */
const RECORDS = 20;
/** A name longer than this is no name. */
const MAX_NAME = 100;

/** The delimiter that gives most of the first records the header's number of fields, and more than one; undefined where none does. */
export function findDelimiter(text: string): string | undefined {
  const scored = DELIMITERS.map(delimiter => {
    const counts = firstRecords(text, delimiter).map(record => fieldsOf(record, delimiter).length);
    const agreeing = counts.filter(count => count === counts[0]).length;
    return { delimiter, fields: counts[0] ?? 0, score: counts.length < 2 ? 0 : agreeing / counts.length };
  }).filter(({ fields, score }) => fields > 1 && score >= 0.8);
  scored.sort((a, b) => b.score - a.score || b.fields - a.fields);
  return scored[0]?.delimiter;
}

/** The first record is the header. */
export function delimitedLayout(text: string, delimiter: string): { rows: Extract<Rows, { layout: 'delimited' }>; notes: Problem[] } {
  const [first] = firstRecords(text, delimiter);
  const named = first ? fieldsOf(first, delimiter) : [];
  const start = first ? placeAfter(first) : FILE_START;
  const { header, notes } = uniqueNames(named.map(name => name.trim()));
  if (header.some(name => name.length > MAX_NAME || name.includes('\n') || /^-?\d+(\.\d+)?$/.test(name))) notes.push(NO_HEADER);
  return { rows: { layout: 'delimited', delimiter, header, start }, notes };
}

function placeAfter({ offset, line, length, bytes }: CutRow): RowPlace {
  return { offset: offset + length + 1, line: line + bytes.toString().split('\n').length, column: 1 };
}

function uniqueNames(names: readonly string[]): { header: string[]; notes: Problem[] } {
  const header: string[] = [];
  const notes: Problem[] = [];
  for (const [i, name] of names.entries()) {
    let unique = name === '' ? `column_${i + 1}` : name;
    for (let number = 2; header.includes(unique); number++) unique = `${name}_${number}`;
    if (name !== '' && unique !== name) {
      notes.push({ id: 'dataset/repeated-column', severity: 'warning', text: `Two columns are called "${name}"; the second is read as "${unique}".`, where: { line: 1, column: unique }, fix: { text: 'Give each column a name of its own.' } });
    }
    header.push(unique);
  }
  return { header, notes };
}

function firstRecords(text: string, delimiter: string): CutRow[] {
  const cutter = new CsvCutter(delimiter, FILE_START);
  const whole = cutter.push(Buffer.from(text));
  return (whole.length === 0 ? cutter.end() : whole).slice(0, RECORDS);
}

function fieldsOf(record: CutRow, delimiter: string): string[] {
  const fields = readFields(record.bytes.toString(), delimiter);
  return 'misplaced' in fields ? [] : fields;
}

const NO_HEADER: Problem = {
  id: 'dataset/no-header', severity: 'warning', text: 'The first line looks like a row, not like the names of columns.',
  where: { line: 1 }, fix: { text: 'Begin the file with a line that names the columns, such as prompt,chosen,rejected.' },
};
