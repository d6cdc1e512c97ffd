import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvCutter, readFields } from '../../src/datasets/loaders/csvRow';
import { FILE_START } from '../../src/datasets/loaders/rowCutter';

/** csv-parse's records, or undefined where it refuses the text. */
function reference(text: string): string[][] | undefined {
  try {
    return (parse(text, { relax_column_count: true, record_delimiter: '\n', skip_empty_lines: true }) as string[][]);
  } catch {
    return undefined;
  }
}

describe('rows of CSV', () => {
  it('are those of csv-parse, however the bytes arrive', () => {
    const text = fc.array(fc.constantFrom('"', '""', ',', '\n', 'a', 'ü', '"b"', '"c,\nd"'), { maxLength: 20 }).map(parts => parts.join(''));
    let compared = 0;
    fc.assert(fc.property(text, fc.integer({ min: 1, max: 9 }), (csv, size) => {
      const want = reference(csv);
      const cutter = new CsvCutter(',', FILE_START);
      const bytes = Buffer.from(csv);
      const cuts = [];
      for (let at = 0; at < bytes.length; at += size) cuts.push(...cutter.push(bytes.subarray(at, at + size)));
      cuts.push(...cutter.end());
      if (want === undefined) return;
      compared++;
      assert.deepEqual(cuts.map(({ bytes: row }) => readFields(row.toString(), ',')), want);
    }), { seed: 3, numRuns: 2_000 });
    assert.ok(compared > 500);
  });
  it('say where text follows a closing quote', () => {
    assert.deepEqual(readFields('a,"b"c,d', ','), { misplaced: 5 });
    assert.deepEqual(readFields('a,"b" ,d', ','), { misplaced: 5 });
  });
  it('take quotes inside an unquoted field as they are', () => assert.deepEqual(readFields('5" pipe,a "b" c\r', ','), ['5" pipe', 'a "b" c']));
});
