/** Each status has a name and a picture of its own kind. */
import { strict as assert } from 'node:assert';
import { STATUSES } from '../../src/jobs';
import { statusIcon, statusName } from '../../src/shared/statusLook';

describe('the look of a status', () => {
  it('names every status differently', () => {
    const names = STATUSES.map(status => statusName(status, { t: text => text }));
    assert.equal(new Set(names).size, STATUSES.length);
  });

  it('tells apart what waits, what runs and each way to end', () => {
    assert.deepEqual([...new Set(STATUSES.map(statusIcon))].sort(), ['circle-slash', 'clock', 'debug-pause', 'error', 'pass', 'sync']);
  });
});
