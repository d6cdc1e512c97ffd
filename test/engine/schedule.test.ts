import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { findSchedule, learningRateAt, SCHEDULES } from '../../src/engine/schedule';

interface Case { name: string; options: Record<string, number>; total: number; warmup: number; lr: number[] }
const fixture = new URL('../fixtures/reference/training/numerics.json', import.meta.url);
const { schedules } = JSON.parse(readFileSync(fixture, 'utf8')) as { schedules: Case[] };

describe('engine/schedule', () => {
  for (const { name, options, total, warmup, lr } of schedules) {
    it(`gives transformers' ${name} ${JSON.stringify(options)} over ${total} updates, ${warmup} of them warm-up`, () => {
      const schedule = findSchedule(name);
      assert.ok(schedule, name);
      lr.forEach((expected, step) => {
        const actual = learningRateAt(schedule, step, { totalSteps: total, warmupSteps: warmup, learningRate: 1 }, options);
        assert.ok(Math.abs(actual - expected) <= 1e-9, `update ${step}: ${actual}, not ${expected}`);
      });
    });
  }

  it('is proportional to the learning rate, and never negative or above it', () => {
    for (const schedule of SCHEDULES) {
      for (let step = 0; step <= 50; step++) {
        const rate = learningRateAt(schedule, step, { totalSteps: 50, warmupSteps: 7, learningRate: 1e-8 });
        assert.ok(rate >= 0 && rate <= 1e-8 * (1 + 1e-12), `${schedule.id} ${step}: ${rate}`);
      }
    }
  });

  it('knows every fixture name', () => {
    assert.deepEqual([...new Set(schedules.map(item => item.name))].sort(), SCHEDULES.map(item => item.id).sort());
  });
});
