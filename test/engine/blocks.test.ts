import assert from 'node:assert/strict';
import { BLOCK_COLUMNS, blockTable } from '../../src/engine/batch';

/** [start, end, keys] of each block. */
function blocksOf(lengths: number[], parents: (number | null)[]): [number, number, number][] {
  const table = Array.from(blockTable(lengths, parents), Number);
  return Array.from({ length: table.length / BLOCK_COLUMNS }, (_, i) => {
    const [start, end, parentStart, parentEnd, ownStart] = table.slice(i * BLOCK_COLUMNS) as [number, number, number, number, number];
    return [start, end, parentEnd - parentStart + end - ownStart];
  });
}

describe('engine/batch blocks', () => {
  it('cut a segment into the fewest equal parts', () => {
    assert.deepEqual(blocksOf([105, 250, 129], [null, 0, 0]), [[0, 105, 105], [105, 230, 230], [230, 355, 355], [355, 420, 170], [420, 484, 234]]);
  });

  it('take every token once, in order, and have fewer queries where they see more than 1,024 keys', () => {
    const blocks = blocksOf([900, 2000, 50], [null, 0, 0]);
    assert.deepEqual(blocks.map(([start]) => start), [0, ...blocks.slice(0, -1).map(([, end]) => end)]);
    assert.equal(blocks.at(-1)![1], 2950);
    for (const [start, end, keys] of blocks) assert.ok(end > start && end - start <= Math.max(64, Math.min(128, (128 * 1024) / keys)), `${start} … ${end} of ${keys} keys`);
    assert.ok(blocks.some(([start, end]) => end - start > 100));
  });
});
