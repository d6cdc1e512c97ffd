import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyIncrement, boundRounds } from '../../src/shared/applyIncrement';
import { LOG_LINES_LIMIT, SAMPLE_ROUNDS_LIMIT, SERIES_POINTS_LIMIT } from '../../src/shared/follow';
import type { JobSummary, RunSnapshot, Series } from '../../src/shared/follow';

const SEED = 5;
const job = { job_id: 'job_1', status: 'training' } as JobSummary;
const empty: RunSnapshot = { job, recipe: {}, facts: null, series: {}, samples: [], problems: [], log: [], checkpoints: [] };
const series = (from: number, count: number): Series =>
  ({ steps: Array.from({ length: count }, (_, i) => from + i), values: Array.from({ length: count }, (_, i) => Math.sin(from + i)) });
const line = (text: string) => ({ time: '', level: 'info' as const, text });

describe('shared/applyIncrement', () => {
  it('appends points, lines and rounds, and replaces what comes whole', () => {
    const before = applyIncrement(empty, { series: { loss: series(1, 3) }, log: [line('a')] });
    const after = applyIncrement(before, { job: { ...job, status: 'saving' }, series: { loss: series(4, 1), eval_loss: series(4, 1) }, log: [line('b')] });
    assert.deepEqual(after.series, { loss: series(1, 4), eval_loss: series(4, 1) });
    assert.deepEqual([after.job.status, after.log.map(({ text }) => text)], ['saving', ['a', 'b']]);
    assert.deepEqual(before.series, { loss: series(1, 3) });
  });

  it('drops what lies beyond the step a run goes on from, before it appends', () => {
    const before = applyIncrement(empty, { series: { loss: series(1, 9) }, samples: [{ step: 8, model: 'current', samples: [] }] });
    const after = applyIncrement(before, { cut_after_step: 6, series: { loss: series(7, 1) } });
    assert.deepEqual([after.series, after.samples], [{ loss: series(1, 7) }, []]);
  });

  it('gives the same in many increments as in one', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }), counts => {
      const pieces = counts.map((count, i) => series(1 + counts.slice(0, i).reduce((sum, n) => sum + n, 0), count));
      const total = counts.reduce((sum, n) => sum + n, 0);
      const stepwise = pieces.reduce((state, loss) => applyIncrement(state, { series: { loss } }), applyIncrement(empty, { series: { loss: series(1, 0) } }));
      assert.deepEqual(stepwise, applyIncrement(empty, { series: { loss: series(1, total) } }));
    }), { seed: SEED });
  });

  it('stays small however long the run is, with the extremes and both ends', () => {
    let state = empty;
    for (let from = 1; from < 50_000; from += 1000) {
      const loss = series(from, 1000);
      if (from === 30_001) loss.values[500] = 99;
      state = applyIncrement(state, { series: { loss }, log: Array.from({ length: 100 }, () => line('x')) });
    }
    const { steps, values } = state.series.loss!;
    assert.ok(steps.length <= SERIES_POINTS_LIMIT && steps.length === values.length);
    assert.deepEqual([steps[0], steps.at(-1), Math.max(...values.map(Number))], [1, 50_000, 99]);
    assert.equal(state.log.length, LOG_LINES_LIMIT);
  });

  it('keeps the first and the newest rounds of samples', () => {
    const rounds = boundRounds(Array.from({ length: 500 }, (_, step) => ({ step, model: 'current' as const, samples: [] })));
    assert.deepEqual([rounds.length, rounds[0]!.step, rounds.at(-1)!.step], [SAMPLE_ROUNDS_LIMIT, 0, 499]);
  });
});
