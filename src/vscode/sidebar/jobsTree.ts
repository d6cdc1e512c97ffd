/** The tree of jobs: what runs, what waits, then history by day, a page at a time. */
import { env, EventEmitter, l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type Event, type TreeDataProvider } from 'vscode';
import type { JobFilter, JobManager, JobRecord } from '../../jobs';
import type { RunStatus } from '../../shared/events';
import { statusIcon, statusName } from '../../shared/statusLook';
import { visibleText } from '../../shared/visibleText';
import type { Jobs } from '../jobs';
import { describeJob, ENDED, groupByDay, jobContext, jobName, OPEN, partOf, recipeText, type Day } from './jobRows';

/** A job in the tree. Commands take it for its `job_id`. */
export interface JobNode {
  kind: 'job';
  job_id: string;
  record: JobRecord;
  /** In the queue, from 1. */
  place?: number;
}
interface DayNode extends Day<JobNode> {
  kind: 'day';
  isFirst: boolean;
}
interface MoreNode {
  kind: 'more';
  left: number;
}
export type JobsNode = JobNode | DayNode | MoreNode;

export interface JobsFilter {
  text: string;
  /** Empty: all. */
  statuses: readonly RunStatus[];
}

/** So many ended jobs are asked for at a time. */
const PAGE_JOBS = 200;

export class JobsTree implements TreeDataProvider<JobsNode> {
  private readonly changed = new EventEmitter<JobsNode | undefined>();
  readonly onDidChangeTreeData: Event<JobsNode | undefined> = this.changed.event;
  filter: JobsFilter = { text: '', statuses: [] };
  private pages = 1;
  /** Those that were given out. */
  private nodes = new Map<string, JobNode>();

  constructor(private readonly jobs: Jobs) {}

  /** Everything anew. */
  refresh(): void {
    this.changed.fire(undefined);
  }

  setFilter(filter: JobsFilter): void {
    this.filter = filter;
    this.pages = 1;
    this.refresh();
  }

  get isFiltered(): boolean {
    return this.filter.text !== '' || this.filter.statuses.length > 0;
  }

  showMore(): void {
    this.pages++;
    this.refresh();
  }

  /** Redraws the rows of these jobs; the whole only where one came, went, or changed its place. */
  async update(jobIds: readonly string[]): Promise<void> {
    const manager = await this.jobs.managerIfAny();
    const moved = jobIds.filter(id => !this.renew(id, manager?.getJob(id)));
    if (moved.length > 0) this.refresh();
  }

  async getChildren(node?: JobsNode): Promise<JobsNode[]> {
    if (node?.kind === 'day') return node.jobs;
    if (node) return [];
    const manager = await this.jobs.managerIfAny();
    return manager ? this.roots(manager) : [];
  }

  getTreeItem(node: JobsNode): TreeItem {
    switch (node.kind) {
      case 'job': return jobItem(node);
      case 'day': return dayItem(node);
      case 'more': return moreItem(node);
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private roots(manager: JobManager): JobsNode[] {
    this.nodes = new Map();
    const open = manager.listJobs(this.asked(OPEN));
    const queue = manager.queue();
    const place = ({ job_id }: JobRecord): number => queue.indexOf(job_id) + 1;
    const running = open.filter(({ status }) => partOf(status) === 'running').map(record => this.node(record));
    const queued = open.filter(({ status }) => status === 'queued').sort((a, b) => place(a) - place(b)).map(record => this.node(record, place(record)));
    const ended = this.asked(ENDED);
    const limit = this.pages * PAGE_JOBS;
    const days = groupByDay(manager.listJobs({ ...ended, limit }), new Date(), env.language, l10n);
    const left = manager.countJobs(ended) - limit;
    return [
      ...running, ...queued,
      ...days.map(({ jobs, ...day }, index): DayNode => ({ kind: 'day', ...day, isFirst: index === 0, jobs: jobs.map(record => this.node(record)) })),
      ...(left > 0 ? [{ kind: 'more' as const, left }] : []),
    ];
  }

  private asked(statuses: readonly RunStatus[]): JobFilter {
    const { text, statuses: wanted } = this.filter;
    return { text, status: wanted.length === 0 ? statuses : statuses.filter(status => wanted.includes(status)) };
  }

  private node(record: JobRecord, place?: number): JobNode {
    const node: JobNode = { kind: 'job', job_id: record.job_id, record, ...(place === undefined ? {} : { place }) };
    this.nodes.set(record.job_id, node);
    return node;
  }

  /** Whether the row could be redrawn where it stands. */
  private renew(jobId: string, record: JobRecord | undefined): boolean {
    const node = this.nodes.get(jobId);
    if (!node || !record || partOf(record.status) !== partOf(node.record.status)) return false;
    if (record.status === 'queued' && (record.position !== node.record.position || record.priority !== node.record.priority)) return false;
    node.record = record;
    this.changed.fire(node);
    return true;
  }
}

function jobItem({ record, place }: JobNode): TreeItem {
  const { job_id, status } = record;
  const item = new TreeItem(visibleText(jobName(record)));
  item.id = job_id;
  item.description = visibleText(describeJob(record, l10n, place));
  item.tooltip = visibleText([
    `${jobName(record)} (${job_id})`, `${statusName(status, l10n)}${item.description === '' ? '' : ` · ${String(item.description)}`}`,
    [recipeText(record.config, 'training_mode'), recipeText(record.config, 'base_model')].filter(text => text !== undefined).join(' · '),
    new Date(record.created_at).toLocaleString(env.language), record.error ?? '',
  ].filter(text => text !== '').join('\n'), '\n');
  const colour = COLOURS[status];
  item.iconPath = new ThemeIcon(partOf(status) === 'running' ? `${statusIcon(status)}~spin` : statusIcon(status), colour === undefined ? undefined : new ThemeColor(colour));
  item.contextValue = jobContext(record);
  item.command = { command: 'merlina.openRun', title: l10n.t('Open run'), arguments: [job_id] };
  item.accessibilityInformation = { label: `${item.label as string}, ${statusName(status, l10n)}, ${item.description}` };
  return item;
}

/** What is not here has the colour of text. */
const COLOURS: Partial<Record<RunStatus, string>> = {
  completed: 'testing.iconPassed', failed: 'testing.iconFailed', stopped: 'testing.iconQueued', cancelled: 'disabledForeground', queued: 'disabledForeground',
};

function dayItem({ key, label, isFirst, jobs }: DayNode): TreeItem {
  const item = new TreeItem(label, isFirst ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed);
  item.id = key;
  item.description = String(jobs.length);
  item.contextValue = 'day';
  return item;
}

function moreItem({ left }: MoreNode): TreeItem {
  const item = new TreeItem(l10n.t('Show more…'));
  item.id = 'more';
  item.description = l10n.t('{0} older', left);
  item.command = { command: 'merlina.showMoreJobs', title: l10n.t('Show more…') };
  item.iconPath = new ThemeIcon('ellipsis');
  return item;
}
