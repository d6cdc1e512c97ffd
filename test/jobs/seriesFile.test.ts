import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { readSeries } from '../../src/jobs/seriesFile';
import type { MetricsEvent } from '../../src/shared/events';
import { SeriesLog } from '../../src/training/seriesLog';

const SEED = 5;
const event = (step: number, loss: number, rest: Record<string, number> = {}): MetricsEvent => ({
  time: '', type: 'metrics', step, epoch: step / 100, loss, learning_rate: 1e-4, grad_norm: 1, tokens_per_second: 10, step_seconds: 0.1, ...rest,
});

describe('jobs/seriesFile', () => {
  let root: string;
  beforeEach(() => { root = fs.mkdtempSync(path.join(os.tmpdir(), 'merlina-series-')); });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  function write(losses: readonly number[], log = new SeriesLog(root), from = 0): void {
    log.goOnFrom(from);
    for (const [i, loss] of losses.entries()) log.append(event(from + i + 1, loss));
    log.close();
  }

  /** Of all files that hold anything. */
  function contents(): [string, string][] {
    return fs.readdirSync(root).sort().map((name): [string, string] => [name, createHash('sha256').update(fs.readFileSync(path.join(root, name))).digest('hex')])
      .filter(([name]) => fs.statSync(path.join(root, name)).size > 0);
  }

  it('gives back every row of a short run, by name', () => {
    write([3, 2.5, 2]);
    const { series, lastStep } = readSeries(root)!;
    assert.deepEqual([series.loss, series.learning_rate!.steps, lastStep], [{ steps: [1, 2, 3], values: [3, 2.5, 2] }, [1, 2, 3], 3]);
    assert.deepEqual(Object.keys(readSeries(root, { names: ['loss'] })!.series), ['loss']);
    assert.deepEqual(readSeries(root, { fromStep: 2, toStep: 2 })!.series.loss, { steps: [2], values: [2.5] });
  });

  it('keeps ends and extremes of any range at any fineness, and only points that are there', () => {
    const losses = Array.from({ length: 5000 }, (_, i) => Math.round(Math.sin(i * 12.9898) * 4000) / 8);
    write(losses);
    fc.assert(fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 4, max: 3000 }), (a, b, maxPoints) => {
      const [fromStep, toStep] = [Math.min(a, b), Math.max(a, b)];
      const { steps, values } = readSeries(root, { fromStep, toStep, maxPoints, names: ['loss'] })!.series.loss!;
      const wanted = losses.slice(fromStep - 1, toStep);
      assert.ok(steps.length <= Math.max(4, maxPoints));
      assert.ok(steps.every((step, i) => losses[step - 1] === values[i] && (i === 0 || steps[i - 1]! < step)));
      assert.deepEqual([steps[0], steps.at(-1), Math.min(...values.map(Number)), Math.max(...values.map(Number))], [fromStep, toStep, Math.min(...wanted), Math.max(...wanted)]);
    }), { seed: SEED, numRuns: 60 });
  });

  it('goes on from any step as if what came after it had never been', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2200 }), fc.integer({ min: 1, max: 2200 }), (first, from) => {
      const before = Math.min(first, from);
      write(Array.from({ length: first }, () => 7));
      write(Array.from({ length: 1100 }, (_, i) => i), new SeriesLog(root), before);
      const resumed = contents();
      write([...Array.from({ length: before }, () => 7), ...Array.from({ length: 1100 }, (_, i) => i)]);
      assert.deepEqual(contents(), resumed);
    }), { seed: SEED, numRuns: 8 });
  });

  it('takes a column that comes late, and a value that is not finite for none', () => {
    const log = new SeriesLog(root);
    log.goOnFrom(0);
    log.append(event(1, NaN));
    log.append(event(2, 4, { 'rewards/margins': 0.5 }));
    log.close();
    const { series } = readSeries(root)!;
    assert.deepEqual([series.loss, series['rewards/margins']], [{ steps: [2], values: [4] }, { steps: [2], values: [0.5] }]);
  });

  it('passes over a row that was cut, and gives nothing for what is no series', () => {
    write([1, 2, 3]);
    fs.truncateSync(path.join(root, 'series.bin'), fs.statSync(path.join(root, 'series.bin')).size - 5);
    assert.deepEqual(readSeries(root)!.series.loss, { steps: [1, 2], values: [1, 2] });
    fs.writeFileSync(path.join(root, 'series.bin'), Buffer.alloc(20_000, 0x5a));
    assert.equal(readSeries(root), undefined);
    assert.equal(readSeries(path.join(root, 'no-such')), undefined);
  });

  it('gives up where a run goes on whose series is gone', () => {
    write([5], new SeriesLog(root), 10);
    assert.deepEqual(fs.readdirSync(root), []);
  });
});
