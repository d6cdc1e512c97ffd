import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { createLoader } from '../../src/datasets/loaders/createLoader';
import { LineCutter, ListCutter } from '../../src/datasets/loaders/jsonCutter';
import { LocalFileLoader } from '../../src/datasets/loaders/localFileLoader';
import { readJsonRow } from '../../src/datasets/loaders/jsonRow';
import { FILE_START, MAX_ROW_BYTES } from '../../src/datasets/loaders/rowCutter';
import type { RowCutter } from '../../src/datasets/loaders/rowCutter';
import type { RawRow } from '../../src/datasets/rows';
import { ProblemError, renderProblem } from '../../src/shared/problem';

let folder: string;
const write = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
async function load(file: string): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const row of new LocalFileLoader(file).rows()) rows.push(row);
  return rows;
}
async function problem(file: string): Promise<string> {
  try {
    await load(file);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [first] = error.problems;
    return renderProblem({ ...first!, where: { ...first!.where, file: basename(first!.where?.file ?? '') } });
  }
  return 'no problem';
}

describe('local file loader', () => {
  before(() => { folder = mkdtempSync(join(tmpdir(), 'merlina-loader-')); });
  after(() => rmSync(folder, { recursive: true }));

  it('reads a list of rows and says on which line each begins', async () => {
    const rows = await load(write('a.json', '\ufeff[\n {"a": "x[]{},\\"\\n"},\r\n\n {"a":\n {"b": [1]}}, {"a": 3}\n]\n'));
    assert.deepEqual(rows.map(row => [row.cells['a'], row.origin.line, row.origin.row]), [['x[]{},"\n', 2, 0], [{ b: [1] }, 4, 1], [3, 5, 2]]);
  });
  it('reads one row a line, whatever the file is called and with blank lines and CRLF', async () => {
    const rows = await load(write('b.json', '{"a": 1}\r\n\r\n{"a": "ü\u2028"}'));
    assert.deepEqual(rows.map(row => [row.cells['a'], row.origin.line]), [[1, 1], ['ü\u2028', 3]]);
  });
  it('gives the same rows however the bytes arrive in chunks', () => {
    fc.assert(fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 }), fc.boolean(), fc.integer({ min: 1, max: 7 }), (rows, pretty, size) => {
      const cut = (bytes: Buffer, cutter: RowCutter): unknown[] => {
        const out: unknown[] = [];
        for (let at = 0; at < bytes.length; at += size) for (const row of cutter.push(bytes.subarray(at, at + size))) out.push(JSON.parse(row.bytes.toString()));
        for (const row of cutter.end()) out.push(JSON.parse(row.bytes.toString()));
        assert.equal(cutter.fault, undefined);
        return out;
      };
      const plain: unknown = JSON.parse(JSON.stringify(rows));
      assert.deepEqual(cut(Buffer.from(JSON.stringify(rows, null, pretty ? 2 : 0)), new ListCutter(FILE_START, { isFirst: true })), plain);
      assert.deepEqual(cut(Buffer.from(rows.map(row => JSON.stringify(row) + '\n').join('')), new LineCutter(FILE_START)), plain);
    }), { seed: 1, numRuns: 300 });
  });

  const broken: [string, string | Buffer, string][] = [
    ['a missing comma in a row', '[{"a": 1},\n {"a": 1 "b": 2}]', 'x.json, line 2, row 1, column 10: The row is not JSON: "," is missing. Correct or remove the row.'],
    ['a row cut off at the end of the file', '[{"a": 1},\n {"a": "x', 'x.json, line 2, row 1, column 10: The file ends in the middle of the row that begins at line 2. Repair or replace the file.'],
    ['a list that is not closed', '[{"a": 1},', 'x.json, line 1, column 11: The list of rows is not closed with "]". Repair or replace the file.'],
    ['text after the list', '[{"a": 1}] x', 'x.json, line 1, column 12: Text follows the end of the list. Repair or replace the file.'],
    ['rows without a comma between', '[{"a": 1} {"a": 2}]', 'x.json, line 1, column 11: "," or "]" is missing between rows. Repair or replace the file.'],
    ['a row that is no object', '[{"a": 1}, 5]', 'x.json, line 1, row 1: The row is a number, not an object with columns. Write each row as {"prompt": …, "chosen": …, "rejected": …}.'],
    ['a broken line', '{"a": 1}\n{"a": \n', 'x.json, line 2, row 1, column 7: The row is not JSON: a value is missing. Correct or remove the row.'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('{"a": 1}\n{"a": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]), 'x.json, line 2, row 1, column 8: The row is not UTF-8 text: byte 0xff belongs to no character. Save the file as UTF-8, or remove the row.'],
  ];
  for (const [what, content, want] of broken) {
    it(`says where there is ${what}`, async () => assert.equal(await problem(write('x.json', content)), want));
  }
  it('reads an empty file as no rows', async () => assert.deepEqual(await load(write('empty.jsonl', '')), []));
  it('names a file that is not there, and a folder', async () => {
    assert.match(await problem(join(folder, 'none.json')), /^none\.json, "dataset\.source\.file_path": There is no such dataset file\. Set /);
    assert.match(await problem(folder), /The dataset is a folder, not a file\./);
  });
  it('does not keep a row that is longer than any text can be', () => {
    const cutter = new LineCutter(FILE_START);
    const part = Buffer.alloc(2 ** 20, 'x');
    for (let bytes = 0; bytes <= MAX_ROW_BYTES; bytes += part.length) assert.deepEqual(cutter.push(part), []);
    const cuts = cutter.push(Buffer.from('\n{"a": 1}\n'));
    assert.deepEqual(cuts.map(({ bytes, length, line }) => [bytes.length, length, line]), [[0, MAX_ROW_BYTES + part.length, 1], [8, 8, 2]]);
    assert.throws(() => readJsonRow(cuts[0]!, { file: 'x.jsonl', row: 0 }, () => undefined), /x\.jsonl, line 1, row 0: The row has 257 MB, more than 256 MB\. Cut the row into several, or remove it\./);
  });
  it('asks for a file where the source names none', () => {
    assert.throws(() => createLoader({ source_type: 'local_file' }, '.'), /names no file\. Set dataset\.source\.file_path/);
  });
});
