/** The list of commands; package.json declares the same ids (`npm run check` compares). */
import { commands, type ExtensionContext } from 'vscode';
import type { Command } from './command';
import { newRecipe } from './newRecipe';
import { train } from './train';
import { trainApprentice } from './trainApprentice';

const ALL: readonly Command[] = [newRecipe, train, trainApprentice];

export function registerCommands(context: ExtensionContext): void {
  for (const command of ALL) {
    context.subscriptions.push(commands.registerCommand(command.id, (...args: unknown[]) => command.run(context, ...args)));
  }
}
