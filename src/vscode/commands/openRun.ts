/** Merlina: Open Run. The run view of a job: charts, samples, checkpoints, log. */
import { l10n } from 'vscode';
import { jobAtHand, pickJob } from '../pickJob';
import { openRun as showRun } from '../views/runViews';
import type { Command } from './command';

export const openRun: Command = {
  id: 'merlina.openRun',
  async run(host, job) {
    const jobId = jobAtHand(job) ?? (await pickJob(host, { title: l10n.t('Run to open') }));
    if (jobId !== undefined) await showRun(host, jobId);
  },
};
