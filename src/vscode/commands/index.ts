/** The list of commands; package.json declares the same ids (`npm run check` compares). */
import { commands } from 'vscode';
import type { Host } from '../host';
import type { Command } from './command';
import { newRecipe } from './newRecipe';
import { previewDataset } from './previewDataset';
import { train } from './train';
import { trainApprentice } from './trainApprentice';

const ALL: readonly Command[] = [newRecipe, previewDataset, train, trainApprentice];

export function registerCommands(host: Host): void {
  for (const command of ALL) {
    host.context.subscriptions.push(commands.registerCommand(command.id, (...args: unknown[]) => command.run(host, ...args)));
  }
}
