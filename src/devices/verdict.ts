/** What the test of a device measures, and what it must not exceed. */

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

/** What float32 products differ by when they are summed in another order, with room for drivers that fuse. */
const TOLERANCE = { loss: 1e-4, gradient: 1e-3 } as const;

export function verdictOf(result: DeviceTestResult | { error: string }): Verdict {
  if ('error' in result) return { works: false, reason: firstWords(result.error) };
  const { lossError, gradientError } = result;
  if (isWithin(lossError, TOLERANCE.loss) && isWithin(gradientError, TOLERANCE.gradient)) return { works: true, result };
  return { works: false, reason: `it computes wrongly: the loss is off by ${share(lossError)} (at most ${TOLERANCE.loss}), a gradient by ${share(gradientError)} (at most ${TOLERANCE.gradient})` };
}

/** JSON has no infinity and no NaN: they arrive as null, which is at most anything. */
function isWithin(error: number | null, limit: number): boolean { return error !== null && error <= limit; }

function share(error: number | null): string { return error === null ? 'no number' : error.toExponential(1); }

/** onnxruntime's messages begin with the place in its own source, and end with a stop. */
function firstWords(message: string): string {
  const line = message.split('\n').find(text => text.trim() !== '') ?? message;
  return line.replace(/^\S+\.(?:cc|h|cpp):\d+ .*? was false\. /, '').trim().replace(/\.$/, '');
}
