/** Merlina: Resume. An ended run goes on from its newest checkpoint, or from one that is chosen. */
import { commands, l10n, window } from 'vscode';
import type { JobManager } from '../../jobs';
import { jobAtHand, pickJob } from '../pickJob';
import type { Command } from './command';

export const resume: Command = {
  id: 'merlina.resume',
  /** `step` names the checkpoint; it is asked for where there are several. */
  async run(host, subject, step) {
    const jobId = jobAtHand(subject) ?? (await pickJob(host, { title: l10n.t('Run to resume'), filter: ({ status, run_dir }) => run_dir !== null && ['stopped', 'failed', 'cancelled'].includes(status) }));
    if (jobId === undefined) return;
    const manager = await host.jobs.manager();
    const from = typeof step === 'number' ? step : await pickCheckpoint(manager, jobId);
    if (from === undefined) return;
    await manager.resumeJob(jobId, from === 'newest' ? {} : { from });
    await host.jobs.poke();
    await commands.executeCommand('merlina.openRun', jobId);
  },
};

/** Undefined where the user turned back. */
async function pickCheckpoint(manager: JobManager, jobId: string): Promise<number | 'newest' | undefined> {
  manager.requireJob(jobId);
  const steps = manager.folderOf(jobId).checkpointSteps().reverse();
  if (steps.length < 2) return 'newest';
  const items = steps.map((step, index) => ({ label: l10n.t('Step {0}', step), description: index === 0 ? l10n.t('newest') : '', step }));
  const picked = await window.showQuickPick(items, { title: l10n.t('Checkpoint to go on from') });
  return picked?.step;
}
