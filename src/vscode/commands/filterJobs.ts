/** Merlina: Filter Runs. By text and by how they ended; typing changes the tree at once. */
import { l10n, window } from 'vscode';
import type { RunStatus } from '../../shared/events';
import { statusName } from '../../shared/statusLook';
import { ENDED, RUNNING } from '../sidebar/jobRows';
import type { JobsFilter } from '../sidebar/jobsTree';
import { sidebarOf, type Sidebar } from '../sidebar/sidebar';
import type { Command } from './command';

export const filterJobs: Command = {
  id: 'merlina.filterJobs',
  /** `filter`: what to show, without asking. */
  async run(host, filter) {
    const sidebar = sidebarOf(host);
    if (isFilter(filter)) sidebar.setFilter(filter);
    else ask(sidebar);
  },
};

interface Choice {
  label: string;
  alwaysShow: true;
  statuses: readonly RunStatus[];
}

function ask(sidebar: Sidebar): void {
  const before = sidebar.jobs.filter;
  const choices: Choice[] = [
    { label: l10n.t('Running'), alwaysShow: true, statuses: RUNNING },
    ...(['queued', ...ENDED] as const).map((status): Choice => ({ label: statusName(status, l10n), alwaysShow: true, statuses: [status] })),
  ];
  const input = window.createQuickPick<Choice>();
  Object.assign(input, { title: l10n.t('Filter runs'), placeholder: l10n.t('Part of a name, model or id; and which to show'), canSelectMany: true, items: choices, value: before.text });
  input.selectedItems = choices.filter(({ statuses }) => statuses.every(status => before.statuses.includes(status)));
  let isAccepted = false;
  const show = (): void => sidebar.setFilter({ text: input.value.trim(), statuses: input.selectedItems.flatMap(({ statuses }) => statuses) });
  input.onDidChangeValue(show);
  input.onDidChangeSelection(show);
  input.onDidAccept(() => {
    isAccepted = true;
    show();
    input.hide();
  });
  input.onDidHide(() => {
    if (!isAccepted) sidebar.setFilter(before);
    input.dispose();
  });
  input.show();
}

function isFilter(value: unknown): value is JobsFilter {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' && 'statuses' in value && Array.isArray(value.statuses);
}
