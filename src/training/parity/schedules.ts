/** numerics.json: learning-rate schedules, update by update. */
import { findSchedule, learningRateAt } from '../../engine/schedule';
import type { ParityCase } from '../../shared/parity';
import { measured } from './parityKind';

const TOLERANCE = 1e-9;

interface NumericsFixture {
  schedules: { name: string; options: Record<string, number>; total: number; warmup: number; lr: number[] }[];
  nf4?: unknown[];
}

export function scheduleParity(fixture: unknown): ParityCase[] {
  const { schedules, nf4 = [] } = fixture as NumericsFixture;
  const cases = schedules.map(({ name, options, total, warmup, lr }): ParityCase => {
    const settings = Object.entries(options).map(([key, value]) => `,${key}=${value}`).join('');
    const title = `numerics/schedule/${name}(total=${total},warmup=${warmup}${settings})`;
    const schedule = findSchedule(name);
    if (!schedule) return { name: title, ok: false, detail: 'no such schedule' };
    const range = { totalSteps: total, warmupSteps: warmup, learningRate: 1 };
    const error = Math.max(...lr.map((expected, step) => Math.abs(learningRateAt(schedule, step, range, options) - expected)));
    return measured(title, error, TOLERANCE);
  });
  const skipped = nf4.map((_, index): ParityCase => ({ name: `numerics/nf4/${index}`, ok: true, skipped: 'NF4 is not implemented yet' }));
  return [...cases, ...skipped];
}
