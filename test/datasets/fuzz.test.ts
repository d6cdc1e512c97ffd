/** Files as they should not be: whatever is in them, every row is read or told, and nothing else happens. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { LocalFileLoader } from '../../src/datasets/loaders/localFileLoader';
import type { RawRow } from '../../src/datasets/rows';
import { openTable } from '../../src/datasets/table/openTable';
import { ProblemError } from '../../src/shared/problem';
import type { Problem } from '../../src/shared/problem';
import { STORAGES, zstdStored } from './storages';

const SEED = 7;
let folder: string;

interface Outcome {
  rows: RawRow[];
  problems: Problem[];
  /** Rows that are told to be lost. */
  skipped: number;
  /** Nothing could be read at all. */
  isRefused: boolean;
}

/** Anything thrown but a ProblemError fails the test. */
async function read(name: string, content: Buffer): Promise<Outcome> {
  const file = join(folder, name);
  writeFileSync(file, content);
  const rows: RawRow[] = [];
  const problems: Problem[] = [];
  let isRefused = false;
  try {
    for await (const row of new LocalFileLoader(file).rows(problem => problems.push(problem))) rows.push(row);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(...error.problems);
    isRefused = true;
  }
  const lost = new Set(errorsOf(problems).map(({ where }) => where?.row).filter(row => row !== undefined));
  return { rows, problems, skipped: lost.size, isRefused };
}

const errorsOf = (problems: readonly Problem[]): Problem[] => problems.filter(({ severity }) => severity === 'error');

/** A row of a file, with whether it can be read. `cells` of a good one. */
interface Line {
  text: Buffer;
  cells?: Record<string, unknown>;
  isWarned?: boolean;
}

const good = fc.record({ prompt: fc.string({ unit: 'grapheme', maxLength: 40 }), chosen: fc.string({ unit: 'binary', maxLength: 40 }) }, { noNullPrototype: true });
const jsonOf = (cells: Record<string, unknown>): Line => ({ text: Buffer.from(JSON.stringify(cells)), cells, isWarned: !isWhole(cells) });
const nested = (depth: number): string => `{"a": ${'['.repeat(depth)}${']'.repeat(depth)}}`;

/** Broken so that what comes after is not touched. */
const JSON_FAULTS: readonly Buffer[] = [
  Buffer.from('5'), Buffer.from('"text"'), Buffer.from('null'), Buffer.from('[1, 2]'), Buffer.from('{"a": tru}'), Buffer.from('{"a" 1}'), Buffer.from('{"a": "\\x"}'),
  Buffer.from('{"a": "nul \0 byte"}'), Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), Buffer.from('{"a": "\xed\xa0\x80"}', 'latin1'), Buffer.from(nested(1_000)), Buffer.from(nested(100_000)),
];
const jsonLine: fc.Arbitrary<Line> = fc.oneof(
  { weight: 5, arbitrary: good.map(jsonOf) },
  { weight: 1, arbitrary: fc.constantFrom<Line>(
    { text: Buffer.from('{"a": 12345678901234567890}'), cells: { a: 12345678901234567000 }, isWarned: true }, { text: Buffer.from('{"a": 1e999}'), cells: { a: Infinity }, isWarned: true },
    { text: Buffer.from('{"a": "\\ud800"}'), cells: { a: '\ud800' }, isWarned: true }, { text: Buffer.from('{"a": "\\u0000"}'), cells: { a: '\0' } }) },
  { weight: 2, arbitrary: fc.constantFrom(...JSON_FAULTS).map((text): Line => ({ text })) },
);
/** Faults that only the end of a line ends. */
const jsonLinesLine: fc.Arbitrary<Line> = fc.oneof({ weight: 8, arbitrary: jsonLine }, { weight: 1, arbitrary: fc.constantFrom('{"a": "', '{', '}', ']', '{"a": [1}', ',', 'text').map((text): Line => ({ text: Buffer.from(text) })) });

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const csvLine: fc.Arbitrary<Line> = fc.oneof(
  { weight: 5, arbitrary: good.map((cells): Line => ({ text: Buffer.from(`${quoted(cells.prompt)},${quoted(cells.chosen)}`), cells })).filter(({ text, cells }) => text.equals(Buffer.from(text.toString())) && isWhole(cells!)) },
  { weight: 1, arbitrary: fc.constantFrom<Line>({ text: Buffer.from('5" pipe,a "b" c'), cells: { prompt: '5" pipe', chosen: 'a "b" c' } }, { text: Buffer.from('nul\0,1'), cells: { prompt: 'nul\0', chosen: '1' } }) },
  { weight: 2, arbitrary: fc.constantFrom(Buffer.from('a'), Buffer.from('a,b,c'), Buffer.from('"a"b,c'), Buffer.from([0x61, 0x2c, 0xff])).map((text): Line => ({ text })) },
);
/** CSV is written as bytes here, where half a pair has none. */
const isWhole = (cells: Record<string, unknown>): boolean => Object.values(cells).every(text => !/\p{Cs}/u.test(text as string));

