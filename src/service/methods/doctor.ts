/** Looks at this machine. */
import { examine } from '../../preflight/doctor';
import { doctorMarkdown } from '../../preflight/doctorReport';
import type { Handlers } from '../../shared/calls';
import type { doctorContract } from './doctorContract';

export const doctorHandlers: Handlers<typeof doctorContract> = {
  examine: async ({ folder, program }) => doctorMarkdown(await examine({ folder }), program),
};
