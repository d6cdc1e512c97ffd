/** Merlina: Show Log. What a run's trainer wrote, or what Merlina itself did in this window. */
import { existsSync } from 'node:fs';
import { l10n, Uri, window } from 'vscode';
import { problemError } from '../../shared/problem';
import type { Host } from '../host';
import { jobAtHand, pickJob } from '../pickJob';
import type { Command } from './command';

/** Stands for Merlina's own log, as no id of a job does. */
const OWN = 'merlina';

export const showLog: Command = {
  id: 'merlina.showLog',
  async run(host, job) {
    const jobId = jobAtHand(job) ?? (await chooseLog(host));
    if (jobId === OWN) host.log.show();
    else if (jobId !== undefined) await openLog(host, jobId);
  },
};

/** Merlina's own is the only one as long as nothing was run. */
async function chooseLog(host: Host): Promise<string | undefined> {
  if (!(await host.jobs.managerIfAny())) return OWN;
  const [own, ofRun] = [{ label: l10n.t('Merlina in this window') }, { label: l10n.t('A run…') }];
  const answer = await window.showQuickPick([own, ofRun], { title: l10n.t('Log to show') });
  if (answer !== ofRun) return answer && OWN;
  return pickJob(host, { title: l10n.t('Run whose log to show'), filter: ({ run_dir }) => run_dir !== null });
}

/** The log, or, of a trainer that died before it wrote one, what it printed. */
async function openLog(host: Host, jobId: string): Promise<void> {
  const manager = await host.jobs.manager();
  manager.requireJob(jobId);
  const { log, output } = manager.folderOf(jobId);
  const file = [log, output].find(existsSync);
  if (file === undefined) throw problemError('run/no-log', `The run "${jobId}" has no log yet.`, { where: { file: log } });
  await window.showTextDocument(Uri.file(file), { preview: true });
}