function joined(lines: readonly Line[], separator: string): Buffer {
  return Buffer.concat(lines.flatMap(({ text }, i) => (i === 0 ? [text] : [Buffer.from(separator), text])));
}

const around = (before: string, inner: Buffer, after: string): Buffer => Buffer.concat([Buffer.from(before), inner, Buffer.from(after)]);

/** Formats whose rows break one by one. `first` keeps the format recognisable. */
const BY_ROW: readonly { name: string; line: fc.Arbitrary<Line>; first?: Line; write(lines: readonly Line[], newline: string): Buffer }[] = [
  { name: 'rows.jsonl', line: jsonLinesLine, write: (lines, newline) => joined(lines, newline) },
  { name: 'lines.json', line: jsonLinesLine, first: jsonOf({ a: 1 }), write: (lines, newline) => joined(lines, newline.repeat(2)) },
  { name: 'list.json', line: jsonLine, write: (lines, newline) => around(`[${newline}`, joined(lines, `,${newline}`), `${newline}]`) },
  { name: 'inside.json', line: jsonLine, first: jsonOf({ a: 1 }), write: (lines, newline) => around(`{"v": [],${newline}"data": [`, joined(lines, `${newline},`), '], "x": 1}') },
  { name: 'rows.csv', line: csvLine, first: { text: Buffer.from('a,b'), cells: { prompt: 'a', chosen: 'b' } }, write: (lines, newline) => around(`prompt,chosen${newline}`, joined(lines, newline), newline) },
];

