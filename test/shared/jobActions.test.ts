/** What can be done with a job in each status. */
import { strict as assert } from 'node:assert';
import { isEnded, STATUSES } from '../../src/jobs';
import { whyNotChat, whyNotResume, whyNotStop } from '../../src/shared/jobActions';

const l10n = { t: (text: string): string => text };
const job = { stop_requested: false, run_dir: '/runs/a' };

describe('what can be done with a job', () => {
  it('stop: everything that has not ended, once', () => {
    for (const status of STATUSES) assert.equal(whyNotStop({ ...job, status }, l10n) === undefined, !isEnded(status), status);
    assert.equal(whyNotStop({ ...job, status: 'training', stop_requested: true }, l10n), 'The run has been asked to stop');
  });

  it('resume: what ended before it was complete, and has a folder', () => {
    assert.deepEqual(STATUSES.filter(status => whyNotResume({ ...job, status }, l10n) === undefined), ['failed', 'stopped', 'cancelled']);
    assert.equal(whyNotResume({ ...job, status: 'failed', run_dir: null }, l10n), "The run was one of Merlina's Python");
  });

  it('chat: with an adapter, be it a checkpoint\'s', () => {
    assert.equal(whyNotChat({ ...job, status: 'training' }, false, l10n), 'There is no adapter yet');
    assert.equal(whyNotChat({ ...job, status: 'training' }, true, l10n), undefined);
    assert.equal(whyNotChat({ ...job, status: 'completed' }, false, l10n), undefined);
  });
});
