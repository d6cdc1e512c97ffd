/** Which job a command is about: the one it was given, or one that the user picks. */
import { env, l10n, window, type QuickPickItem } from 'vscode';
import type { JobRecord } from '../jobs';
import { statusIcon, statusName } from '../shared/statusLook';
import { visibleText } from '../shared/visibleText';
import type { Host } from './host';
import { jobName, recipeText } from './sidebar/jobRows';

export interface JobQuestion {
  title: string;
  /** Which jobs can be picked; all where not given. */
  filter?: (job: JobRecord) => boolean;
}

interface JobItem extends QuickPickItem {
  jobId: string;
}

/** The id of a job; undefined where the user turned back, or there is none to pick. */
export async function pickJob(host: Host, question: JobQuestion): Promise<string | undefined> {
  const items = await itemsFor(host, question);
  return items && (await window.showQuickPick(items, { ...SEARCHED, title: question.title }))?.jobId;
}

/** As pickJob, for several at once; `picked` are marked to begin with. It stays open where the focus goes elsewhere, so that no marks are lost. */
export async function pickJobs(host: Host, question: JobQuestion, picked: readonly string[] = []): Promise<string[] | undefined> {
  const items = (await itemsFor(host, question))?.map(item => ({ ...item, picked: picked.includes(item.jobId) }));
  const answer = items && (await window.showQuickPick(items, { ...SEARCHED, title: question.title, canPickMany: true, ignoreFocusOut: true }));
  return answer?.map(({ jobId }) => jobId);
}

/** The job that a command was given: its id, or a tree item or the like that has one as `job_id`. */
export function jobAtHand(argument: unknown): string | undefined {
  const id = typeof argument === 'object' && argument !== null && 'job_id' in argument ? argument.job_id : argument;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

const SEARCHED = { matchOnDescription: true, matchOnDetail: true } as const;

async function itemsFor(host: Host, { filter = () => true }: JobQuestion): Promise<JobItem[] | undefined> {
  const manager = await host.jobs.manager();
  manager.refresh();
  const jobs = manager.listJobs().filter(filter);
  if (jobs.length > 0) return jobs.map(itemOf);
  void window.showInformationMessage(l10n.t('There is no run that this can be done with.'));
  return undefined;
}

function itemOf(job: JobRecord): JobItem {
  const { job_id, status, config, created_at } = job;
  const texts = [recipeText(config, 'base_model'), recipeText(config, 'training_mode'), new Date(created_at).toLocaleString(env.language)];
  return {
    jobId: job_id,
    label: `$(${statusIcon(status)}) ${visibleText(jobName(job))}`,
    description: statusName(status, l10n),
    detail: visibleText(texts.filter(text => text !== undefined).join(' · ')),
  };
}
