/** The activity bar's container: jobs, models, recipes. What a tree shows is read when it is looked at. */
import { commands, Disposable, l10n, window, type TreeView } from 'vscode';
import { statusName } from '../../shared/statusLook';
import type { Host } from '../host';
import { RUNNING } from './jobRows';
import { JobsTree, type JobsFilter, type JobsNode } from './jobsTree';
import { ModelsTree } from './modelsTree';
import { SpellbookTree } from './spellbookTree';

/** Context key: whether the jobs are filtered. */
const FILTERED = 'merlina.jobsFiltered';

export class Sidebar implements Disposable {
  readonly jobs: JobsTree;
  readonly models: ModelsTree;
  private readonly jobsView: TreeView<JobsNode>;
  private readonly subscriptions: Disposable;

  constructor(private readonly host: Host) {
    this.jobs = new JobsTree(host.jobs);
    this.models = new ModelsTree(host);
    const recipes = new SpellbookTree();
    this.jobsView = window.createTreeView('merlina.jobs', { treeDataProvider: this.jobs, canSelectMany: true });
    this.subscriptions = Disposable.from(
      this.jobs, this.models, recipes, this.jobsView,
      window.createTreeView('merlina.models', { treeDataProvider: this.models }),
      window.createTreeView('merlina.spellbook', { treeDataProvider: recipes }),
      host.jobs.onDidChange(ids => this.watch(this.take(ids))),
      this.jobsView.onDidChangeVisibility(({ visible }) => { if (visible) this.watch(this.showBadge()); }),
    );
  }

  /** The jobs that are selected in the tree. */
  get selected(): string[] {
    return this.jobsView.selection.flatMap(node => (node.kind === 'job' ? [node.job_id] : []));
  }

  setFilter(filter: JobsFilter): void {
    this.jobs.setFilter(filter);
    void commands.executeCommand('setContext', FILTERED, this.jobs.isFiltered);
    const parts = [...filter.statuses.map(status => statusName(status, l10n)), ...(filter.text === '' ? [] : [`“${filter.text}”`])];
    this.jobsView.message = parts.length === 0 ? undefined : l10n.t('Only {0}', parts.join(', '));
  }

  refresh(): void {
    this.jobs.refresh();
    this.models.refresh();
    this.watch(this.showBadge());
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Work that nobody waits for. */
  private watch(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.host.log.error('sidebar', error));
  }

  private async take(jobIds: readonly string[]): Promise<void> {
    await Promise.all([this.jobs.update(jobIds), this.showBadge()]);
    const manager = await this.host.jobs.managerIfAny();
    // A run that ended has left a model; one that was deleted took it along.
    if (jobIds.some(id => (manager?.getJob(id)?.status ?? 'completed') === 'completed')) this.models.refresh();
  }

  private async showBadge(): Promise<void> {
    const running = (await this.host.jobs.managerIfAny())?.countJobs({ status: RUNNING }) ?? 0;
    const tooltip = running === 1 ? l10n.t('1 run is training') : l10n.t('{0} runs are training', running);
    this.jobsView.badge = running === 0 ? undefined : { value: running, tooltip };
  }
}

const sidebars = new WeakMap<Host, Sidebar>();

/** The one of this window. */
export function sidebarOf(host: Host): Sidebar {
  const known = sidebars.get(host);
  if (known) return known;
  const sidebar = new Sidebar(host);
  sidebars.set(host, sidebar);
  host.context.subscriptions.push(sidebar);
  return sidebar;
}
