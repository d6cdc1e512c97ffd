import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ProblemError } from '../../src/shared/problem';
import { CheckpointStore } from '../../src/training/checkpoint';
import { DISK } from '../../src/training/durableFiles';
import type { FilePrimitives } from '../../src/training/durableFiles';
import { fakeRun, loggedSteps, temporaryFolders } from './runFixture';

const folder = temporaryFolders();
const store = (): CheckpointStore => new CheckpointStore(path.join(folder(), 'checkpoints'), 'adapter_model.safetensors');

/** Syncing is what the test counts on, not what it waits for. */
const UNSYNCED: FilePrimitives = { ...DISK, sync: () => {}, syncFolder: () => {} };

/** The disk, failing at the `failAt`-th operation. `isDead`: as if the process were killed there, nothing works after. */
function failingDisk(failAt: number, code: string, isDead: boolean): FilePrimitives & { count: number } {
  const disk = { count: 0 } as FilePrimitives & { count: number };
  for (const name of Object.keys(DISK) as (keyof FilePrimitives)[]) {
    Object.assign(disk, {
      [name]: (...args: never[]) => {
        const index = disk.count++;
        if (index === failAt || (isDead && index > failAt)) {
          // Half of a write may reach the disk.
          if (name === 'write') DISK.write(args[0]!, (args[1] as Uint8Array).subarray(0, (args[1] as Uint8Array).length >> 1));
          throw Object.assign(new Error(code), { code });
        }
        return (UNSYNCED[name] as (...args: never[]) => unknown)(...args);
      },
    });
  }
  return disk;
}

/** Operations that two saves and the pruning of one checkpoint take. */
async function operationsOfRun(): Promise<number> {
  const disk = failingDisk(Infinity, '', false);
  await fakeRun({ folder: path.join(folder(), 'count'), primitives: disk, plan: { saveSteps: 2, maxSteps: 6, saveTotalLimit: 1 } });
  return disk.count;
}

describe('training/checkpoint', () => {
  it('can be killed between any two file operations: what was whole stays, and the run ends as if it had not been', async () => {
    const plan = { saveSteps: 2, maxSteps: 6, saveTotalLimit: 1, epochs: 1 };
    const expected = loggedSteps((await fakeRun({ folder: path.join(folder(), 'whole'), plan })).events);
    const operations = await operationsOfRun();
    assert.ok(operations > 40, String(operations));
    for (let failAt = 0; failAt < operations; failAt++) {
      const run = path.join(folder(), `kill-${failAt}`);
      const killed = await fakeRun({ folder: run, plan, primitives: failingDisk(failAt, 'EIO', true) });
      assert.ok(killed.error !== undefined, `operation ${failAt}`);
      const saved = killed.events.flatMap(event => (event.type === 'checkpoint' ? [event.step] : []));
      const { checkpoint } = await new CheckpointStore(path.join(run, 'checkpoints'), 'adapter_model.safetensors').newest();
      assert.ok((checkpoint?.state.step ?? 0) >= (saved.at(-1) ?? 0), `operation ${failAt}: ${String(checkpoint?.state.step)} after ${saved.join()}`);
      const resumed = await fakeRun({ folder: run, plan });
      assert.equal(resumed.end?.kind, 'completed', `operation ${failAt}`);
      const steps = loggedSteps(resumed.events);
      assert.deepEqual(steps, expected.slice(expected.length - steps.length), `operation ${failAt}`);
    }
  });

  it('says that the disk is full, keeps the previous checkpoint, and goes on from it', async () => {
    const plan = { saveSteps: 2, maxSteps: 6 };
    let wasRefused = false;
    const full: FilePrimitives = {
      ...DISK,
      write: (handle, bytes) => {
        if (fs.existsSync(path.join(folder(), 'checkpoints', 'step-2'))) {
          wasRefused = true;
          throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        }
        DISK.write(handle, bytes);
      },
    };
    const { error } = await fakeRun({ folder: folder(), plan, primitives: full });
    assert.ok(wasRefused && error instanceof ProblemError);
    const step4 = path.join(folder(), 'checkpoints', 'step-4');
    assert.equal(
      error.message,
      `${step4}: The checkpoint of step 4 could not be written: the disk is full (ENOSPC). The checkpoint of step 2 is still valid. ` +
        `Free space on the disk of ${path.dirname(step4)}, then resume the run.`,
    );
    assert.deepEqual(fs.readdirSync(path.join(folder(), 'checkpoints')), ['step-2']);
    const resumed = await fakeRun({ folder: folder(), plan });
    assert.equal(resumed.end?.kind, 'completed');
    assert.equal(loggedSteps(resumed.events)[0]!.step, 3);
  });

  for (const [what, spoil, words] of [
    ['a changed byte', (file: string) => fs.writeFileSync(file, fs.readFileSync(file).map((byte, i) => (i === 200 ? byte ^ 1 : byte))), 'the contents of adapter_model.safetensors do not match their hash.'],
    ['a truncated file', (file: string) => fs.truncateSync(file, 100), 'adapter_model.safetensors has 100 bytes, not 616.'],
    ['a missing file', (file: string) => fs.rmSync(file), 'adapter_model.safetensors is missing.'],
  ] as const) {
    it(`passes over a checkpoint with ${what} and uses the one before`, async () => {
      await fakeRun({ folder: folder(), plan: { saveSteps: 2, maxSteps: 4 } });
      spoil(path.join(store().pathOf(4), 'adapter_model.safetensors'));
      const { checkpoint, problems } = await store().newest();
      assert.equal(checkpoint?.state.step, 2);
      assert.equal(problems[0]!.text, `The checkpoint of step 4 is damaged: ${words} An older one is used.`);
    });
  }

  it('refuses a checkpoint of another version', async () => {
    await fakeRun({ folder: folder(), plan: { saveSteps: 2, maxSteps: 2 } });
    const file = path.join(store().pathOf(2), 'state.json');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('"version": 1', '"version": 7'));
    await assert.rejects(store().newest(), (error: ProblemError) => error.problems[0]!.id === 'training/checkpoint-version');
  });

  it('holds what PEFT calls an adapter: config, and F32 weights under its keys', async () => {
    await fakeRun({ folder: folder(), plan: { saveSteps: 2, maxSteps: 2 } });
    assert.deepEqual(fs.readdirSync(store().pathOf(2)).sort(), ['adapter_config.json', 'adapter_model.safetensors', 'optimizer.safetensors', 'state.json']);
  });
});
