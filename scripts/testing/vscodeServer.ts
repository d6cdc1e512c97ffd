/** A real VS Code without a download: the server inside npm's code-server. Where it lies, and how it is started. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** VS Code 1.100, the newest that runs on Node 20, and the oldest that package.json allows. */
export const CODE_SERVER_VERSION = '4.100.3';

/** 300 MB that outlive a clone when MERLINA_TEST_CACHE names a folder elsewhere. */
export const VSCODE_FOLDER = path.join(process.env.MERLINA_TEST_CACHE ?? path.join(ROOT, '.vscode-test'), `code-server-${CODE_SERVER_VERSION}`);
export const SERVER_ROOT = path.join(VSCODE_FOLDER, 'node_modules/code-server/lib/vscode');
const SERVER_MAIN = path.join(SERVER_ROOT, 'out/server-main.js');

/** Written last by scripts/testing/setupVscode.ts, so half an installation is none. */
export const INSTALLED_MARK = path.join(VSCODE_FOLDER, 'installed');

export function isVscodeInstalled(): boolean {
  return existsSync(INSTALLED_MARK) && existsSync(SERVER_MAIN);
}

/** No dialogs that a test is not about. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  // As text in the page, so that a test can read it.
  'terminal.integrated.gpuAcceleration': 'off',
  'extensions.ignoreRecommendations': true,
};

const START_LIMIT_MS = 60_000;
const KILL_AFTER_MS = 5000;

export interface VscodeServer {
  /** host:port, as vscode-remote URIs name it. */
  authority: string;
  url: string;
  log(): string;
  stop(): Promise<void>;
}

/** Starts a server with a state folder of its own (`state`, empty before), and the given extra arguments and settings of VS Code. */
export async function startVscodeServer(state: string, extraArguments: readonly string[] = [], settings: Record<string, unknown> = {}): Promise<VscodeServer> {
  await writeSettings(state, settings);
  const port = await freePort();
  const child = spawn(process.execPath, [SERVER_MAIN, ...serverArguments(state, port), ...extraArguments], {
    env: serverEnvironment(state),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const ready = new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      log += chunk.toString();
      if (log.includes('Extension host agent listening')) resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('exit', code => reject(new Error(`VS Code's server ended with ${code ?? 'a signal'}:\n${log}`)));
    setTimeout(() => reject(new Error(`VS Code's server did not start:\n${log}`)), START_LIMIT_MS).unref();
  });
  const stop = (): Promise<void> => end(child);
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return { authority: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}/`, stop, log: () => log };
}

/** Installs a packed extension into the state folder of a server that does not run yet. */
export async function installExtension(state: string, vsix: string): Promise<void> {
  await promisify(execFile)(process.execPath, [
    SERVER_MAIN, '--install-extension', vsix, '--force', '--accept-server-license-terms', '--server-data-dir', state, '--extensions-dir', path.join(state, 'ext'),
  ], { env: serverEnvironment(state) });
}

async function writeSettings(state: string, settings: Record<string, unknown>): Promise<void> {
  await mkdir(path.join(state, 'home'), { recursive: true });
  for (const folder of ['data/User', 'data/Machine']) {
    await mkdir(path.join(state, folder), { recursive: true });
    await writeFile(path.join(state, folder, 'settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  }
}

function serverArguments(state: string, port: number): string[] {
  return [
    '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms', '--telemetry-level', 'off',
    '--server-data-dir', state, '--user-data-dir', path.join(state, 'data'), '--extensions-dir', path.join(state, 'ext'),
  ];
}

/** Without the hook of a VS Code around us, without a gallery or a model hub, and with a home of its own. */
function serverEnvironment(state: string): NodeJS.ProcessEnv {
  const { VSCODE_IPC_HOOK_CLI: _hook, ...environment } = process.env;
  return { ...environment, HOME: path.join(state, 'home'), EXTENSIONS_GALLERY: '{}', HF_HUB_OFFLINE: '1' };
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    child.on('exit', () => resolve());
    child.kill();
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
  });
}

/** The system picks one; between closing and starting nobody else on this machine is likely to take it. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
