/** numerics.json: learning-rate schedules, update by update, and NF4 blocks. */
import { findSchedule, learningRateAt } from '../../engine/schedule';
import { decodeNf4, dynamicCodes, encodeNf4, quantiseScales, restoreScales } from '../../shared/nf4';
import type { ParityCase } from '../../shared/parity';
import { measured } from './parityKind';

const SCHEDULE_TOLERANCE = 1e-9;

interface ScheduleFixture { name: string; options: Record<string, number>; total: number; warmup: number; lr: number[] }

/** Arrays are little-endian in base64: float32, and bytes for codes. */
interface Nf4Fixture {
  shape: number[];
  values: string;
  packed: string;
  absmax: string;
  decoded: string;
  decoded_double: string;
  double: { absmax_codes: string; offset: number; nested_absmax: string; nested_code: string };
}

export function numericsParity(fixture: unknown): ParityCase[] {
  const { schedules, nf4 = [] } = fixture as { schedules: ScheduleFixture[]; nf4?: Nf4Fixture[] };
  return [...schedules.map(scheduleCase), ...nf4.flatMap(nf4Cases)];
}

function scheduleCase({ name, options, total, warmup, lr }: ScheduleFixture): ParityCase {
  const settings = Object.entries(options).map(([key, value]) => `,${key}=${value}`).join('');
  const title = `numerics/schedule/${name}(total=${total},warmup=${warmup}${settings})`;
  const schedule = findSchedule(name);
  if (!schedule) return { name: title, ok: false, detail: 'no such schedule' };
  const range = { totalSteps: total, warmupSteps: warmup, learningRate: 1 };
  const error = Math.max(...lr.map((expected, step) => Math.abs(learningRateAt(schedule, step, range, options) - expected)));
  return measured(title, error, SCHEDULE_TOLERANCE);
}

/** Codes, scales and decoded values are equal to the last bit. The codes of the scales are not always: bitsandbytes divides with an approximate
 *  reciprocal (2⁻¹⁴), so a scale in the middle of two codes may get either; and its mean is summed in another order, a last bit apart. */
function nf4Cases({ shape, double, ...fixture }: Nf4Fixture): ParityCase[] {
  const title = `numerics/nf4/[${shape.join(',')}]`;
  const values = floats(fixture.values);
  const packed = bytes(fixture.packed);
  const ours = encodeNf4(values);
  const scales = quantiseScales(ours.scales);
  const theirs = { codes: bytes(double.absmax_codes), offset: double.offset, nested: floats(double.nested_absmax) };
  // One code apart, and float32's own rounding.
  const stepOfCodes = 1.0001 * largestGap(dynamicCodes()) * Math.max(...theirs.nested);
  return [
    measured(`${title}/codes`, furthest(ours.packed, packed), 0),
    measured(`${title}/scales`, furthest(ours.scales, floats(fixture.absmax)), 0),
    measured(`${title}/decoded`, furthest(decodeNf4(ours, values.length), floats(fixture.decoded)), 0),
    measured(`${title}/dynamic-map`, furthest(dynamicCodes(), floats(double.nested_code)), 0),
    measured(`${title}/scale-codes`, furthest(scales.codes, theirs.codes), 1),
    measured(`${title}/scale-maxima`, furthest(scales.nested, theirs.nested), 1e-7),
    measured(`${title}/restored-scales`, furthest(restoreScales(scales), restoreScales(theirs)), stepOfCodes),
    measured(`${title}/decoded-double`, furthest(decodeNf4({ packed, scales: restoreScales(theirs) }, values.length), floats(fixture.decoded_double)), 0),
  ];
}

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

/** Largest difference of two arrays of one length. */
function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

function largestGap(ascending: Float32Array): number {
  return ascending.reduce((widest, value, i) => (i === 0 ? widest : Math.max(widest, value - ascending[i - 1])), 0);
}
