import { strict as assert } from 'node:assert';
import { TRAINED_BACKENDS } from '../../src/shared/trainedBackends';
import { BACKENDS } from '../../src/training/backends';

describe('backends', () => {
  it('are those that everybody else is told of', () => {
    assert.deepEqual(BACKENDS.map(({ id }) => id), TRAINED_BACKENDS);
  });
});
