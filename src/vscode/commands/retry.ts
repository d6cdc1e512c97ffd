/** Merlina: Retry. The recipe of an ended run once more, as it was or edited as a file of its own. */
import { commands, l10n, window, workspace, type Uri } from 'vscode';
import type { JobManager } from '../../jobs';
import { problemError } from '../../shared/problem';
import type { Host } from '../host';
import { jobAtHand, pickJob } from '../pickJob';
import { freeRecipeFile } from '../recipeFiles';
import { jobName, partOf } from '../sidebar/jobRows';
import { recipeText } from '../starters';
import type { Command } from './command';

export const retry: Command = {
  id: 'merlina.retry',
  /** `how`: "same" or "edit"; asked for where it is not given. */
  async run(host, subject, how) {
    const jobId = jobAtHand(subject) ?? (await pickJob(host, { title: l10n.t('Run to try again'), filter: ({ status }) => partOf(status) === 'ended' }));
    if (jobId === undefined) return undefined;
    const manager = await host.jobs.manager();
    const way = how === 'same' || how === 'edit' ? how : await pickWay();
    if (way === 'edit') return editRecipe(manager, jobId);
    if (way === 'same') await again(host, manager, jobId);
    return undefined;
  },
};

async function pickWay(): Promise<'same' | 'edit' | undefined> {
  const ways = [
    { label: l10n.t('With the same recipe'), description: l10n.t('joins the queue now'), way: 'same' as const },
    { label: l10n.t('Edit the recipe first'), description: l10n.t('opens it as a new file'), way: 'edit' as const },
  ];
  return (await window.showQuickPick(ways, { title: l10n.t('Try again') }))?.way;
}

async function again(host: Host, manager: JobManager, jobId: string): Promise<void> {
  const { job_id } = await manager.retryJob(jobId);
  await host.jobs.poke();
  await commands.executeCommand('merlina.openRun', job_id);
}

/** A file of the workspace; without one a document that has no file yet. */
async function editRecipe(manager: JobManager, jobId: string): Promise<Uri> {
  const job = manager.requireJob(jobId);
  const { config } = job;
  if (typeof config !== 'object' || config === null) {
    throw problemError('jobs/no-recipe', `The recipe of the job ${jobId} cannot be read.`, { fix: { text: 'Make a new one with Merlina: New Recipe.' } });
  }
  const text = recipeText(config as Record<string, unknown>);
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) return (await window.showTextDocument(await workspace.openTextDocument({ language: 'json', content: text }))).document.uri;
  const uri = await freeRecipeFile(folder, fileName(jobName(job)));
  await workspace.fs.writeFile(uri, Buffer.from(text));
  await commands.executeCommand('vscode.open', uri);
  return uri;
}

/** A run may have any name; a file may not. */
function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '').slice(0, 100) || 'recipe';
}
