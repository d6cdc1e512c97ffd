/** What every text format owes, whatever it is stored as; the same for rows by loader and by table. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFileLoader, openTable } from '../../src/datasets';
import type { RawRow } from '../../src/datasets';
import type { Problem } from '../../src/shared/problem';
import { STORAGES } from './storages';

interface Row { prompt: string; chosen: string }
type TextRow = { text: string };

/** Texts with what formats use themselves: quotes, delimiters, brackets, and line breaks where the format can hold them. */
const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, i) => ({ prompt: `row ${i}: "a, b"; [c] {d}\t| ü😀`, chosen: `é${'x'.repeat(i % 50)}\nsecond line, ${i}` }));
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const delimited = (delimiter: string) => (rows: readonly Row[]): string =>
  [`prompt${delimiter}chosen`, ...rows.map(row => `${quoted(row.prompt)}${delimiter}${quoted(row.chosen)}`)].join('\n');
const list = (rows: readonly unknown[]): string => `[\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]`;
const column = (rows: readonly Row[], name: keyof Row): string => JSON.stringify(rows.map(row => row[name]), null, 1);

interface Case {
  name: string;
  format: string;
  write(rows: readonly Row[]): string;
  /** Line of a row, from 1; undefined where rows have none. */
  line(row: number): number | undefined;
  texts?: (rows: readonly Row[]) => TextRow[];
}

const CASES: readonly Case[] = [
  { name: 'rows.jsonl', format: 'jsonl', write: rows => rows.map(row => JSON.stringify(row)).join('\n\n'), line: row => 1 + 2 * row },
  { name: 'list.json', format: 'json', write: list, line: row => 2 + row },
  { name: 'inside.json', format: 'json', write: rows => `{"version": 1, "about": {"rows": []},\n"data": ${list(rows)}, "more": [1]}`, line: row => 3 + row },
  { name: 'objects.json', format: 'json', write: rows => rows.map(row => JSON.stringify(row, null, 2)).join('\n'), line: row => 1 + 4 * row },
  { name: 'columns.json', format: 'json', write: rows => `{"prompt": ${column(rows, 'prompt')},\n"chosen": ${column(rows, 'chosen')}}`, line: () => undefined },
  { name: 'comma.csv', format: 'csv', write: delimited(','), line: row => 2 + 2 * row },
  { name: 'semicolon.csv', format: 'csv', write: delimited(';'), line: row => 2 + 2 * row },
  { name: 'tab.tsv', format: 'tsv', write: delimited('\t'), line: row => 2 + 2 * row },
  { name: 'paragraphs.txt', format: 'text', write: rows => rows.map(row => `${row.prompt}\n${row.chosen}\n\n`).join(''), line: row => 1 + 4 * row, texts: rows => rows.map(row => ({ text: `${row.prompt}\n${row.chosen}` })) },
];

let folder: string;
async function readAll(file: string): Promise<{ rows: RawRow[]; problems: Problem[] }> {
  const rows: RawRow[] = [];
  const problems: Problem[] = [];
  for await (const row of new LocalFileLoader(file).rows(problem => problems.push(problem))) rows.push(row);
  return { rows, problems: problems.filter(({ severity }) => severity !== 'info') };
}

