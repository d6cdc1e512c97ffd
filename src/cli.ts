/** The program `merlina`. */
import { processTerminal } from './cli/command';
import { runCommandLine } from './cli/commandLine';
import { inTunedProcess } from './cli/inTunedProcess';

const args = process.argv.slice(2);
process.exitCode = (args[0] === 'train' ? await inTunedProcess() : undefined) ?? await runCommandLine(args, processTerminal());
