/** Compare's host side: one panel for a choice of runs. It follows them only while it is seen. */
import { l10n, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import { z } from 'zod';
import type { Handlers } from '../../shared/calls';
import { compareContract, type CompareChange, type CompareContract, type CompareState } from '../../shared/panels/compare';
import type { Host } from '../host';
import { pickJobs } from '../pickJob';
import { attachView } from './attachView';
import { chartHandlers } from './chartHandlers';
import { followRun, type RunFeed } from './runFeed';
import { COMPARE_PANEL, openRun } from './runViews';

export function openCompare(host: Host, jobIds: readonly string[]): void {
  showCompare(host, window.createWebviewPanel(COMPARE_PANEL, l10n.t('Compare runs'), ViewColumn.Active), jobIds);
}

/** `kept` is what the page kept over a reload: the runs it began with, and those it showed last. */
export function restoreCompare(host: Host, panel: WebviewPanel, kept: unknown): void {
  const { data } = keptSchema.safeParse(kept);
  if (data) showCompare(host, panel, (data.saved ?? data.subject).job_ids);
  else panel.dispose();
}

const choice = z.object({ job_ids: z.array(z.string()) });
const keptSchema = z.object({ subject: choice, saved: choice.optional().catch(undefined) });

function showCompare(host: Host, panel: WebviewPanel, chosen: readonly string[]): void {
  panel.iconPath = Uri.joinPath(host.context.extensionUri, 'media', 'hat.svg');
  let jobIds = chosen;
  let feeds: RunFeed[] = [];
  let shown: CompareState['runs'] = [];
  const rest = (): void => {
    feeds.forEach(feed => feed.end());
    feeds = [];
  };

  const snapshot = async (): Promise<CompareState> => {
    const [manager, { recipeTable }] = await Promise.all([host.jobs.manager(), import('../../recipe')]);
    rest();
    feeds = jobIds.map(jobId => followRun(manager, jobId, run => view.send({ jobId, run })));
    shown = (await Promise.all(feeds.map(feed => feed.snapshot))).filter(run => run !== undefined);
    return { runs: shown, recipe: recipeTable(shown.map(({ recipe }) => recipe)) };
  };
  const choose = async (ids: readonly string[]): Promise<null> => {
    jobIds = ids;
    await view.refresh();
    return null;
  };
  const handlers: Handlers<CompareContract> = {
    ...chartHandlers(host, () => ({ title: l10n.t('Compared runs'), runs: shown.map(({ job }) => ({ jobId: job.job_id, name: job.name })) })),
    async chooseRuns() {
      const ids = await pickJobs(host, { title: l10n.t('Runs to compare') }, jobIds);
      return ids ? choose([...jobIds.filter(id => ids.includes(id)), ...ids.filter(id => !jobIds.includes(id))]) : null;
    },
    removeRun: ({ jobId }) => choose(jobIds.filter(id => id !== jobId)),
    async openRun({ jobId }) {
      await openRun(host, jobId);
      return null;
    },
  };
  const view = attachView<CompareContract, CompareState, CompareChange>(panel, changed => panel.onDidChangeViewState(changed), {
    name: 'compare', extension: host.context.extensionUri, log: host.log, subject: { job_ids: chosen }, contract: compareContract, handlers, snapshot,
  });
  const watch = host.jobs.onDidChange(async ids => {
    const manager = await host.jobs.manager();
    if (shown.some(({ job }) => ids.includes(job.job_id) && !manager.getJob(job.job_id))) await view.refresh();
  });
  panel.onDidChangeViewState(() => { if (!panel.visible) rest(); });
  panel.onDidDispose(() => {
    rest();
    watch.dispose();
  });
}
