import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { selfTest } from '../../src/jobs';
import { JobsFixture, recipeOf, until } from './jobsFixture';

const TRAINER = fileURLToPath(new URL('../../src/training/main.ts', import.meta.url));

describe('jobs/selfTest', function () {
  if (process.platform === 'win32') return; // the programs below are shell scripts
  let jobs: JobsFixture;
  beforeEach(() => { jobs = new JobsFixture(); });
  afterEach(() => jobs.close());

  function program(name: string, script: string): string {
    const file = path.join(jobs.folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it('passes where the native runtime computes', async () => {
    assert.equal(await selfTest({ file: process.execPath, args: ['--import', 'tsx', TRAINER] }), undefined);
  });

  for (const [what, script, said] of [
    ['crashes', 'kill -SEGV $$', 'it was ended by SIGSEGV'],
    ['fails', 'echo "cannot load library" >&2; exit 3', 'exit code 3'],
    ['hangs', 'exec sleep 100', 'it gave no answer within 0.3 s'],
    ['says nothing', 'exit 0', 'it gave no answer'],
  ] as const) {
    it(`says what to do where the program ${what}`, async () => {
      const file = program(what, script);
      const problem = (await selfTest({ file, args: ['trainer.mjs'] }, 300))!;
      assert.equal(problem.text, `${file} cannot run the trainer: its self-test failed (${said}).`);
      assert.match(problem.fix!.text, /merlina\.nodePath/);
      if (what === 'fails') assert.deepEqual(problem.notes, ['cannot load library']);
    });
  }

  it('fails a job before its trainer is started by a program that cannot', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf());
    await jobs.supervisor(manager, { trainer: { file: program('code', 'kill -SEGV $$'), args: ['trainer.mjs'], isUntested: true } }).start();
    await until(manager, job_id, ['failed']);
    assert.match(manager.requireJob(job_id).error!, /self-test failed \(it was ended by SIGSEGV\)\. Install Node 20/);
    assert.equal(manager.requireJob(job_id).attempt, 0);
  });
});
