/** Who talks in a chat: made from a model, or from a run or one of its checkpoints. */
import path from 'node:path';
import { l10n } from 'vscode';
import { z } from 'zod';
import { problemError } from '../../shared/problem';
import { SIDES } from '../../shared/panels/chat';
import type { Host } from '../host';
import { isAdapter, resultOf, type ModelItem } from '../models/modelItems';
import { apprenticeFolder } from '../pickModel';
import { jobName, recipeText } from '../sidebar/jobRows';

/** Kept by VS Code over a reload. */
export const chatSubjectSchema = z.object({
  title: z.string(),
  sides: z.array(z.object({
    side: z.enum(SIDES), name: z.string(), detail: z.string(),
    /** As the service is asked. */
    model: z.string().nullable(), adapter: z.string().nullable(), isBase: z.boolean(),
  })).min(1).max(2),
  /** Whether what was tuned is the built-in model, so that the next thing is one's own data. */
  isApprentice: z.boolean(),
});

export type ChatSubject = z.infer<typeof chatSubjectSchema>;
export type SubjectSide = ChatSubject['sides'][number];

export function subjectOfModel(host: Host, { name, detail, kind, model, adapter, path: place, mergedFrom = null }: ModelItem): ChatSubject {
  const base = kind === 'merged' ? mergedFrom : model;
  const tuned: SubjectSide = { side: 'tuned', name, detail: adapter === null ? detail : place, model, adapter, isBase: false };
  if (kind !== 'adapter' && kind !== 'merged') return { title: name, sides: [tuned], isApprentice: false };
  const before: SubjectSide = adapter === null
    ? { side: 'base', name: baseName(base), detail: base ?? '', model: base, adapter: null, isBase: false }
    : { side: 'base', name: baseName(model), detail: model ?? '', model, adapter, isBase: true };
  return { title: name, sides: base === null && adapter === null ? [tuned] : [before, tuned], isApprentice: isApprentice(host, base) };
}

/** The run's result, or its newest checkpoint while there is none.  `step` names a checkpoint.  Throws a ProblemError where there is nothing yet. */
export async function subjectOfJob(host: Host, jobId: string, step?: number): Promise<ChatSubject> {
  const manager = await host.jobs.manager();
  const job = manager.requireJob(jobId);
  const result = step === undefined ? resultOf(job) : undefined;
  if (result) return subjectOfModel(host, result);
  const folder = manager.folderOf(jobId);
  const usable = checkpointsOf(folder.checkpoints, folder.checkpointSteps());
  const chosen = step === undefined ? usable.at(-1) : usable.find(one => one.step === step);
  if (!chosen) {
    throw problemError('chat/no-weights', step === undefined ? `The run ${jobName(job)} has no adapter and no checkpoint of one yet.` : `The run ${jobName(job)} has no checkpoint of an adapter at step ${step}.`, {
      fix: { text: 'A running job writes checkpoints every save_steps steps; wait for one, or stop it, which writes one too.' },
    });
  }
  return subjectOfModel(host, {
    kind: 'adapter', name: l10n.t('{0}, step {1}', jobName(job), chosen.step), detail: '', model: recipeText(job.config, 'base_model') ?? null, adapter: chosen.path, path: chosen.path, job_id: jobId,
  });
}

/** Checkpoints that hold an adapter, ascending by step. */
function checkpointsOf(folder: string, steps: readonly number[]): { step: number; path: string }[] {
  return steps.map(step => ({ step, path: path.join(folder, `step-${step}`) })).filter(one => isAdapter(one.path));
}

function baseName(model: string | null): string {
  return model === null ? l10n.t('Base') : path.basename(model);
}

function isApprentice(host: Host, model: string | null): boolean {
  return model !== null && path.resolve(model) === apprenticeFolder(host);
}
