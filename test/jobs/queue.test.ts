import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inOrder, nextJobs, placesAfter, PRIORITIES, type QueueEntry, type QueueMove } from '../../src/jobs/queue';

const SEED = 5;
const jobs = fc.uniqueArray(fc.record<QueueEntry>({
  job_id: fc.string({ minLength: 1, maxLength: 4 }),
  state: fc.constantFrom('queued', 'running', 'ended', 'cancelled'),
  priority: fc.constantFrom('low', 'normal', 'high'),
  position: fc.integer({ min: 0, max: 9 }),
  device: fc.constantFrom('cpu', 'cuda:0'),
}), { selector: ({ job_id }) => job_id, maxLength: 20 });

const job = (job_id: string, rest: Partial<QueueEntry> = {}): QueueEntry =>
  ({ job_id, state: 'queued', priority: 'normal', position: Number(job_id.slice(1)), device: 'cpu', ...rest });

describe('jobs/queue', () => {
  it('starts the highest priority first, and inside it who came first', () => {
    const waiting = [job('j1', { priority: 'low' }), job('j3'), job('j2'), job('j4', { priority: 'high' })];
    assert.deepEqual(inOrder(waiting).map(({ job_id }) => job_id), ['j4', 'j2', 'j3', 'j1']);
  });

  it('waits for a busy device without holding back jobs for another', () => {
    const waiting = [job('j1', { state: 'running' }), job('j2'), job('j3', { device: 'cuda:0' })];
    assert.deepEqual(nextJobs(waiting).map(({ job_id }) => job_id), ['j3']);
  });

  it('never overloads a device, starts only queued jobs, and leaves none waiting for a free device', () => {
    fc.assert(fc.property(jobs, fc.integer({ min: 1, max: 3 }), (all, perDevice) => {
      const started = nextJobs(all, perDevice);
      assert.ok(started.every(({ state }) => state === 'queued'));
      for (const device of ['cpu', 'cuda:0']) {
        const on = (list: readonly QueueEntry[], state: string): number => list.filter(one => one.device === device && one.state === state).length;
        const running = on(all, 'running');
        assert.equal(on(started, 'queued'), Math.max(0, Math.min(perDevice - running, on(all, 'queued'))));
      }
    }), { seed: SEED });
  });

  it('gives the same order whatever order the jobs are read in, and none overtakes', () => {
    fc.assert(fc.property(jobs, all => {
      const order = inOrder(all);
      assert.deepEqual(inOrder([...all].reverse()), order);
      for (let i = 1; i < order.length; i++) {
        const [a, b] = [order[i - 1]!, order[i]!];
        assert.ok(PRIORITIES[a.priority] > PRIORITIES[b.priority] || (a.priority === b.priority && a.position <= b.position));
      }
    }), { seed: SEED });
  });

  it('moves a job where it was asked to be, leaves the order of all others, and never runs out of room', () => {
    const moves = fc.array(fc.tuple(fc.nat(), fc.oneof(
      fc.record({ priority: fc.constantFrom('low' as const, 'normal' as const, 'high' as const) }), fc.constant({ isFirst: true as const }), fc.record({ before: fc.nat() }),
    )), { maxLength: 120 });
    fc.assert(fc.property(fc.array(fc.constantFrom('low' as const, 'normal' as const, 'high' as const), { minLength: 2, maxLength: 6 }), moves, (priorities, asked) => {
      let all = priorities.map((priority, i) => job(`j${i}`, { priority }));
      for (const [which, wish] of asked) {
        const before = inOrder(all);
        const moved = before[which % before.length]!;
        const others = before.filter(one => one !== moved);
        const target = 'before' in wish ? others[wish.before % others.length]! : undefined;
        const move: QueueMove = 'before' in wish ? { before: target!.job_id } : wish;
        const places = placesAfter(all, moved.job_id, move);
        all = all.map(one => ({ ...one, ...places.get(one.job_id) }));
        const after = inOrder(all).map(({ job_id }) => job_id);
        const at = after.indexOf(moved.job_id);
        assert.deepEqual(after.filter(id => id !== moved.job_id), others.map(({ job_id }) => job_id));
        if ('isFirst' in wish) assert.equal(at, 0);
        if (target) assert.equal(after[at + 1], target.job_id);
        if ('priority' in wish) assert.equal(all.find(({ job_id }) => job_id === moved.job_id)!.priority, wish.priority);
      }
    }), { seed: SEED });
  });
});
