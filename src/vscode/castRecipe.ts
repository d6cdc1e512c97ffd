/** Casts a recipe: looks at it first, then submits it as a job and shows its run. */
import path from 'node:path';
import { commands, l10n, workspace, type TextDocument } from 'vscode';
import type { Recipe } from '../recipe';
import type { CastResult } from '../shared/panels/recipe';
import { ProblemError, type Problem } from '../shared/problem';
import type { RecipeAssessment } from '../shared/recipeAssessment';
import type { Host } from './host';
import { dataDirectory } from './recipeFiles';
import { uploadsFolder } from './uploads';

/** What keeps the recipe from running is given back, and nothing was started then. What the user sees is what is trained: the file is saved. */
export async function castRecipe(host: Host, document: TextDocument): Promise<CastResult> {
  if (!workspace.isTrusted) return { problems: [untrusted()] };
  if (document.isDirty) await document.save();
  try {
    const recipe = await readyRecipe(host, document);
    const { problems } = await assessed(host, document, recipe);
    const errors = problems.filter(({ severity }) => severity === 'error');
    return errors.length > 0 ? { problems: errors } : { jobId: await submit(host, recipe) };
  } catch (error) {
    if (error instanceof ProblemError) return { problems: error.problems };
    throw error;
  }
}

/** What can be said of a document's recipe before it runs. Throws ProblemError where it is none. */
export async function assessRecipe(
  host: Host, document: TextDocument, options: { signal?: AbortSignal; onProgress?: (first: RecipeAssessment) => void } = {},
): Promise<RecipeAssessment> {
  return assessed(host, document, await readyRecipe(host, document), options);
}

/** Queues a recipe whose paths are absolute, and opens its run. Gives the job's id. */
export async function submit(host: Host, recipe: unknown): Promise<string> {
  const manager = await host.jobs.manager();
  const { job_id: jobId } = await manager.createJob(recipe);
  // The run is shown while its trainer starts.
  await Promise.all([host.jobs.poke(), commands.executeCommand('merlina.openRun', jobId)]);
  return jobId;
}

export function untrusted(): Problem {
  return {
    id: 'recipe/untrusted', severity: 'error', text: l10n.t('This workspace is not trusted, and a recipe names files to read.'),
    fix: { text: l10n.t('Trust the workspace to train.') },
  };
}

function assessed(host: Host, { uri }: TextDocument, recipe: Recipe, options: Parameters<typeof assessRecipe>[2] = {}): Promise<RecipeAssessment> {
  return host.service.call('assessRecipe', { recipe, baseDir: path.dirname(uri.fsPath), dataDirectory: dataDirectory(host) }, options);
}

/** With absolute paths, and uploads by their files. */
async function readyRecipe(host: Host, document: TextDocument): Promise<Recipe> {
  const { datasetSources, recipeOfText } = await import('../recipe');
  const { recipe } = recipeOfText(document.getText(), document.uri.fsPath);
  if (!datasetSources(recipe).some(({ source }) => source.source_type === 'upload')) return recipe;
  const [{ withUploadPaths }, { UploadStore }] = await Promise.all([import('../jobs/uploadPaths'), import('../datasets')]);
  return withUploadPaths(recipe, new UploadStore(uploadsFolder(host)));
}
