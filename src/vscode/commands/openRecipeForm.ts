/** Merlina: Show Recipe as Form. */
import { recipeOrPick } from '../recipeFiles';
import { openRecipeForm as open } from '../views/recipeViews';
import type { Command } from './command';

export const openRecipeForm: Command = {
  id: 'merlina.openRecipeForm',
  async run(_host, argument) {
    const uri = await recipeOrPick(argument);
    if (uri !== undefined && uri !== 'new') await open(uri);
  },
};
