/** Merlina: Train. The recipe at hand is checked and cast; without one, a new one opens in the wizard. */
import { l10n, ProgressLocation, window, workspace } from 'vscode';
import { ProblemError } from '../../shared/problem';
import { castRecipe } from '../castRecipe';
import { createFromStarter } from '../newRecipeFile';
import { recipeOrPick } from '../recipeFiles';
import { openRecipeForm } from '../views/recipeViews';
import type { Command } from './command';

export const train: Command = {
  id: 'merlina.train',
  /** Gives the job's id where a run was started. */
  async run(host, argument) {
    const recipe = await recipeOrPick(argument);
    if (recipe === undefined) return undefined;
    if (recipe === 'new') return void (await createFromStarter());
    const document = await workspace.openTextDocument(recipe);
    const title = l10n.t('Checking {0}', workspace.asRelativePath(recipe));
    const result = await window.withProgress({ location: ProgressLocation.Notification, title }, () => castRecipe(host, document));
    if ('jobId' in result) return result.jobId;
    await host.findings.show(document, result.problems);
    await openRecipeForm(recipe);
    throw new ProblemError(result.problems);
  },
};
