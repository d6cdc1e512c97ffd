import assert from 'node:assert/strict';
import fs from 'node:fs';
import { endOrphan, findOrphans } from '../../src/jobs';
import { JobsFixture, recipeOf, until } from './jobsFixture';

describe('jobs/orphans', () => {
  let jobs: JobsFixture;
  beforeEach(() => { jobs = new JobsFixture(); });
  afterEach(() => jobs.close());

  it('finds a trainer whose job.json is gone, says that its job has ended, or whose run is gone; and ends it', async () => {
    const manager = await jobs.manager();
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) ids.push((await manager.createJob(recipeOf({ steps: 5000, step_ms: i === 2 ? 600_000 : 20, ignore_stop: i === 0 }))).job_id);
    const supervisor = jobs.supervisor(manager, { perDevice: 4 });
    await supervisor.start();
    for (const id of ids) await until(manager, id, ['training']);
    assert.deepEqual(await findOrphans(jobs.folder), []);
    await supervisor.close();
    const [lost, ended, gone] = ids.map(id => manager.folderOf(id));
    fs.rmSync(lost!.jobFile);
    ended!.write({ ...ended!.read(), state: 'ended' });
    const pid = Number(fs.readFileSync(gone!.pid, 'utf8'));
    fs.renameSync(gone!.root, `${jobs.folder}/elsewhere`);
    const found = await findOrphans(jobs.folder);
    assert.deepEqual(found.map(({ job_id, reason }) => [job_id, reason]).sort(), [
      [ids[0], 'its job.json is gone'], [ids[1], 'its job has ended'], [ids[2], 'its run directory is gone'],
    ].sort());
    assert.equal(found.find(({ job_id }) => job_id === ids[2])!.pid, pid);
    const went = [];
    for (const orphan of found) went.push([orphan.job_id, await endOrphan(orphan, 300)]);
    assert.deepEqual(went.sort(), [[ids[0], 'killed'], [ids[1], 'stopped'], [ids[2], 'stopped']].sort());
    assert.deepEqual(await findOrphans(jobs.folder), []);
    assert.ok(process.kill(Number(fs.readFileSync(manager.folderOf(ids[3]!).pid, 'utf8')), 0));
  });
});
