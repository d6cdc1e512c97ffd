/** Zoom and pan stay within what there is. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { handleKey } from '../../../webview/charts/keys';
import { panned, within, zoomed } from '../../../webview/charts/navigate';
import type { ChartControls } from '../../../webview/charts/controls';
import { DEFAULT_SETTINGS } from '../../../webview/charts/controls';
import type { Range } from '../../../webview/charts/curve';

const WHOLE = { min: 0, max: 1000 };

describe('navigate', () => {
  it('zooms about a place that stays where it is', () => {
    assert.deepEqual(zoomed(WHOLE, { min: 100, max: 300 }, 150, 0.5), { min: 125, max: 225 });
  });

  it('all there is is null', () => {
    assert.equal(zoomed(WHOLE, { min: 100, max: 900 }, 500, 10), null);
    assert.equal(within(WHOLE, WHOLE), null);
  });

  it('a move beyond the end stops there, as wide as it was', () => {
    assert.deepEqual(panned(WHOLE, { min: 700, max: 900 }, 1), { min: 800, max: 1000 });
    assert.deepEqual(panned(WHOLE, { min: 50, max: 250 }, -5), { min: 0, max: 200 });
  });

  it('never leaves the whole, and never closes', () => {
    const place = fc.double({ min: -2000, max: 3000, noNaN: true });
    fc.assert(fc.property(place, place, fc.double({ min: 0.01, max: 10, noNaN: true }), (a, b, factor) => {
      const range = within(WHOLE, { min: Math.min(a, b), max: Math.max(a, b) });
      const next = range && zoomed(WHOLE, range, range.min, factor);
      for (const one of [range, next]) assert.ok(one === null || (one.min >= 0 && one.max <= 1000 + 1e-9 && one.max > one.min));
    }));
  });
});

describe('keys of a chart', () => {
  const press = (controls: ChartControls, key: string, shiftKey = false): void => handleKey({ key, shiftKey, preventDefault: () => {} }, controls, Float64Array.from({ length: 101 }, (_, i) => i * 10));
  const value = <T>(initial: T) => {
    let current = initial;
    return { get: () => current, set: (next: T) => { current = next; }, subscribe: () => () => {} };
  };
  const controls = (): ChartControls => ({ range: value<Range | null>(null), cursor: value<number | null>(null), whole: WHOLE, settings: DEFAULT_SETTINGS });

  it('arrows go from point to point, and begin at the newest', () => {
    const shared = controls();
    press(shared, 'ArrowLeft');
    assert.equal(shared.cursor.get(), 990);
    press(shared, 'ArrowLeft');
    press(shared, 'ArrowRight');
    assert.equal(shared.cursor.get(), 990);
    press(shared, 'Home');
    assert.equal(shared.cursor.get(), 0);
    press(shared, 'ArrowLeft');
    assert.equal(shared.cursor.get(), 0);
  });

  it('zooms, moves the range, and shows all again', () => {
    const shared = controls();
    shared.cursor.set(500);
    press(shared, '+');
    assert.deepEqual(shared.range.get(), { min: 100, max: 900 });
    press(shared, 'ArrowRight', true);
    assert.deepEqual(shared.range.get(), { min: 180, max: 980 });
    press(shared, 'Escape');
    assert.deepEqual([shared.range.get(), shared.cursor.get()], [null, null]);
  });
});
