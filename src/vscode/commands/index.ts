/** The list of commands; package.json declares the same ids (`npm run check` compares). */
import { commands } from 'vscode';
import type { Host } from '../host';
import { withProblemsShown } from '../showProblems';
import type { Command } from './command';
import { chat } from './chat';
import { clearJobFilter } from './clearJobFilter';
import { compareRuns } from './compareRuns';
import { copyShareCode } from './copyShareCode';
import { deleteJobs } from './deleteJobs';
import { deleteModel } from './deleteModel';
import { doctor } from './doctor';
import { exportModel } from './exportModel';
import { filterJobs } from './filterJobs';
import { importShareCode } from './importShareCode';
import { moveUp } from './moveUp';
import { newRecipe } from './newRecipe';
import { openModelFolder } from './openModelFolder';
import { openRecipeForm } from './openRecipeForm';
import { openRun } from './openRun';
import { openRunFolder } from './openRunFolder';
import { previewDataset } from './previewDataset';
import { refreshJobs } from './refreshJobs';
import { resume } from './resume';
import { retry } from './retry';
import { setPriority } from './setPriority';
import { setTokens } from './setTokens';
import { showLog } from './showLog';
import { showMoreJobs } from './showMoreJobs';
import { showRecipeText } from './showRecipeText';
import { stop } from './stop';
import { train } from './train';
import { trainApprentice } from './trainApprentice';
import { trainWithDataset } from './trainWithDataset';
import { validateRecipe } from './validateRecipe';

const ALL: readonly Command[] = [
  chat, clearJobFilter, compareRuns, copyShareCode, deleteJobs, deleteModel, doctor, exportModel, filterJobs, importShareCode, moveUp, newRecipe,
  openModelFolder, openRecipeForm, openRun, openRunFolder, previewDataset, refreshJobs, resume, retry, setPriority, setTokens, showLog,
  showMoreJobs, showRecipeText, stop, train, trainApprentice, trainWithDataset, validateRecipe,
];

export function registerCommands(host: Host): void {
  for (const command of ALL) {
    const run = (...args: unknown[]): Promise<unknown> => withProblemsShown(host, command.id, () => command.run(host, ...args));
    host.context.subscriptions.push(commands.registerCommand(command.id, run));
  }
}
