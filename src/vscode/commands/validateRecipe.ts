/** Merlina: Validate Recipe. All Problems in the Problems panel, each at its key, with a quick fix where one helps. */
import { commands, l10n, ProgressLocation, window, workspace, type TextDocument } from 'vscode';
import { problemsOf } from '../../shared/calls';
import type { Problem } from '../../shared/problem';
import { assessRecipe, untrusted } from '../castRecipe';
import type { Host } from '../host';
import { recipeOrPick } from '../recipeFiles';
import type { Command } from './command';

export const validateRecipe: Command = {
  id: 'merlina.validateRecipe',
  /** Gives the Problems. */
  async run(host, argument) {
    const recipe = await recipeOrPick(argument);
    if (recipe === undefined || recipe === 'new') return undefined;
    const document = await workspace.openTextDocument(recipe);
    const name = workspace.asRelativePath(recipe);
    const problems = await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Checking {0}', name) }, () => problemsIn(host, document));
    await host.findings.show(document, problems);
    if (problems.length === 0) void window.showInformationMessage(l10n.t('{0} is ready to train.', name));
    else await commands.executeCommand('workbench.actions.view.problems');
    return problems;
  },
};

/** Of the text alone where that has errors, since nothing can be said of the rest then. */
async function problemsIn(host: Host, document: TextDocument): Promise<Problem[]> {
  const { readRecipe } = await import('../../recipe');
  const own = readRecipe(document.getText(), document.uri.fsPath).problems;
  if (own.some(({ severity }) => severity === 'error')) return own;
  if (!workspace.isTrusted) return [...own, { ...untrusted(), severity: 'info' }];
  try {
    return [...own, ...(await assessRecipe(host, document)).problems];
  } catch (error) {
    return [...own, ...problemsOf(error)];
  }
}
