/** Which Node runs the trainer: the one named in the settings, else the first on PATH that is new enough, else VS Code's own as Node. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** package.json's engines.node. */
export const MINIMUM_NODE_MAJOR = 20;

/** A program that only prints its version answers in a moment; one that does not is no Node. */
const ANSWER_TIMEOUT_MS = 5000;

export interface NodeProgram {
  file: string;
  env: Record<string, string>;
  /** The configured path, where it was no usable Node. */
  refused?: string;
  /** VS Code's own executable: whether the native runtime works in it is not known. */
  isUntested?: boolean;
}

export interface FindNodeOptions {
  searchPath?: string;
  /** Of the process that asks. */
  ownExecutable?: string;
  answerTimeoutMs?: number;
}

/** Never fails: VS Code's own executable is always there.  `configured` is the setting, empty where unset. */
export async function findNode(
  configured = '',
  { searchPath = process.env.PATH ?? '', ownExecutable = process.execPath, answerTimeoutMs = ANSWER_TIMEOUT_MS }: FindNodeOptions = {},
): Promise<NodeProgram> {
  if (configured !== '' && (await isUsableNode(configured, answerTimeoutMs))) return { file: configured, env: {} };
  const refused = configured === '' ? {} : { refused: configured };
  for (const file of candidates(searchPath)) {
    if (await isUsableNode(file, answerTimeoutMs)) return { file, env: {}, ...refused };
  }
  // Electron runs as Node with this variable; a Node (the remote extension host) does not mind it.
  return { file: ownExecutable, env: { ELECTRON_RUN_AS_NODE: '1' }, isUntested: true, ...refused };
}

function candidates(searchPath: string): string[] {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return [...new Set(searchPath.split(path.delimiter).filter(folder => path.isAbsolute(folder)).map(folder => path.join(folder, name)))];
}

async function isUsableNode(file: string, answerTimeoutMs: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(file, ['--version'], { timeout: answerTimeoutMs, killSignal: 'SIGKILL' });
    const major = /^v(\d+)\./.exec(stdout.trim())?.[1];
    return major !== undefined && Number(major) >= MINIMUM_NODE_MAJOR;
  } catch {
    return false; // not there, not executable, or no answer: the next candidate
  }
}
