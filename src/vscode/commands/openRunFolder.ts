/** Merlina: Open Run Folder. Where a run keeps its events, checkpoints and results. */
import { l10n } from 'vscode';
import { problemError } from '../../shared/problem';
import { jobAtHand, pickJob } from '../pickJob';
import { revealFolder } from '../revealFolder';
import type { Command } from './command';

export const openRunFolder: Command = {
  id: 'merlina.openRunFolder',
  async run(host, job) {
    const jobId = jobAtHand(job) ?? (await pickJob(host, { title: l10n.t('Run whose folder to open'), filter: ({ run_dir }) => run_dir !== null }));
    if (jobId === undefined) return;
    const { run_dir } = (await host.jobs.manager()).requireJob(jobId);
    if (run_dir === null) throw problemError('run/no-folder', `The run "${jobId}" has no folder: it was one of Merlina's Python.`);
    await revealFolder(run_dir);
  },
};
