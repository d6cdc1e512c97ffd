/** Finer parts of a run: asked for when points are missing, and put in where they belong. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { boundSeries } from '../../../src/shared/applyIncrement';
import type { Series } from '../../../src/shared/follow';
import { isThinned, stepsIn, withDetail } from '../../../webview/charts/detail';
import { seriesOf } from '../../views/support/runs';

const WHOLE = seriesOf(20_000).loss!;
const THIN = boundSeries(WHOLE, 4000);
const cut = ({ steps, values }: Series, from: number, to: number): Series => {
  const kept = steps.flatMap((step, i) => step >= from && step <= to ? [i] : []);
  return { steps: kept.map(i => steps[i]!), values: kept.map(i => values[i]!) };
};

describe('isThinned', () => {
  it('sees that points are missing, and where none are', () => {
    assert.equal(isThinned(THIN, 1, 20_000), true);
    assert.equal(isThinned(WHOLE, 1, 20_000), false);
  });

  it('is not misled by an evaluation at the end, out of the beat', () => {
    assert.equal(isThinned({ steps: [50, 100, 150, 200, 207], values: [1, 1, 1, 1, 1] }, 1, 300), false);
  });
});

describe('withDetail', () => {
  it('gives the whole series where the detail is all of it, and in between exactly what was loaded', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 19_000 }), fc.integer({ min: 1, max: 1000 }), (from, width) => {
      const detail = { fromStep: from, toStep: from + width, series: { loss: cut(WHOLE, from, from + width) } };
      const { loss } = withDetail({ loss: THIN }, detail);
      assert.deepEqual(cut(loss!, from, from + width), detail.series.loss);
      assert.deepEqual(cut(loss!, 0, from - 1), cut(THIN, 0, from - 1));
      assert.deepEqual(cut(loss!, from + width + 1, Infinity), cut(THIN, from + width + 1, Infinity));
    }), { numRuns: 20 });
  });

  it('leaves alone what it has nothing of', () => {
    assert.equal(withDetail({ loss: THIN }, { fromStep: 1, toStep: 9, series: {} }).loss, THIN);
    const series = { loss: THIN };
    assert.equal(withDetail(series, undefined), series);
  });
});

describe('stepsIn', () => {
  it('takes the neighbours beyond both ends', () => {
    const series: Series = { steps: [10, 20, 30, 40], values: [1, 1, 1, 1] };
    assert.deepEqual(stepsIn(series, step => step / 10, { min: 2.5, max: 2.6 }), { fromStep: 20, toStep: 30 });
    assert.deepEqual(stepsIn(series, step => step, { min: 0, max: 99 }), { fromStep: 10, toStep: 40 });
    assert.equal(stepsIn({ steps: [], values: [] }, step => step, { min: 0, max: 1 }), undefined);
  });
});
