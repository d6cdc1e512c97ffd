/** `merlina jobs orphans`: trainers that run although no job says so. */
import { endOrphan, findOrphans } from '../jobs';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Terminal } from './command';
import { dataDirectory } from './dataDirectory';
import { COMMON } from './jobsOpen';

export async function orphans(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArguments(args, { ...COMMON, end: { type: 'boolean', default: false } }, 'jobs');
  const found = await findOrphans(dataDirectory(values['data-dir']));
  for (const orphan of found) {
    const went = values.end ? await endOrphan(orphan) : undefined;
    if (values.json) terminal.out(`${JSON.stringify({ type: 'orphan', ...orphan, ...(went && { went }) })}\n`);
    else terminal.out(`${orphan.job_id}  process ${orphan.pid}  ${orphan.reason}${went ? `  ${went}` : ''}\n`);
  }
  if (!values.json) terminal.error(found.length === 0 ? 'Every trainer has its job.\n' : values.end ? '' : 'End them with `merlina jobs orphans --end`.\n');
  return EXIT.done;
}