describe('files as they should not be', () => {
  before(() => { folder = mkdtempSync(join(tmpdir(), 'merlina-fuzz-')); });
  after(() => rmSync(folder, { recursive: true }));

  for (const { name, line, first, write } of BY_ROW) {
    it(`reads every good row and tells of every bad one by its line: ${name}`, async () => {
      await fc.assert(fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), async (made, newline, hasBom) => {
        const lines = first ? [first, ...made] : made;
        const content = write(lines, newline);
        const { rows, problems, skipped, isRefused } = await read(name, hasBom ? around('\ufeff', content, '') : content);
        assert.equal(isRefused, false);
        assert.deepEqual(rows.map(row => [row.origin.row, row.cells]), lines.flatMap(({ cells }, row) => (cells ? [[row, cells]] : [])));
        assert.equal(rows.length + skipped, lines.length);
        assert.deepEqual([...new Set(errorsOf(problems).map(({ where }) => where!.row))], lines.flatMap(({ cells }, row) => (cells ? [] : [row])));
        for (const { where } of errorsOf(problems)) assert.ok(where!.line! >= 1);
        assert.equal(problems.filter(({ severity }) => severity === 'warning').length, lines.filter(({ isWarned }) => isWarned).length);
      }), { seed: SEED, numRuns: 150 });
    });
  }

  const ROWS = Array.from({ length: 30 }, (_, i) => ({ prompt: `p${i} "x", ü`, chosen: `${'word '.repeat(i % 7)}\nend ${i}` }));
  const FILES: Readonly<Record<string, string>> = {
    'rows.jsonl': ROWS.map(row => `${JSON.stringify(row)}\n`).join(''),
    'list.json': JSON.stringify(ROWS, null, 1),
    'inside.json': `{"data": ${JSON.stringify(ROWS)}}`,
    'columns.json': JSON.stringify({ prompt: ROWS.map(row => row.prompt), chosen: ROWS.map(row => row.chosen) }, null, 1),
    'objects.json': ROWS.map(row => JSON.stringify(row, null, 1)).join('\n'),
    'rows.csv': `prompt,chosen\n${ROWS.map(row => `${quoted(row.prompt)},${quoted(row.chosen)}\n`).join('')}`,
    'rows.txt': ROWS.map(row => `${row.prompt}\n${row.chosen}\n\n`).join(''),
  };
  /** Formats whose text says where it ends. */
  const ENDED = new Set(['list.json', 'columns.json']);

  for (const [name, text] of Object.entries(FILES)) {
    it(`tells that a file was cut off, and keeps the rows before: ${name}`, async () => {
      const whole = (await read(name, Buffer.from(text))).rows;
      const bytes = Buffer.from(text);
      await fc.assert(fc.asyncProperty(fc.integer({ min: 40, max: bytes.length - 2 }), async cut => {
        const { rows, problems } = await read(name, bytes.subarray(0, cut));
        // Rows of columns lack what was cut off; CSV and text have no sign that their last row is whole.
        const isTrue = ({ cells }: RawRow, i: number): boolean => Object.entries(cells).every(([column, cell]) => cell === whole[i]!.cells[column])
          && (name === 'columns.json' || Object.keys(cells).length === Object.keys(whole[i]!.cells).length);
        const kept = ['rows.csv', 'rows.txt'].includes(name) && rows.length > 0 && !isTrue(rows.at(-1)!, rows.length - 1) ? rows.slice(0, -1) : rows;
        assert.ok(kept.every(isTrue));
        if (ENDED.has(name)) assert.ok(errorsOf(problems).length > 0);
        for (const { where } of errorsOf(problems)) assert.ok(where?.line !== undefined || where?.row !== undefined);
      }), { seed: SEED, numRuns: 100 });
    });

    for (const [how, pack] of [['gz', gzipSync], ['zst', zstdStored]] as const) {
      it(`tells that the data it is packed in was cut off: ${name}.${how}`, async () => {
        const packed = pack(Buffer.from(text));
        await fc.assert(fc.asyncProperty(fc.integer({ min: 12, max: packed.length - 1 }), async cut => {
          const { problems } = await read(`${name}.${how}`, packed.subarray(0, cut));
          assert.ok(errorsOf(problems).some(({ where }) => where?.line !== undefined || where?.row !== undefined), `${cut} of ${packed.length}`);
        }), { seed: SEED, numRuns: 40 });
      });
    }
  }

  const originals: [string, Buffer][] = [
    ...Object.entries(FILES).flatMap(([name, text]) => Object.values(STORAGES).map(({ ending, store }): [string, Buffer] => [name + ending, store(text)])),
    ['rows.parquet', readFileSync('test/fixtures/datasets/rows.parquet')],
    ['rows.v2.parquet', readFileSync('test/fixtures/datasets/rows.v2.zstd.parquet')],
  ];
  const wound = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), bytes: fc.uint8Array({ maxLength: 8 }), removed: fc.nat(20) });

  it('answers any damage with rows and Problems, the same by loader and by table', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...originals), fc.array(wound, { minLength: 1, maxLength: 4 }), async ([name, bytes], wounds) => {
      let content = bytes;
      for (const { at, bytes: put, removed } of wounds) {
        const offset = Math.floor(at * content.length);
        content = Buffer.concat([content.subarray(0, offset), put, content.subarray(offset + removed)]);
      }
      const { rows, problems, isRefused, skipped } = await read(name, content);
      for (const { where, text } of problems) {
        assert.ok(where?.file !== undefined, text);
        assert.ok(text.endsWith('.') && text.length > 10, text);
      }
      if (isRefused) return;
      const table = await openTable(join(folder, name));
      try {
        await table.indexed;
        const found = await table.rows(0, 1_000);
        assert.deepEqual(found.rows, rows);
        const statistics = await table.statistics();
        assert.deepEqual([statistics.rows, statistics.skippedRows], [rows.length, skipped]);
        assert.equal(table.rowCount().value, rows.length + skipped);
      } finally {
        await table.close();
      }
    }), { seed: SEED, numRuns: 600 });
  });

  it('answers any bytes under any name with rows or Problems', async () => {
    const names = ['a.json', 'a.jsonl', 'a.csv', 'a.tsv', 'a.parquet', 'a.txt', 'a.gz', 'a.json.zst', 'a'];
    const magic = fc.constantFrom(...['', '[', '{"', 'PAR1', '\x1f\x8b\x08', '\x28\xb5\x2f\xfd', '\xff\xfe', '\xfe\xff', '\xef\xbb\xbf', 'a,b\n'].map(text => Buffer.from(text, 'latin1')));
    const any = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 300, unit: 'binary' }).map(text => Buffer.from(text)));
    await fc.assert(fc.asyncProperty(fc.constantFrom(...names), magic, any, async (name, first, rest) => {
      const { problems, rows, isRefused } = await read(name, Buffer.concat([first, rest]));
      if (isRefused) assert.ok(problems.length > 0 && rows.length === 0);
      for (const { text } of problems) assert.ok(text.endsWith('.'), text);
    }), { seed: SEED, numRuns: 800 });
  });

  it('reads what a file is, whatever it is called', async () => {
    for (const [name, text] of Object.entries(FILES)) {
      if (name === 'rows.txt') continue;
      const want = (await read(name, Buffer.from(text))).rows.map(row => row.cells);
      for (const other of ['x.parquet', 'x.csv', 'x.json', 'x.txt', 'x.bin', 'x']) {
        if (name === 'rows.csv' && other === 'x.txt') continue;
        const { rows, problems } = await read(other, Buffer.from(text));
        assert.deepEqual(rows.map(row => row.cells), want, `${name} as ${other}`);
        assert.deepEqual(errorsOf(problems), []);
      }
    }
  });

  for (const [what, content, id] of [
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\x08\x06\0\0\0\x5c\x72\xa8\x66', 'latin1'), 'dataset/binary-file'],
    ['an Excel file', Buffer.from('PK\x03\x04\x14\0'), 'dataset/unsupported-file'],
    ['Parquet inside gzip', gzipSync(readFileSync('test/fixtures/datasets/rows.parquet')), 'dataset/unsupported-file'],
    ['gzip of nothing that is text', gzipSync(Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 37) % 256))), 'dataset/binary-file'],
  ] as const) {
    it(`refuses ${what} by name`, async () => {
      const { problems, isRefused } = await read('x.json', content);
      assert.deepEqual([isRefused, problems.map(problem => problem.id)], [true, [id]]);
    });
  }

  const LONG = 100 * 1024 * 1024;
  for (const [name, before, after] of [['long.jsonl', '{"a": 1}\n{"t": "', '"}\n{"a": 2}\n'], ['long.json', '[{"a": 1}, {"t": "', '"}, {"a": 2}]'], ['long.csv', 'a,t\n1,\n2,"', '"\n3,\n'], ['first.csv', 'a,t\n0,"', '"\n1,\n2,\n'], ['long.txt', 'one\n\n', '\n\nthree\n']] as const) {
    it(`reads a row of 100 MB: ${name}`, async () => {
      const { rows, problems } = await read(name, around(before, Buffer.alloc(LONG, 'x'), after));
      assert.deepEqual(errorsOf(problems), []);
      assert.equal(rows.length, 3);
      assert.equal(rows.filter(({ cells }) => Object.values(cells).some(cell => typeof cell === 'string' && cell.length === LONG)).length, 1);
    });
  }
});
