/** Merlina: New Recipe. */
import { createFromStarter } from '../newRecipeFile';
import type { Command } from './command';

export const newRecipe: Command = {
  id: 'merlina.newRecipe',
  /** Asks for a starter unless one is named; gives the opened file. */
  run: (_host, starterId) => createFromStarter(typeof starterId === 'string' ? starterId : undefined),
};
