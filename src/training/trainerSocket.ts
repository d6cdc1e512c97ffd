/** The sign that a trainer lives: a socket (on Windows a named pipe) that answers. Its path stands in the run directory's
 *  trainer.socket. The system closes it when the process ends, however it ends; a process number proves nothing. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { problemError } from '../shared/problem';
import { replaceFile } from './durableFiles';

/** Gives what closes it. Never keeps the process alive. Does nothing where there is no run. A run in the foreground trains all the same where no
 *  socket can be made. Throws ProblemError where another trainer of this run answers. */
export async function openTrainerSocket(runRoot: string, { isDetached = false } = {}): Promise<() => void> {
  const root = path.resolve(runRoot);
  const file = path.join(root, 'trainer.socket');
  if (!fs.existsSync(root)) return () => {};
  await refuseSecondTrainer(root, readAddress(file));
  // Random, so that no later process is taken for this one; short, because a socket's path may have some 100 bytes.
  const name = `merlina-${randomBytes(8).toString('hex')}`;
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), `${name}.sock`);
  const server = net.createServer(connection => {
    connection.on('error', () => connection.destroy());
    connection.unref();
    connection.write(`${JSON.stringify({ run: root, pid: process.pid, is_detached: isDetached })}\n`);
  });
  const close = (): void => {
    server.close();
    if (process.platform !== 'win32') fs.rmSync(address, { force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, resolve);
    });
    server.unref();
    if (process.platform !== 'win32') fs.chmodSync(address, 0o600);
    replaceFile(file, `${JSON.stringify({ address, pid: process.pid })}\n`);
  } catch (error) {
    close();
    if (isDetached) throw unreachable(error, root);
    return () => {};
  }
  return () => {
    close();
    if (readAddress(file) === address) fs.rmSync(file, { force: true });
  };
}

async function refuseSecondTrainer(root: string, address: string | undefined): Promise<void> {
  if (address === undefined || !(await answers(address))) return;
  throw problemError('training/already-running', 'Another trainer is training this run.', {
    where: { file: root },
    fix: { text: `Wait for it, or stop it by writing "stop" into ${path.join(root, 'control')}.` },
  });
}

/** A queue that cannot reach its trainer would take it for dead, and start another beside it. */
function unreachable(error: unknown, root: string): Error {
  return problemError('training/no-socket', `The trainer cannot be reached by its host: its socket could not be made (${error instanceof Error ? error.message : String(error)}).`, {
    where: { file: root },
    fix: { text: `Check that ${os.tmpdir()} and the run's folder may be written to.` },
  }, error);
}

function answers(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const connection = net.connect(address);
    const end = (isThere: boolean): void => {
      connection.destroy();
      resolve(isThere);
    };
    connection.once('connect', () => end(true));
    connection.once('error', () => end(false));
  });
}

function readAddress(file: string): string | undefined {
  try {
    return (JSON.parse(fs.readFileSync(file, 'utf8')) as { address?: string }).address;
  } catch {
    return undefined;
  }
}
