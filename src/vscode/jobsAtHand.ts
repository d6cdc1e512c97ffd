/** Which jobs a command is about: those that were selected, the one it was given, or those that the user picks. */
import type { Host } from './host';
import { jobAtHand, pickJobs, type JobQuestion } from './pickJob';
import { sidebarOf } from './sidebar/sidebar';

/** What a key in the sidebar gives a command instead of a job (package.json, "keybindings"). */
const SELECTION = 'selection';

/** Empty where the user turned back, or there is none. Trees give the row that was clicked, and all that are selected. */
export async function jobsAtHand(host: Host, [first, selected]: readonly unknown[], question: JobQuestion): Promise<string[]> {
  if (first === SELECTION) return sidebarOf(host).selected;
  const many = Array.isArray(selected) ? selected.flatMap(node => jobAtHand(node) ?? []) : [];
  if (many.length > 0) return many;
  const one = jobAtHand(first);
  return one === undefined ? (await pickJobs(host, question)) ?? [] : [one];
}
