/** Merlina: Import Share Code. A code (from the clipboard, where one is there) becomes a recipe file. */
import { env, l10n, window } from 'vscode';
import { ProblemError } from '../../shared/problem';
import { createRecipeFile } from '../newRecipeFile';
import type { Command } from './command';

export const importShareCode: Command = {
  id: 'merlina.importShareCode',
  /** `code` is asked for where it is not given. Gives the opened recipe. */
  async run(_host, argument) {
    const { readShareCode, serialiseRecipe, shareCodePrefix } = await import('../../recipe');
    const clipboard = await env.clipboard.readText();
    const code = typeof argument === 'string' ? argument : await window.showInputBox({
      prompt: l10n.t('Share code, or a recipe of Merlina as JSON'), placeHolder: shareCodePrefix, ignoreFocusOut: true, ...(clipboard.includes(shareCodePrefix) && { value: clipboard.trim() }),
    });
    if (code === undefined) return undefined;
    const { draft, problems } = readShareCode(code);
    if (!draft) throw new ProblemError(problems);
    return createRecipeFile(draft.output_name, JSON.parse(serialiseRecipe(draft)) as Record<string, unknown>);
  },
};
