/** What every view with charts asks of the host. */
import { z } from 'zod';
import { method } from '../calls';
import type { SeriesByName } from '../follow';

const step = z.number().int().nonnegative();

/** A picture of some charts is well below this; base64 of a PNG, or the text of an SVG. */
const LARGEST_PICTURE = 64 << 20;

export const stepRange = { fromStep: step.optional(), toStep: step.optional() };
export const jobId = z.string().min(1).max(200);

export const chartRequests = {
  /** A part of a run more finely. */
  series: method<SeriesByName>()(z.strictObject({ jobId, ...stepRange, maxPoints: z.number().int().positive().max(100_000) })),
  /** Asks where to, and writes it there. Whether it was written. */
  savePicture: method<boolean>()(z.strictObject({ kind: z.enum(['png', 'svg']), content: z.string().max(LARGEST_PICTURE) })),
  /** Every value of the runs in the range, as a CSV file. Whether it was written. */
  saveValues: method<boolean>()(z.strictObject(stepRange)),
};
