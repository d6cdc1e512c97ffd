/** What is seen of runs without looking for it: progress in the status bar, and one notification when a run ends. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commands, l10n, StatusBarAlignment, window, type Disposable, type StatusBarItem } from 'vscode';
import type { JobManager, JobRecord } from '../jobs';
import type { RunStatus } from '../shared/events';
import { visibleText } from '../shared/visibleText';
import type { Host } from './host';
import { describeJob, jobName, partOf, RUNNING } from './sidebar/jobRows';

/** Whether anything waits or runs, kept from window to window: only then is the history opened when VS Code starts. */
const HAS_OPEN_JOBS = 'merlina.hasOpenJobs';

/** A window that nobody looks at lets the others tell first. */
const UNFOCUSED_WAIT_MS = 1500;

export class RunWatch implements Disposable {
  private item: StatusBarItem | undefined;
  /** Of jobs that were seen at work. */
  private readonly statuses = new Map<string, RunStatus>();
  private readonly subscription: Disposable;

  constructor(private readonly host: Host) {
    this.subscription = host.jobs.onDidChange(ids => void this.take(ids));
    if (host.context.globalState.get<boolean>(HAS_OPEN_JOBS)) void this.begin();
  }

  dispose(): void {
    this.subscription.dispose();
    this.item?.dispose();
  }

  /** Goes on with what another window began. */
  private async begin(): Promise<void> {
    const manager = await this.host.jobs.manager();
    await this.take(manager.listJobs({ status: OPEN }).map(({ job_id }) => job_id));
  }

  private async take(jobIds: readonly string[]): Promise<void> {
    const manager = await this.host.jobs.manager();
    for (const id of jobIds) {
      const job = manager.getJob(id);
      const before = this.statuses.get(id);
      if (!job || partOf(job.status) === 'ended') this.statuses.delete(id);
      else this.statuses.set(id, job.status);
      if (job && before !== undefined && partOf(before) === 'running' && partOf(job.status) === 'ended') void this.tellEnd(job);
    }
    this.show(manager);
  }

  private show(manager: JobManager): void {
    const open = manager.listJobs({ status: OPEN });
    const running = open.filter(({ status }) => partOf(status) === 'running');
    const hasOpen = open.length > 0;
    if (hasOpen !== (this.host.context.globalState.get<boolean>(HAS_OPEN_JOBS) ?? false)) void this.host.context.globalState.update(HAS_OPEN_JOBS, hasOpen);
    const [job, ...others] = running;
    if (!job) return this.item?.hide();
    this.item ??= window.createStatusBarItem('merlina.run', StatusBarAlignment.Left);
    this.item.name = l10n.t('Merlina run');
    this.item.text = `$(sync~spin) ${statusText(job)}${others.length === 0 ? '' : ` +${others.length}`}`;
    this.item.tooltip = running.map(one => visibleText(`${jobName(one)}: ${describeJob(one, l10n)}`)).join('\n');
    this.item.command = { command: 'merlina.openRun', title: l10n.t('Open run'), arguments: [job.job_id] };
    this.item.show();
  }

  /** Once, in one of the windows. */
  private async tellEnd(job: JobRecord): Promise<void> {
    if (!window.state.focused) await sleep(UNFOCUSED_WAIT_MS);
    if (!(await isFirst(job))) return;
    const name = visibleText(jobName(job));
    const [chat, open] = [l10n.t('Chat'), l10n.t('Open run')];
    const answer = await this.notify(job, name, chat, open);
    if (answer === chat) await commands.executeCommand('merlina.chat', job.job_id);
    else if (answer === open) await commands.executeCommand('merlina.openRun', job.job_id);
  }

  private async notify({ status, error }: JobRecord, name: string, chat: string, open: string): Promise<string | undefined> {
    switch (status) {
      case 'completed': return window.showInformationMessage(l10n.t('{0} is ready', name), chat, open);
      case 'failed': return window.showErrorMessage(l10n.t('{0} failed: {1}', name, visibleText(error ?? '', '\n')), open);
      default: return window.showInformationMessage(l10n.t('{0} was stopped', name), open);
    }
  }
}

const OPEN: readonly RunStatus[] = [...RUNNING, 'queued'];

/** `$(` would draw an icon. */
function statusText(job: JobRecord): string {
  return visibleText(`${jobName(job)}: ${describeJob(job, l10n)}`).replaceAll('$(', '$\u200a(');
}

/** Whichever window writes the file first tells. */
async function isFirst({ run_dir, attempt }: JobRecord): Promise<boolean> {
  if (run_dir === null) return false;
  return writeFile(path.join(run_dir, `.told-${attempt}`), '', { flag: 'wx' }).then(() => true, () => false);
}
