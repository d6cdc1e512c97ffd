import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { UnpairedRow } from '../../src/shared/rows';
import { BatchSchedule, fixedGroups, tokenCount, withMismatchedResponses } from '../../src/training/batch';
import { countSteps, isDue } from '../../src/training/steps';
import { unpairedRows } from './runFixture';

const schedule = (rowCount: number, plan: Parameters<typeof fixedGroups>[1] & { accumulationSteps: number }, keeps = false) => {
  const counts = countSteps({ ...plan, epochs: 1, maxSteps: null, warmupRatio: 0, evalSteps: 0, saveSteps: 0 }, rowCount, 0);
  return { counts, batches: new BatchSchedule(plan, counts, rowCount, keeps) };
};
const planArbitrary = fc.record({ seed: fc.nat(1000), batchSize: fc.integer({ min: 1, max: 5 }), accumulationSteps: fc.integer({ min: 1, max: 5 }), shuffle: fc.boolean() });

describe('training/batch', () => {
  it('is the drawing at the head of batch.ts', () => {
    const { counts, batches } = schedule(5, { seed: 1, batchSize: 2, accumulationSteps: 2, shuffle: false });
    assert.equal(counts.updatesPerEpoch, 2);
    const drawn = [0, 1, 2, 3].map(step => batches.window(step).map(({ rows }) => rows));
    assert.deepEqual(drawn, [[[0, 1], [2, 3]], [[4]], [[0, 1], [2, 3]], [[4]]]);
  });

  it('gives each row once an epoch, in whole micro-batches but the last', () => {
    fc.assert(fc.property(planArbitrary, fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.nat(3), (plan, rowCount, keeps, epoch) => {
      const { counts, batches } = schedule(rowCount, plan, keeps);
      const windows = Array.from({ length: counts.updatesPerEpoch }, (_, update) => batches.window(epoch * counts.updatesPerEpoch + update));
      const microBatches = windows.flat().map(({ rows }) => rows);
      assert.deepEqual(microBatches.flat().sort((a, b) => a - b), Array.from({ length: rowCount }, (_, i) => i));
      assert.ok(microBatches.slice(0, -1).every(rows => rows.length === plan.batchSize));
      assert.ok(windows.slice(0, -1).every(window => window.length === plan.accumulationSteps));
    }));
  });

  it('draws a new order and new noise each epoch, and the same for the same seed', () => {
    const plan = { seed: 3, batchSize: 2, accumulationSteps: 1, shuffle: true };
    const order = (batches: BatchSchedule, epoch: number) => [0, 1, 2, 3, 4, 5].map(update => batches.window(epoch * 6 + update)[0]!);
    const [one, two] = [schedule(12, plan).batches, schedule(12, plan).batches];
    assert.notDeepEqual(order(one, 0).map(({ rows }) => rows), order(one, 1).map(({ rows }) => rows));
    assert.deepEqual(order(two, 1), order(one, 1));
    assert.equal(new Set([...order(one, 0), ...order(one, 1)].map(({ seed }) => seed)).size, 12);
  });

  it('counts epochs by micro-batches, as transformers logs them', () => {
    const { batches } = schedule(5, { seed: 1, batchSize: 1, accumulationSteps: 2, shuffle: false });
    assert.deepEqual([1, 2, 3, 4].map(step => batches.epochAfter(step)), [0.4, 0.8, 1, 1.4]);
  });

  it('pairs each kto prompt with the response before it in its micro-batch, cyclic, in every epoch', () => {
    fc.assert(fc.property(planArbitrary, fc.integer({ min: 2, max: 20 }), fc.nat(2), (plan, rowCount, epoch) => {
      fc.pre(plan.batchSize > 1);
      const rows = withMismatchedResponses(unpairedRows(rowCount), fixedGroups(rowCount, plan)) as UnpairedRow[];
      const { counts, batches } = schedule(rowCount, plan, true);
      for (let update = 0; update < counts.updatesPerEpoch; update++) {
        for (const { rows: indices } of batches.window(epoch * counts.updatesPerEpoch + update)) {
          if (indices.length === 1) continue; // takes its neighbour's, tested below
          indices.forEach((index, i) => assert.deepEqual(rows[index]!.kl_response, rows[indices.at(i - 1)!]!.response));
        }
      }
    }));
  });

  it('gives a kto row that is alone another response than its own, and leaves given ones', () => {
    const rows = unpairedRows(3).map((row, i) => ({ ...row, response: [i] }));
    const paired = withMismatchedResponses([{ ...rows[0]!, kl_response: [9] }, rows[1]!, rows[2]!], [[0, 1], [2]]) as UnpairedRow[];
    assert.deepEqual(paired.map(row => row.kl_response), [[9], [0], [1]]);
  });

  it('cuts a mismatched response to what its new prompt leaves of max_length', () => {
    const rows: UnpairedRow[] = [{ prompt: [1, 2, 3, 4, 5, 6], response: [7, 8], label: true }, { prompt: [1], response: [2, 3, 4, 5, 6, 7, 8], label: false }];
    const paired = withMismatchedResponses(rows, [[0, 1]], 8) as UnpairedRow[];
    assert.deepEqual(paired.map(row => row.kl_response), [[2, 3], [7, 8]]);
  });

  it("counts a pair's prompt twice, as the reference does", () => {
    assert.equal(tokenCount({ prompt: [1, 2], chosen: [3], rejected: [4, 5] }), 7);
    assert.equal(tokenCount({ ids: [1, 2, 3], labels: [-100, 2, 3] }), 3);
    assert.equal(tokenCount({ prompt: [1, 2], response: [3], label: true, kl_response: [4] }), 3);
  });
});

describe('training/steps', () => {
  const base = { batchSize: 1, accumulationSteps: 3, epochs: 2, maxSteps: null, warmupRatio: 0.25, evalSteps: 0, saveSteps: null };

  it("counts as transformers: a short last window is an update, warm-up is rounded up", () => {
    const { updatesPerEpoch, totalSteps, warmupSteps } = countSteps(base, 11, 0);
    assert.deepEqual([updatesPerEpoch, totalSteps, warmupSteps], [4, 8, 2]);
    assert.equal(countSteps({ ...base, epochs: 1.1 }, 11, 0).totalSteps, 5);
    assert.equal(countSteps({ ...base, epochs: 0.01 }, 11, 0).totalSteps, 1);
    assert.equal(countSteps({ ...base, maxSteps: 3 }, 11, 0).totalSteps, 3);
    assert.equal(countSteps({ ...base, warmupRatio: 0.05 }, 11, 0).warmupSteps, 1);
  });

  it('reads eval_steps as a fraction below 1, saving follows it, 0 is off', () => {
    const every = (evalSteps: number, saveSteps: number | null, evalRows = 5) => {
      const { evalEvery, saveEvery } = countSteps({ ...base, evalSteps, saveSteps }, 30, evalRows);
      return [evalEvery, saveEvery];
    };
    assert.deepEqual(every(0.2, null), [4, 4]);
    assert.deepEqual(every(3, 0), [3, 0]);
    assert.deepEqual(every(0, null), [0, 0]);
    assert.deepEqual(every(0.01, 0.5), [1, 10]);
    assert.deepEqual(every(0.5, null, 0), [0, 10]);
  });

  it('is due at multiples only', () => {
    assert.deepEqual([0, 1, 2, 3, 4].filter(step => isDue(step, 2)), [2, 4]);
    assert.ok(!isDue(4, 0));
  });
});
