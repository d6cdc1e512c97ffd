import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RunDirectory } from '../../src/training';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

describe('cli/inTunedProcess', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(function () {
    if (process.platform !== 'linux') this.skip(); // elsewhere one process trains
    folder = mkdtempSync(path.join(tmpdir(), 'merlina-tuned-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 }));

  it('hands a signal on, and gives the exit code', async () => {
    const { program } = await training(folder);
    program.kill('SIGINT');
    assert.deepEqual(await once(program, 'exit'), [130, null]);
  });

  it('leaves no trainer behind when it is killed', async () => {
    const { program, trainer } = await training(folder);
    assert.notEqual(trainer, program.pid);
    assert.match(readFileSync(`/proc/${trainer}/environ`, 'utf8'), /GLIBC_TUNABLES=/);
    program.kill('SIGKILL');
    await once(program, 'exit');
    while (isAlive(trainer)) await new Promise(resolve => setTimeout(resolve, 100));
  });
});

/** The demo, once it has made a step; `trainer` is the process that trains. */
async function training(folder: string): Promise<{ program: ChildProcess; trainer: number }> {
  const env = { ...process.env, GLIBC_TUNABLES: undefined };
  const program = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'src/cli.ts'), 'train', '--demo', '--json', '--run-dir', folder], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: program.stdout! })) {
    if ((JSON.parse(line) as { type: string }).type !== 'metrics') continue;
    return { program, trainer: Number(readFileSync(new RunDirectory(folder).pid, 'utf8')) };
  }
  throw new Error('The demo made no step.');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
