import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tinyRecipe } from '../training/tinyRun';
import { JobsFixture, until } from './jobsFixture';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

describe('merlina jobs', function () {
  this.timeout(120_000);
  let jobs: JobsFixture;
  before(() => { jobs = new JobsFixture(); });
  after(() => jobs.close());

  function merlina(...args: string[]): { status: number | null; out: string; error: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', TSX, CLI, 'jobs', ...args, '--data-dir', jobs.folder], { encoding: 'utf8' });
    return { status, out: stdout, error: stderr };
  }
  const json = (...args: string[]): Record<string, never>[] => merlina(...args, '--json').out.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, never>);

  it('submits a recipe that trains by itself, stops it, resumes it to the end, and deletes it', async function () {
    this.timeout(400_000);
    const recipe = path.join(jobs.folder, 'tiny.json');
    fs.writeFileSync(recipe, JSON.stringify(tinyRecipe(jobs.folder, { num_epochs: 200, save_steps: 0.1, eval_steps: 0.5 })));
    const submitted = merlina('submit', recipe, '--priority', 'high');
    assert.equal(submitted.status, 0, submitted.error);
    const [, id] = /^(job_\d{8}_\d{6}_[0-9a-f]{6}) {2}queued {5}tiny\n$/.exec(submitted.out)!;
    const manager = await jobs.manager();
    await until(manager, id!, ['training'], 60_000);
    assert.equal(merlina('stop', id!).status, 0);
    await until(manager, id!, ['stopped'], 60_000);
    const before = json('metrics', id!).length;
    merlina('resume', id!);
    await until(manager, id!, ['completed'], 240_000);
    const steps = json('metrics', id!).map(({ step }) => step as number);
    const [shown] = json('show', id!) as unknown as [{ job: { total_steps: number; attempt: number }; checkpoints: number[] }];
    assert.ok(before < steps.length);
    assert.deepEqual([steps, shown.job.attempt], [Array.from({ length: shown.job.total_steps }, (_, i) => i + 1), 2]);
    assert.ok(shown.checkpoints.includes(shown.job.total_steps));
    assert.match(merlina('list', '--status', 'completed').out, new RegExp(`^${id} {2}completed {2}100 % .* tiny {2}[\\d.]+ [kM]B\n$`));
    assert.match(merlina('prune', '--keep', '0', '--dry-run').out, /Would delete 1 of 1 ended jobs, [\d.]+ [kM]B\.\n$/);
    assert.equal(json('list').length, 1);
    assert.match(merlina('delete', id!).out, /(?:removed|moved to the trash)\n$/);
    assert.deepEqual(json('list'), []);
    // The keeper ends by itself, without a word, and leaves no lock.
    for (const end = performance.now() + 10_000; fs.existsSync(path.join(jobs.folder, 'keeper.lock')); await delay(100)) assert.ok(performance.now() < end);
    assert.equal(fs.readFileSync(path.join(jobs.folder, 'keeper.log'), 'utf8'), '');
  });

  it('says what is wrong, with exit code 2', () => {
    for (const [args, said] of [
      [['show', 'job_x'], /There is no job "job_x"\. See `merlina jobs list` for the ids\./],
      [['prune'], /Give --older-than DAYS, --keep N, or both\./],
      [['list', '--status', 'runing'], /--status names "runing", which is no status\./],
      [['submit', 'no-such.json'], /There is no such file\./],
      [['dance'], /There is no action "dance"\. Actions: list, /],
    ] as const) {
      const { status, error } = merlina(...args);
      assert.equal(status, 2);
      assert.match(error, said);
    }
  });
});
