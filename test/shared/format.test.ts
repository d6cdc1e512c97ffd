/** Numbers as people read them. */
import { strict as assert } from 'node:assert';
import { formatBytes, formatDuration, formatLearningRate, formatLoss, formatWait } from '../../src/shared/format';

describe('shared/format', () => {
  it('gives a loss four digits', () => assert.deepEqual([1.83215, 0.00043214, 12345.6, NaN].map(formatLoss), ['1.832', '0.0004321', '12350', 'NaN']));
  it('gives a learning rate its power of ten', () => assert.deepEqual([8e-6, 0.00012, 0].map(formatLearningRate), ['8.0e-6', '1.2e-4', '0']));
  it('gives a time its two largest units', () => assert.deepEqual([0, 59.4, 190, 7500, -3].map(formatDuration), ['0 s', '59 s', '3 min 10 s', '2 h 5 min', '0 s']));
  it('gives a wait whole minutes', () => assert.deepEqual([5, 59, 61, 3540, 3601, 7200].map(formatWait), ['5 s', '59 s', '2 min', '59 min', '1 h 1 min', '2 h 0 min']));
  it('gives bytes a fitting unit', () => assert.deepEqual([1, 2048, 1.5e6, 2.14e9].map(formatBytes), ['1 kB', '3 kB', '1.5 MB', '2.1 GB']));
});
