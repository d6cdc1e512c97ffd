import assert from 'node:assert/strict';
import { FILE_START } from '../../../src/datasets/loaders/rowCutter';
import { RowIndex } from '../../../src/datasets/table/rowIndex';

describe('row index', () => {
  it('keeps a bounded number of beginnings, never far before the row that is wanted', () => {
    const index = new RowIndex({ row: 0, place: FILE_START });
    const rowBytes = 40_000;
    const rows = 500_000;
    for (let row = 0; row < rows; row++) index.add({ row, place: { offset: row * rowBytes, line: row + 1, column: 1 } }, rowBytes);
    let largestGap = 0;
    const beginnings = new Set<number>();
    for (let row = 0; row < rows; row += 97) {
      const { row: start, place } = index.before(row);
      assert.ok(start <= row);
      assert.deepEqual(place, { offset: start * rowBytes, line: start + 1, column: 1 });
      beginnings.add(start);
      largestGap = Math.max(largestGap, (row - start) * rowBytes);
    }
    // 20 GB with at most 16,384 beginnings: about 2 MB apart.
    assert.ok(beginnings.size <= 16_384);
    assert.ok(largestGap < 5e6, `${largestGap}`);
    assert.equal(index.estimate(rows * rowBytes * 2), rows * 2);
  });
});
