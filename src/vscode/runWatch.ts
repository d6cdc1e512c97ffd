/** What is seen of runs without looking for it: progress in the status bar, and one notification when a run ends. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commands, l10n, StatusBarAlignment, window, type Disposable, type MessageItem, type StatusBarItem } from 'vscode';
import type { JobManager, JobRecord } from '../jobs';
import type { RunStatus } from '../shared/events';
import type { Host } from './host';
import { labelText, noticeText } from './plainText';
import { describeJob, jobName, OPEN, partOf } from './sidebar/jobRows';

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
    this.subscription = host.jobs.onDidChange(ids => this.watch(this.take(ids)));
    if (host.context.globalState.get<boolean>(HAS_OPEN_JOBS)) this.watch(this.begin());
  }

  dispose(): void {
    this.subscription.dispose();
    this.item?.dispose();
  }

  /** Work that nobody waits for. */
  private watch(work: Promise<void>): void {
    work.catch((error: unknown) => this.host.log.error('runs', error));
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
      if (job && before !== undefined && partOf(before) === 'running' && partOf(job.status) === 'ended') this.watch(this.tellEnd(job));
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
    this.item.text = `$(sync~spin) ${labelText(`${jobName(job)}: ${describeJob(job, l10n)}`)}${others.length === 0 ? '' : ` +${others.length}`}`;
    this.item.tooltip = running.map(one => labelText(`${jobName(one)}: ${describeJob(one, l10n)}`)).join('\n');
    this.item.command = { command: 'merlina.openRun', title: l10n.t('Open run'), arguments: [job.job_id] };
    this.item.show();
  }

  /** Once, in one of the windows. */
  private async tellEnd(job: JobRecord): Promise<void> {
    if (!window.state.focused) await sleep(UNFOCUSED_WAIT_MS);
    if (!(await isFirst(job))) return;
    const name = noticeText(jobName(job));
    const command = (await notify(job, name))?.command;
    if (command !== undefined) await commands.executeCommand(command, job.job_id);
  }
}

interface Action extends MessageItem {
  command: string;
}

/** Gives what the user chose. */
async function notify({ status, error }: JobRecord, name: string): Promise<Action | undefined> {
  const open: Action = { title: l10n.t('Open run'), command: 'merlina.openRun' };
  switch (status) {
    case 'completed': return window.showInformationMessage(l10n.t('{0} is ready', name), { title: l10n.t('Chat'), command: 'merlina.chat' }, open);
    case 'failed': return window.showErrorMessage(l10n.t('{0} failed: {1}', name, noticeText(error ?? '')), open, { title: l10n.t('Retry'), command: 'merlina.retry' });
    default: return window.showInformationMessage(l10n.t('{0} was stopped', name), open, { title: l10n.t('Resume'), command: 'merlina.resume' });
  }
}

/** Whichever window writes the file first tells. */
async function isFirst({ run_dir, attempt }: JobRecord): Promise<boolean> {
  if (run_dir === null) return false;
  return writeFile(path.join(run_dir, `.told-${attempt}`), '', { flag: 'wx' }).then(() => true, () => false);
}
