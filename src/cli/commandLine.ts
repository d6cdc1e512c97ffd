/** The command line: finds the subcommand, loads only that, turns what it throws into words and an exit code. */
import { ProblemError, renderProblem } from '../shared/problem';
import { EXIT } from './command';
import type { Command, Terminal } from './command';

/** One place to add. Each is loaded when it is named. */
const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<{ command: Command }> }>> = {
  train: { summary: 'Train a recipe in the foreground.', load: () => import('./train') },
  preview: { summary: 'Show a dataset: its shape, rows, tokens and figures.', load: () => import('./preview') },
  validate: { summary: 'Check a recipe before it trains.', load: () => import('./validate') },
  doctor: { summary: 'Look at this machine: what is here, what is wrong.', load: () => import('./doctor') },
  estimate: { summary: 'Estimate the memory of a recipe.', load: () => import('./estimate') },
  generate: { summary: 'Answer a prompt, with or without an adapter.', load: () => import('./generate') },
  chat: { summary: 'Talk with a model, with or without an adapter.', load: () => import('./chat') },
  jobs: { summary: 'Submit, list, follow, stop and resume jobs.', load: () => import('./jobs') },
  runtime: { summary: 'Bring what the runtime needs for NVIDIA cards.', load: () => import('./runtime') },
  parity: { summary: 'Compare every reference case under a folder.', load: () => import('./parity') },
};

const HELP = `Usage: merlina COMMAND [options]

${Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

\`merlina COMMAND --help\` says more. Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.

Example:
  $ merlina train --demo
`;

/** Gives the exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(HELP);
    return name === undefined ? EXIT.badInput : EXIT.done;
  }
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!found) {
    terminal.error(`error: There is no command "${name}". Commands: ${Object.keys(COMMANDS).join(', ')}.\n`);
    return EXIT.badInput;
  }
  const { command } = await found.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(command.help);
    return EXIT.done;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    for (const problem of error.problems) {
      if (rest.includes('--json')) terminal.out(`${JSON.stringify({ type: 'problem', problem })}\n`);
      else terminal.error(`${problem.severity}: ${renderProblem(problem)}\n`);
    }
    return EXIT.badInput;
  }
}
