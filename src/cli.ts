/** The program `merlina`. */
import { processTerminal } from './cli/command';
import { runCommandLine } from './cli/commandLine';

process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
