/** Merlina: Train the Apprentice. The built-in model, recipe and preferences: something to see within a minute. */
import path from 'node:path';
import { apprenticeFolder } from '../pickModel';
import { submit } from '../castRecipe';
import type { Command } from './command';

export const trainApprentice: Command = {
  id: 'merlina.trainApprentice',
  async run(host) {
    const { loadRecipe } = await import('../../recipe');
    const { recipe } = await loadRecipe(path.join(apprenticeFolder(host), 'demo.merlina.json'));
    return submit(host, { ...recipe, output_name: `apprentice-${recipe.training_mode}` });
  },
};
