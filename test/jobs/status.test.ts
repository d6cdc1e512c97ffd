import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RunStatus } from '../../src/shared/events';
import { advance, isActive, isEnded, isLegal, STATUSES, transition } from '../../src/jobs/status';

const status = fc.constantFrom(...STATUSES);
const SEED = 5;

/** All statuses reachable from one. */
function reachable(from: RunStatus): Set<RunStatus> {
  const seen = new Set<RunStatus>([from]);
  for (const one of seen) for (const next of STATUSES) if (isLegal(one, next)) seen.add(next);
  return seen;
}

describe('jobs/status', () => {
  it('knows the twelve statuses', () => {
    assert.deepEqual([...STATUSES].sort(), [
      'cancelled', 'completed', 'evaluating', 'failed', 'initializing', 'loading_dataset', 'loading_model', 'queued', 'saving', 'stopped', 'stopping', 'training',
    ]);
  });

  it('never leaves the table, whatever comes from outside', () => {
    fc.assert(fc.property(fc.array(status), wanted => {
      let current: RunStatus = 'queued';
      for (const next of wanted) {
        const after = advance(current, next);
        assert.ok(after === current || isLegal(current, after));
        current = after;
      }
    }), { seed: SEED, numRuns: 2000 });
  });

  it('has no dead end: every active job can end in each way, every ended one but a completed can be queued again', () => {
    for (const one of STATUSES) {
      if (isActive(one)) for (const end of ['completed', 'failed', 'stopped'] as const) assert.ok(isLegal(one, end), `${one} → ${end}`);
      if (isEnded(one) && one !== 'completed') assert.ok(isLegal(one, 'queued'));
    }
    assert.deepEqual([...reachable('completed')], ['completed']);
    assert.equal(reachable('queued').size, STATUSES.length);
  });

  it('cancels only what waits, and starts only what was queued', () => {
    assert.deepEqual(STATUSES.filter(one => isLegal(one, 'cancelled')), ['queued']);
    for (const one of STATUSES) if (isEnded(one)) assert.deepEqual(STATUSES.filter(next => isActive(next) && isLegal(one, next)), []);
  });

  it('does not compile an illegal change', () => {
    assert.equal(transition('queued', 'cancelled'), 'cancelled');
    // @ts-expect-error a completed job stays completed
    transition('completed', 'queued');
  });
});
