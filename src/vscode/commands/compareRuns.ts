/** Merlina: Compare Runs. Several runs in the same charts. */
import { l10n } from 'vscode';
import { jobAtHand, pickJobs } from '../pickJob';
import { compareRuns as showRuns } from '../views/runViews';
import type { Command } from './command';

export const compareRuns: Command = {
  id: 'merlina.compareRuns',
  /** A tree gives its row and all that are selected; one run alone is the first of those that the user picks. */
  async run(host, job, selected) {
    const one = jobAtHand(job);
    const many = Array.isArray(selected) ? selected.flatMap(node => jobAtHand(node) ?? []) : [];
    const jobIds = many.length > 1 ? many : await pickJobs(host, { title: l10n.t('Runs to compare') }, one === undefined ? [] : [one]);
    if (jobIds && jobIds.length > 0) await showRuns(host, jobIds);
  },
};
