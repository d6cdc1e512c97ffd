/** Merlina: Copy Share Code. The recipe as one line of text in the clipboard; it holds no token, since a recipe has none. */
import { env, l10n, window, workspace } from 'vscode';
import { ProblemError } from '../../shared/problem';
import { recipeOrPick } from '../recipeFiles';
import type { Command } from './command';

export const copyShareCode: Command = {
  id: 'merlina.copyShareCode',
  /** Gives the code. */
  async run(_host, argument) {
    const uri = await recipeOrPick(argument);
    if (uri === undefined || uri === 'new') return undefined;
    const { encodeShareCode, readRecipe, shareEnvelope } = await import('../../recipe');
    const { draft, problems } = readRecipe((await workspace.openTextDocument(uri)).getText(), uri.fsPath);
    if (!draft) throw new ProblemError(problems);
    const code = encodeShareCode(shareEnvelope(draft));
    await env.clipboard.writeText(code);
    void window.showInformationMessage(l10n.t('The share code of {0} is in the clipboard.', workspace.asRelativePath(uri)));
    return code;
  },
};
