import assert from 'node:assert/strict';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { FollowMessage, JobManager } from '../../src/jobs';
import { applyIncrement } from '../../src/shared/applyIncrement';
import type { RunSnapshot } from '../../src/shared/follow';
import { JobsFixture, recipeOf, until } from './jobsFixture';

/** What a view does: keeps the snapshot and brings it up to date. */
class View {
  state: RunSnapshot | undefined;
  readonly messages: FollowMessage[] = [];
  readonly end: () => void;

  constructor(manager: JobManager, jobId: string) {
    this.end = manager.follow(jobId, message => {
      this.messages.push(message);
      // A webview gets a copy: what the host does to its own afterwards must not matter.
      const copy = structuredClone(message);
      this.state = copy.type === 'snapshot' ? copy.state : applyIncrement(this.state!, copy.increment);
    });
  }

  async until(what: (state: RunSnapshot) => boolean): Promise<void> {
    for (const end = performance.now() + 10_000; !this.state || !what(this.state); await delay(5)) assert.ok(performance.now() < end, JSON.stringify(this.state)?.slice(0, 2000));
  }
}

describe('jobs/follow', () => {
  let jobs: JobsFixture;
  let manager: JobManager;
  const views: View[] = [];
  beforeEach(async () => {
    jobs = new JobsFixture();
    manager = await jobs.manager();
  });
  afterEach(async () => {
    for (const view of views.splice(0)) view.end();
    await jobs.close();
  });
  const follow = (jobId: string): View => {
    const view = new View(manager, jobId);
    views.push(view);
    return view;
  };

  it('gives the same to who follows from the beginning, who joins later, and who looks when it is over', async () => {
    const { job_id } = await manager.createJob(recipeOf({ steps: 40, step_ms: 5 }, 'followed'));
    const first = follow(job_id);
    await first.until(({ job }) => job.status === 'queued');
    assert.deepEqual([first.state!.job.queue_place, first.state!.job.name, first.state!.series], [1, 'followed', {}]);
    await jobs.supervisor(manager).start();
    await first.until(({ series }) => (series.loss?.steps.length ?? 0) > 5);
    const second = follow(job_id);
    await first.until(({ job }) => job.status === 'completed');
    await second.until(({ job }) => job.status === 'completed');
    await delay(50);
    const last = follow(job_id);
    await last.until(() => true);
    const reader = await jobs.manager();
    const fresh = new View(reader, job_id);
    await fresh.until(() => true);
    fresh.end();
    assert.deepEqual(first.state, second.state);
    assert.deepEqual(first.state, last.state);
    assert.deepEqual(first.state, fresh.state);
    const { series, checkpoints, facts, job } = first.state!;
    assert.deepEqual(series.loss, { steps: Array.from({ length: 40 }, (_, i) => i + 1), values: Array.from({ length: 40 }, (_, i) => 1 / (i + 1)) });
    assert.deepEqual(series['rewards/margins']!.values.at(-1), 40);
    assert.deepEqual([checkpoints.map(({ step, loss }) => [step, loss]).at(-1), facts!.model.id, job.progress, job.seconds_left], [[39, 1 / 39], 'fake', 1, null]);
  });

  it('tells samples, problems and log, and goes back with the run', async () => {
    const { job_id } = await manager.createJob(recipeOf({ steps: 9, die_at: 8 }));
    const view = follow(job_id);
    await jobs.supervisor(manager).start();
    await view.until(({ job }) => job.status === 'failed');
    assert.match(view.state!.job.error!, /exit code 3/);
    const { events } = manager.folderOf(job_id);
    const emit = (event: object): void => fs.appendFileSync(events, `${JSON.stringify({ time: '2026-01-01T00:00:00.000Z', ...event })}\n`);
    emit({ type: 'sample', step: 0, model: 'base', samples: [{ prompt: 'Who?', text: 'I.' }] });
    emit({ type: 'sample', step: 7, samples: [{ prompt: 'Who?', text: 'A wizard.' }] });
    emit({ type: 'problem', problem: { id: 'x/y', severity: 'warning', text: 'Odd.' } });
    await view.until(({ problems }) => problems.length === 1);
    assert.deepEqual(view.state!.samples.map(({ step, model }) => [step, model]), [[0, 'base'], [7, 'current']]);
    assert.deepEqual(view.state!.log.at(-1), { time: '2026-01-01T00:00:00.000Z', level: 'warn', text: 'Odd.' });
    await manager.resumeJob(job_id, { from: 3 });
    await view.until(({ job }) => job.attempt === 2 && job.status === 'failed');
    assert.deepEqual([view.state!.samples.map(({ step }) => step), view.state!.series.loss!.steps], [[0], [1, 2, 3, 4, 5, 6, 7]]);
  });

  it('tells at most 10 times a second, and everything', async () => {
    const { job_id } = await manager.createJob(recipeOf({ steps: 900, step_ms: 0 }));
    const view = follow(job_id);
    await jobs.supervisor(manager).start();
    await view.until(({ job }) => job.status === 'training');
    const [startMs, before] = [performance.now(), view.messages.length];
    await view.until(({ job }) => job.status === 'completed');
    const seconds = (performance.now() - startMs) / 1000;
    assert.ok(view.messages.length - before <= 10 * seconds + 2, `${view.messages.length - before} messages in ${seconds} s`);
    assert.equal(view.state!.series.loss!.steps.length, 900);
  });

  it('ends with its last listener, and shows a job without a run', async () => {
    const { job_id } = await manager.createJob(recipeOf());
    const view = follow(job_id);
    await view.until(() => true);
    view.end();
    const told = view.messages.length;
    await manager.stopJob(job_id);
    await delay(50);
    assert.equal(view.messages.length, told);
    const again = follow(job_id);
    await again.until(({ job }) => job.status === 'cancelled');
    await until(manager, job_id, ['cancelled']);
  });
});
