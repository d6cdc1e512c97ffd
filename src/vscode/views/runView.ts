/** The run view's host side: a panel a job. It follows the run only while it is seen. */
import { commands, Range, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import { z } from 'zod';
import type { Handlers } from '../../shared/calls';
import type { RunSnapshot } from '../../shared/follow';
import { runContract, type RunChange, type RunContract, type RunState } from '../../shared/panels/run';
import { problemError } from '../../shared/problem';
import { visibleText } from '../../shared/visibleText';
import type { Host } from '../host';
import { attachView } from './attachView';
import { chartHandlers } from './chartHandlers';
import { followRun, type RunFeed } from './runFeed';
import { RUN_PANEL } from './runViews';

/** Runs that are shown, by job. */
const panels = new Map<string, WebviewPanel>();

export function openRun(host: Host, jobId: string): void {
  const open = panels.get(jobId);
  if (open) return open.reveal();
  showRun(host, window.createWebviewPanel(RUN_PANEL, jobId, ViewColumn.Active), jobId);
}

/** `kept` is what the page kept over a reload. */
export function restoreRun(host: Host, panel: WebviewPanel, kept: unknown): void {
  const { data } = z.object({ subject: z.object({ job_id: z.string() }) }).safeParse(kept);
  if (data) showRun(host, panel, data.subject.job_id);
  else panel.dispose();
}

/** What could not be read is tried again after so long. */
const RETRY_MS = 2000;

function showRun(host: Host, panel: WebviewPanel, jobId: string): void {
  panels.set(jobId, panel);
  panel.iconPath = Uri.joinPath(host.context.extensionUri, 'media', 'hat.svg');
  let feed: RunFeed | undefined;
  let shown: RunState | undefined;
  let retry: NodeJS.Timeout | undefined;
  const rest = (): void => {
    feed?.end();
    feed = undefined;
    clearTimeout(retry);
  };

  const snapshot = async (): Promise<RunState> => {
    rest();
    try {
      const [manager, { recipeTable }] = await Promise.all([host.jobs.manager(), import('../../recipe')]);
      rest();
      feed = followRun(manager, jobId, run => {
        if (run.job) setTitle(run.job.name);
        view.send({ run });
      });
      const run = await feed.snapshot;
      if (run) setTitle(run.job.name);
      shown = { run: run ?? null, recipe: run ? recipeTable([run.recipe]) : [], isReconnecting: false };
    } catch (error) {
      host.log.error('view run', error);
      retry = setTimeout(() => void view.refresh(), RETRY_MS);
      shown = { run: shown?.run ?? null, recipe: shown?.recipe ?? [], isReconnecting: true };
    }
    return shown;
  };
  const setTitle = (name: string): void => { panel.title = visibleText(name); };

  const view = attachView<RunContract, RunState, RunChange>(panel, changed => panel.onDidChangeViewState(changed), {
    name: 'run', extension: host.context.extensionUri, log: host.log, subject: { job_id: jobId }, contract: runContract, snapshot,
    handlers: runHandlers(host, jobId, () => shown?.run ?? undefined),
  });
  const watch = host.jobs.onDidChange(async ids => {
    if (!ids.includes(jobId) || !shown?.run || (await host.jobs.manager()).getJob(jobId)) return;
    await view.refresh();
  });
  panel.onDidChangeViewState(() => { if (!panel.visible) rest(); });
  panel.onDidDispose(() => {
    if (panels.get(jobId) === panel) panels.delete(jobId);
    rest();
    watch.dispose();
  });
}

function runHandlers(host: Host, jobId: string, shown: () => RunSnapshot | undefined): Handlers<RunContract> {
  const run = async (command: string): Promise<null> => {
    await commands.executeCommand(command, jobId);
    return null;
  };
  return {
    ...chartHandlers(host, () => {
      const name = shown()?.job.name ?? jobId;
      return { title: name, runs: [{ jobId, name }] };
    }),
    async stop() {
      await (await host.jobs.manager()).stopJob(jobId);
      await host.jobs.poke();
      return null;
    },
    async resume({ from }) {
      await (await host.jobs.manager()).resumeJob(jobId, from === undefined ? {} : { from });
      await host.jobs.poke();
      return null;
    },
    chat: () => run('merlina.chat'),
    openFolder: () => run('merlina.openRunFolder'),
    showLog: () => run('merlina.showLog'),
    compare: () => run('merlina.compareRuns'),
    async openPlace({ file, line }) {
      // The view names places; only those that a Problem of the run named are opened.
      if (!shown()?.problems.some(({ problem }) => problem.where?.file === file)) {
        throw problemError('run/no-such-place', `No problem of the run names the file "${file}".`);
      }
      const at = Math.max(0, (line ?? 1) - 1);
      await window.showTextDocument(Uri.file(file), { preview: true, selection: new Range(at, 0, at, 0) });
      return null;
    },
  };
}
