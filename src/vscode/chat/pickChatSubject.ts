/** Asks whom to talk to: models, runs that have a checkpoint, or anything that can be opened as a model. */
import { l10n, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { Host } from '../host';
import { modelChoices } from '../models/pickModelItem';
import { pickModel } from '../pickModel';
import { jobName, recipeText } from '../sidebar/jobRows';
import { subjectOfJob, subjectOfModel, type ChatSubject } from './chatSubject';
import { statusName } from '../../shared/statusLook';

type Item = QuickPickItem & { choose?: () => ChatSubject | undefined | Promise<ChatSubject | undefined> };

/** Undefined where the user turned back. */
export async function pickChatSubject(host: Host): Promise<ChatSubject | undefined> {
  const picked = await window.showQuickPick(items(host), { title: l10n.t('Chat with'), matchOnDescription: true });
  return picked?.choose?.();
}

async function items(host: Host): Promise<Item[]> {
  const [models, unfinished] = await Promise.all([modelChoices(host), unfinishedRuns(host)]);
  return [
    ...unfinished,
    ...models.map(({ model, ...item }): Item => (model ? { ...item, choose: () => subjectOfModel(host, model) } : item)),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: l10n.t('Another model…'), choose: () => other(host) },
  ];
}

/** Runs without a result that have a checkpoint to talk to. */
async function unfinishedRuns(host: Host): Promise<Item[]> {
  const jobs = (await host.jobs.managerIfAny())?.listJobs({ status: ['training', 'evaluating', 'saving', 'stopping', 'stopped', 'failed'], limit: 50 }) ?? [];
  const runs = jobs.filter(({ checkpoint }) => checkpoint !== null).map((job): Item => ({
    label: jobName(job), description: [statusName(job.status, l10n), recipeText(job.config, 'training_mode')].filter(Boolean).join(' · '), choose: () => subjectOfJob(host, job.job_id),
  }));
  return runs.length === 0 ? [] : [{ label: l10n.t('Checkpoints of runs'), kind: QuickPickItemKind.Separator }, ...runs];
}

async function other(host: Host): Promise<ChatSubject | undefined> {
  const model = await pickModel(host);
  return model === undefined ? undefined : subjectOfModel(host, { kind: 'hub', name: model, detail: '', model, adapter: null, path: model });
}
