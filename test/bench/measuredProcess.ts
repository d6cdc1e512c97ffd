/** Runs one program to its end in a fresh process, watching its lines and what it uses. */
import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { ProcessTree } from './processTree';

export interface ProcessResult {
  lines: string[];
  /** Of the largest process; undefined where the system does not tell. */
  peakBytes: number | undefined;
  /** From start to end, loading included. */
  wholeSeconds: number;
  /** Mean number of runnable processes over the minute before the start: above 0, somebody else was working too. */
  loadBefore: number;
}

interface Options {
  command: string;
  args: string[];
  /** The one of this process by default. */
  environment?: NodeJS.ProcessEnv;
  /** Called for each line of stdout as it comes. */
  onLine?: (line: string, tree: ProcessTree) => void;
}

const STDERR_KEPT_CHARACTERS = 4000;

/** Throws when the program fails, with the end of what it wrote. */
export async function measuredProcess({ command, args, environment = process.env, onLine }: Options): Promise<ProcessResult> {
  const loadBefore = loadavg()[0]!;
  const start = performance.now();
  const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // Handled here, so that a program that is not there ends in one error and not in an unhandled one.
  ended.catch(() => undefined);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => { stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT_CHARACTERS); });

  const tree = new ProcessTree(child.pid ?? 0);
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      onLine?.(line, tree);
    }
    const code = await ended;
    if (code !== 0) throw new Error(`${[command, ...args].join(' ')}\nended with ${code ?? 'a signal'}.\n${lines.slice(-5).join('\n')}\n${stderr}`);
  } finally {
    tree.stop();
  }
  return { lines, peakBytes: tree.peakBytes(), wholeSeconds: (performance.now() - start) / 1000, loadBefore };
}
