/** Merlina: Show Recipe as JSON. */
import { commands } from 'vscode';
import { recipeOrPick } from '../recipeFiles';
import type { Command } from './command';

export const showRecipeText: Command = {
  id: 'merlina.showRecipeText',
  async run(_host, argument) {
    const uri = await recipeOrPick(argument);
    if (uri !== undefined && uri !== 'new') await commands.executeCommand('vscode.openWith', uri, 'default');
  },
};
