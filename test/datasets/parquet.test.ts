import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFileLoader, openTable } from '../../src/datasets';
import type { RawRow } from '../../src/datasets';
import { ProblemError } from '../../src/shared/problem';
import type { Problem } from '../../src/shared/problem';

/** Written by pyarrow: 60 rows; the first in two groups with pages of few rows and snappy, the second with pages of version 2 and zstd. */
const FILES = ['test/fixtures/datasets/rows.parquet', 'test/fixtures/datasets/rows.v2.zstd.parquet'];

const rowOf = (i: number): Record<string, unknown> => ({
  id: i, big: `${2n ** 60n + BigInt(i)}`, prompt: i % 7 === 3 ? null : `prompt ${i} ü`, score: i / 4, ok: i % 2 === 0,
  day: new Date(Date.UTC(2024, 0, 1 + i)).toISOString(), at: new Date(Date.UTC(2024, 0, 1, 12, 0, i)).toISOString(), raw: '[2 bytes]',
  tags: Array.from({ length: i % 4 }, (_, j) => `t${j}`),
  messages: [{ role: 'user', content: `q${i}` }, { role: 'assistant', content: `a${i}`.repeat(i % 3) }], meta: { lang: 'en', n: i },
});
const ROWS = Array.from({ length: 60 }, (_, i) => rowOf(i));

async function readAll(file: string): Promise<{ rows: RawRow[]; problems: Problem[] }> {
  const rows: RawRow[] = [];
  const problems: Problem[] = [];
  for await (const row of new LocalFileLoader(file).rows(problem => problems.push(problem))) rows.push(row);
  return { rows, problems };
}

describe('Parquet', () => {
  let folder: string;
  before(() => { folder = mkdtempSync(join(tmpdir(), 'merlina-parquet-')); });
  after(() => rmSync(folder, { recursive: true }));

  for (const file of FILES) {
    it(`reads lists, structs, dates and large integers as JSON would have them: ${file}`, async () => {
      const { rows, problems } = await readAll(file);
      assert.deepEqual(problems, []);
      assert.deepEqual(rows.map(row => row.cells), ROWS);
      assert.deepEqual(rows[59]!.origin, { file, row: 59 });
    });
    it(`gives any rows, across pages and groups: ${file}`, async () => {
      const table = await openTable(file);
      assert.deepEqual(table.rowCount(), { value: 60, isExact: true });
      for (let offset = 0; offset <= 60; offset++) {
        for (const count of [1, 3, 25]) assert.deepEqual((await table.rows(offset, count)).rows.map(row => row.cells), ROWS.slice(offset, offset + count), `${offset}, ${count}`);
      }
      const statistics = await table.statistics();
      assert.deepEqual([statistics.rows, statistics.skippedRows], [60, 0]);
      assert.deepEqual(statistics.columns.find(({ name }) => name === 'messages')!.kinds, { messages: 60 });
      await table.close();
    });
  }

  it('reads it under any name, and says so', async () => {
    const file = join(folder, 'rows.csv');
    copyFileSync(FILES[0]!, file);
    const { rows, problems } = await readAll(file);
    assert.equal(rows.length, 60);
    assert.deepEqual(problems.map(({ id, text }) => [id, text]), [['dataset/misnamed-file', 'The file is called csv, but the file is parquet; it is read as parquet.']]);
  });

  it('says of a file that was cut off that its footer is missing', async () => {
    const file = join(folder, 'cut.parquet');
    const bytes = readFileSync(FILES[0]!);
    writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    await assert.rejects(readAll(file), (error: unknown) => error instanceof ProblemError && error.problems[0]!.id === 'dataset/broken-parquet' && /footer cannot be read/.test(error.message));
  });

  it('counts the rows of a part that is damaged, and reads the others', async () => {
    const file = join(folder, 'damaged.parquet');
    const bytes = Buffer.from(readFileSync(FILES[0]!));
    bytes.fill(0xff, 4, 400);
    writeFileSync(file, bytes);
    const { rows, problems } = await readAll(file);
    assert.deepEqual(rows.map(row => row.cells), ROWS.slice(40));
    assert.deepEqual(problems.map(({ id, where }) => [id, where?.row]), Array.from({ length: 40 }, (_, row) => ['dataset/broken-parquet', row]));
  });
});
