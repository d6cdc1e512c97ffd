import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '../../../src/datasets';
import type { Table } from '../../../src/datasets';

let folder: string;
const tables: Table[] = [];
async function tableOf(name: string, content: string | Buffer): Promise<Table> {
  const file = join(folder, name);
  writeFileSync(file, content);
  const table = await openTable(file);
  tables.push(table);
  return table;
}
/** Rows of different lengths, so that no row lies where a mean would put it. */
const rowsOf = (count: number): { id: number; text: string }[] => Array.from({ length: count }, (_, id) => ({ id, text: 'word '.repeat(id % 61) }));
const jsonl = (rows: readonly unknown[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('');

describe('table of a text file', () => {
  before(() => { folder = mkdtempSync(join(tmpdir(), 'merlina-table-')); });
  afterEach(async () => { for (const table of tables.splice(0)) await table.close(); });
  after(() => rmSync(folder, { recursive: true }));

  const layouts: [string, (rows: readonly unknown[]) => string][] = [['one a line', jsonl], ['a list', rows => JSON.stringify(rows)], ['a list in lines', rows => JSON.stringify(rows, null, 1)]];
  for (const [what, write] of layouts) {
    it(`gives any rows by their number, before and after the index is done: ${what}`, async () => {
      const rows = rowsOf(12_000);
      const table = await tableOf('rows.json', write(rows));
      const offsets = [11_990, 0, 5_000, 11_999, 12_000, 777];
      const check = async (): Promise<void> => {
        for (const offset of offsets) {
          const found = await table.rows(offset, 20);
          assert.deepEqual(found.problems, []);
          assert.deepEqual(found.rows.map(row => row.cells), rows.slice(offset, offset + 20), `${offset}`);
          assert.deepEqual(found.rows.map(row => row.origin.row), rows.slice(offset, offset + 20).map(row => row.id));
        }
      };
      await check();
      await table.indexed;
      assert.deepEqual(table.rowCount(), { value: 12_000, isExact: true });
      const { line } = (await table.rows(11_990, 1)).rows[0]!.origin;
      await check();
      assert.equal((await table.rows(11_990, 1)).rows[0]!.origin.line, line);
    });
  }

  it('tells columns, their kinds and how often they are filled', async () => {
    const table = await tableOf('columns.jsonl', jsonl([{ a: 'x', m: [{ role: 'user', content: 'hi' }] }, { a: 1, b: null }, { a: 'y', b: [1], m: [] }, { a: 'z', b: { c: 1 }, d: true }]));
    assert.deepEqual(table.columns, [
      { name: 'a', kinds: ['text', 'number'], filledFraction: 1 },
      { name: 'm', kinds: ['messages', 'list'], filledFraction: 0.5 },
      { name: 'b', kinds: ['null', 'list', 'object'], filledFraction: 0.5 },
      { name: 'd', kinds: ['boolean'], filledFraction: 0.25 },
    ]);
  });

  it('keeps the numbers of rows that cannot be read, and counts each once', async () => {
    const table = await tableOf('broken.jsonl', '{"a": 1}\n{"a": \n\n5\n{"a": 2}\n');
    const found = await table.rows(1, 3);
    await table.rows(0, 9);
    assert.deepEqual(found.rows.map(row => [row.cells['a'], row.origin.row, row.origin.line]), [[2, 3, 5]]);
    assert.deepEqual(found.problems.map(({ id, where }) => [id, where?.row, where?.line]), [['dataset/broken-json', 1, 2], ['dataset/row-not-object', 2, 4]]);
    assert.deepEqual([table.problems().skippedRows, table.problems().isComplete], [2, false]);
    const statistics = await table.statistics();
    assert.deepEqual([statistics.rows, statistics.skippedRows], [2, 2]);
    assert.equal(table.problems().isComplete, true);
    await table.indexed;
    assert.equal(table.rowCount().value, 4);
  });

  it('counts what the characters of all rows are', async () => {
    const table = await tableOf('figures.jsonl', jsonl([
      { t: 'plain', m: [{ role: 'user', content: 'ab' }] }, { t: 'tab\tand\nline' }, { t: 'bell\u0007' }, { t: ' ' }, { t: '\ud800' }, { t: 'Привет, мир' }, { t: null },
    ]));
    const { columns: [t, m] } = await table.statistics();
    assert.deepEqual([t!.kinds, t!.missing, t!.empty, t!.controlCharacterRows, t!.brokenTextRows], [{ text: 6, null: 1 }, 0, 1, 1, 1]);
    assert.deepEqual([t!.characters!.count, t!.characters!.min, t!.characters!.max], [6, 1, 12]);
    assert.equal(t!.nonLatinFraction, 9 / (5 + 12 + 5 + 1 + 1 + 11));
    assert.deepEqual([m!.missing, m!.characters!.max], [6, 2]);
  });

  it('says that it does not tell more than a thousand columns apart', async () => {
    const table = await tableOf('wide.jsonl', jsonl(Array.from({ length: 1_001 }, (_, i) => ({ [`c${i}`]: i }))));
    const { columns, problems } = await table.statistics();
    assert.equal(columns.length, 1_000);
    assert.deepEqual(problems.list.map(({ id }) => id), ['dataset/many-columns']);
  });

  it('stops when it is told to', async () => {
    const table = await tableOf('stop.jsonl', jsonl(rowsOf(20_000)));
    const abort = new AbortController();
    await assert.rejects(table.statistics(abort.signal, () => abort.abort(new Error('enough'))), /enough/);
    await assert.rejects(table.rows(0, 1, abort.signal), /enough/);
  });
});