describe('every loader', () => {
  before(() => { folder = mkdtempSync(join(tmpdir(), 'merlina-loaders-')); });
  after(() => rmSync(folder, { recursive: true }));

  for (const { name, format, write, line, texts } of CASES) {
    for (const [how, { ending, store }] of Object.entries(STORAGES)) {
      it(`reads ${name} as ${how}, from the beginning and from anywhere`, async () => {
        const rows = rowsOf(3_000);
        // In JSON a line break is written \n, in a quoted field or a paragraph as itself.
        const isKept = how === 'CRLF' && (format === 'csv' || format === 'tsv');
        const want = texts?.(rows) ?? rows.map(row => (isKept ? { ...row, chosen: row.chosen.replace('\n', '\r\n') } : row));
        const file = join(folder, name + ending);
        writeFileSync(file, store(write(rows)));
        const all = await readAll(file);
        assert.deepEqual(all.problems, []);
        assert.deepEqual(all.rows.map(row => row.cells), want);
        assert.deepEqual(all.rows.map(({ origin }) => origin), want.map((_, row) => ({ file, ...(line(row) === undefined ? {} : { line: line(row) }), row })));

        const table = await openTable(file);
        assert.equal(table.format, `${format}${ending}`);
        for (const isIndexed of [false, true]) {
          if (isIndexed) await table.indexed;
          for (const offset of [2_990, 0, 1_234]) assert.deepEqual((await table.rows(offset, 20)).rows, all.rows.slice(offset, offset + 20));
        }
        assert.deepEqual(table.rowCount(), { value: rows.length, isExact: true });
        await table.close();
      });
    }
  }

  for (const { name } of CASES) {
    it(`takes an empty ${name} for no rows`, async () => {
      for (const content of ['', '\n', '\ufeff']) {
        writeFileSync(join(folder, name), content);
        assert.deepEqual(await readAll(join(folder, name)), { rows: [], problems: [] });
      }
    });
  }

  it('tells a list inside an object on a single line from a row, packed or not', async () => {
    for (const [name, text, rows] of [
      ['one.json', '{"data": [{"a": 1}, {"a": 2}]}\n', [{ a: 1 }, { a: 2 }]],
      ['one.json', '{"messages": [{"role": "user", "content": "hi"}]}\n', [{ messages: [{ role: 'user', content: 'hi' }] }]],
      ['one.jsonl', '{"data": [{"a": 1}, {"a": 2}]}\n', [{ data: [{ a: 1 }, { a: 2 }] }]],
      ['objects.json', '{\n "tools": [{"name": "f"}]\n}\n{\n "tools": [{"name": "g"}]\n}\n', [{ tools: [{ name: 'f' }] }, { tools: [{ name: 'g' }] }]],
      ['row.json', '{\n "tools": [{"name": "f"}],\n "messages": [{"role": "user", "content": "hi"}]\n}\n', [{ tools: [{ name: 'f' }], messages: [{ role: 'user', content: 'hi' }] }]],
    ] as const) {
      for (const { ending, store } of Object.values(STORAGES)) {
        writeFileSync(join(folder, name + ending), store(text));
        assert.deepEqual((await readAll(join(folder, name + ending))).rows.map(row => row.cells), rows);
      }
    }
  });

  it('reads what the zstd program packed', async () => {
    const { rows, problems } = await readAll('test/fixtures/datasets/rows.jsonl.zst');
    assert.deepEqual(problems, []);
    assert.deepEqual(rows.map(row => row.cells), Array.from({ length: 3_000 }, (_, id) => ({ id, text: `word ${id % 97} `.repeat(id % 40) })));
  });
});

describe('plain text', () => {
  let file: string;
  before(() => { file = join(mkdtempSync(join(tmpdir(), 'merlina-text-')), 'text.txt'); });
  after(() => rmSync(join(file, '..'), { recursive: true }));

  async function split(text: string, by: 'paragraph' | 'line' | 'length' | null, characters = 2_000): Promise<[unknown[], string]> {
    writeFileSync(file, text);
    const rows: unknown[] = [];
    let said = '';
    for await (const row of new LocalFileLoader(file, { textSplit: { by, characters } }).rows(({ text: note }) => { said = note; })) rows.push(row.cells['text']);
    return [rows, said];
  }

  it('is split as the source says, and says how', async () => {
    const text = 'one\r\ntwo\r\n\r\n\r\nthree four five\r\n';
    assert.deepEqual(await split(text, 'paragraph'), [['one\ntwo', 'three four five'], 'Plain text: rows are split at blank lines (text_split "paragraph").']);
    assert.deepEqual((await split(text, 'line'))[0], ['one', 'two', 'three four five']);
    assert.deepEqual((await split(text, 'length', 12))[0], ['one\ntwo', 'three four', 'five']);
    assert.deepEqual((await split('äöü'.repeat(10), 'length', 9))[0], ['äöüäöüäöü', 'äöüäöüäöü', 'äöüäöüäöü', 'äöü']);
  });
  it('stays in bounds where it stops being text', async () => {
    writeFileSync(file, Buffer.concat([Buffer.from('word '.repeat(20_000)), Buffer.alloc(300_000, 0x80)]));
    const problems: Problem[] = [];
    let read = 0;
    for await (const row of new LocalFileLoader(file, { textSplit: { by: 'length', characters: 100 } }).rows(problem => problems.push(problem))) read += String(row.cells['text']).length > 0 ? 1 : 0;
    assert.ok(read >= 999);
    assert.ok(problems.filter(({ id }) => id === 'dataset/not-utf8').length >= 740);
  });
  it('is split by what it has where the source says nothing', async () => {
    assert.match((await split('one\ntwo\n\nthree', null))[1], /paragraph/);
    assert.deepEqual(await split('one\ntwo\n', null), [['one', 'two'], 'Plain text: rows are split at line ends (text_split "line").']);
    assert.match((await split('word '.repeat(20_000), null))[1], /length/);
  });
});
