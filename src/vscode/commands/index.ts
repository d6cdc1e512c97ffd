/** The list of commands; package.json declares the same ids (`npm run check` compares). */
import { commands } from 'vscode';
import type { Host } from '../host';
import { withProblemsShown } from '../showProblems';
import type { Command } from './command';
import { chat } from './chat';
import { clearJobFilter } from './clearJobFilter';
import { deleteJobs } from './deleteJobs';
import { deleteModel } from './deleteModel';
import { doctor } from './doctor';
import { filterJobs } from './filterJobs';
import { moveUp } from './moveUp';
import { newRecipe } from './newRecipe';
import { openModelFolder } from './openModelFolder';
import { previewDataset } from './previewDataset';
import { refreshJobs } from './refreshJobs';
import { resume } from './resume';
import { retry } from './retry';
import { setPriority } from './setPriority';
import { setTokens } from './setTokens';
import { showMoreJobs } from './showMoreJobs';
import { stop } from './stop';
import { train } from './train';
import { trainApprentice } from './trainApprentice';

const ALL: readonly Command[] = [
  chat, clearJobFilter, deleteJobs, deleteModel, doctor, filterJobs, moveUp, newRecipe, openModelFolder, previewDataset, refreshJobs, resume, retry, setPriority, setTokens, showMoreJobs, stop, train, trainApprentice,
];

export function registerCommands(host: Host): void {
  for (const command of ALL) {
    const run = (...args: unknown[]): Promise<unknown> => withProblemsShown(host, command.id, () => command.run(host, ...args));
    host.context.subscriptions.push(commands.registerCommand(command.id, run));
  }
}
