import assert from 'node:assert/strict';
import fs from 'node:fs';
import { JobFolder } from '../../src/jobs';
import { connectTrainer } from '../../src/jobs/trainerLink';
import type { ProblemError } from '../../src/shared/problem';
import { openTrainerSocket } from '../../src/training/trainerSocket';
import { JobsFixture } from './jobsFixture';

describe('training/trainerSocket', () => {
  let jobs: JobsFixture;
  let folder: JobFolder;
  beforeEach(() => {
    jobs = new JobsFixture();
    folder = new JobFolder(jobs.folder);
  });
  afterEach(() => jobs.close());

  it('tells the host that the trainer lives, and that it does no more', async () => {
    assert.equal(await connectTrainer(folder, () => {}), 'absent');
    const close = await openTrainerSocket(folder.root);
    const link = await connectTrainer(folder, () => {});
    assert.ok(typeof link === 'object' && link.isOpen && link.pid === process.pid);
    link.close();
    const { address } = JSON.parse(fs.readFileSync(folder.socket, 'utf8')) as { address: string };
    close();
    assert.deepEqual([fs.existsSync(folder.socket), fs.existsSync(address), await connectTrainer(folder, () => {})], [false, false, 'absent']);
  });

  it('refuses a second trainer of the same run, and leaves the first its sign', async () => {
    const close = await openTrainerSocket(folder.root);
    await assert.rejects(openTrainerSocket(folder.root), (error: ProblemError) => error.problems[0]!.id === 'training/already-running');
    assert.equal(typeof await connectTrainer(folder, () => {}), 'object');
    close();
  });

  it('takes over from a trainer that was killed', async () => {
    fs.writeFileSync(folder.socket, JSON.stringify({ address: `${folder.root}/gone.sock`, pid: 1 }));
    assert.equal(await connectTrainer(folder, () => {}), 'refused');
    const close = await openTrainerSocket(folder.root);
    const link = await connectTrainer(folder, () => {});
    assert.equal(typeof link, 'object');
    if (typeof link === 'object') link.close();
    close();
  });
});
