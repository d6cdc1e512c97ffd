/** What the test of a device measures, and what it must not exceed. */
import { reasonIn } from '../engine/device';

export interface DeviceTestResult {
  /** Largest difference of the loss, as a share of the CPU's. */
  readonly lossError: number;
  /** Largest difference of any gradient, as a share of the largest entry of that gradient. */
  readonly gradientError: number;
  /** Of float32 products. */
  readonly flopsPerSecond: number;
  readonly cpuFlopsPerSecond: number;
}

/** `reason` says why a device is not to be used. */
export type Verdict =
  | { readonly works: true; readonly result: DeviceTestResult }
  | { readonly works: false; readonly reason: string };

/** What float32 products differ by when they are summed in another order, with room for drivers that fuse; and what 11 bits leave of a number. */
const TOLERANCE = { float32: { loss: 1e-4, gradient: 1e-3 }, float16: { loss: 1e-3, gradient: 5e-2 } } as const;

export function verdictOf(result: DeviceTestResult | { error: string }, dtype: keyof typeof TOLERANCE = 'float32'): Verdict {
  if ('error' in result) return { works: false, reason: reasonIn(result.error) };
  const { lossError, gradientError } = result;
  const most = TOLERANCE[dtype];
  if (isWithin(lossError, most.loss) && isWithin(gradientError, most.gradient)) return { works: true, result };
  return { works: false, reason: `it computes wrongly: the loss is off by ${share(lossError)} (at most ${most.loss}), a gradient by ${share(gradientError)} (at most ${most.gradient})` };
}

/** JSON has no infinity and no NaN: they arrive as null, which is at most anything. */
function isWithin(error: number | null, limit: number): boolean { return error !== null && error <= limit; }

function share(error: number | null): string { return error === null ? 'no number' : error.toExponential(1); }
