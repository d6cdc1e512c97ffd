/** What the service can be asked of this machine. */
import { z } from 'zod';
import { method } from '../../shared/calls';

export const doctorContract = {
  /** The doctor's report in Markdown. `program`: what looked, by name and version. */
  examine: method<string>()(z.object({ folder: z.string(), program: z.array(z.tuple([z.string(), z.string()])) })),
};
