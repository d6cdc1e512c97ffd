/** `merlina runtime cuda`: brings what the runtime needs to compute on NVIDIA cards. */
import path from 'node:path';
import { problemError } from '../shared/problem';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';

const help = `Usage: merlina runtime cuda [--from FOLDER] [--python PROGRAM]

Brings the CUDA provider of the runtime (Linux on x64; 250 MB) into Merlina's cache, for recipes with device "cuda" or "auto". pip fetches
it from where your pip is set to; the wheel and each library must have the hashes that this version names. CUDA 13 with cuBLAS and cuRAND
must be installed. Nothing else of Merlina needs it.

  --from FOLDER     Take the libraries from a folder that the wheel was unpacked to, without pip.
  --python PROGRAM  The Python whose pip fetches; python3 by default.

Example:
  $ merlina runtime cuda
  The CUDA provider lies in ~/.cache/merlina/runtimes/cuda.
`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, { from: { type: 'string' }, python: { type: 'string' }, json: { type: 'boolean', default: false }, 'data-dir': { type: 'string' } }, 'runtime');
  if (positionals.join() !== 'cuda') throw problemError('cli/arguments', `There is no runtime "${positionals.join(' ')}".`, { fix: { text: 'Use `merlina runtime cuda`.' } });
  const { fetchCudaRuntime } = await import('../devices/fetchCudaRuntime');
  const folder = await fetchCudaRuntime({
    from: values.from === undefined ? undefined : path.resolve(values.from),
    ...(values.python !== undefined && { python: values.python }),
    onProgress: text => terminal.error(`${text}\n`),
  });
  terminal.out(values.json ? `${JSON.stringify({ folder })}\n` : `The CUDA provider lies in ${folder}.\n`);
  return EXIT.done;
}

export const command: Command = { help, run };
