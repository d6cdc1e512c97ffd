import assert from 'node:assert/strict';
import { renderCount, renderProgress } from '../../src/cli/progress';

describe('cli/progress', () => {
  const state = { step: 12, totalSteps: 40, loss: 1.93424, tokensPerSecond: 412.4, secondsLeft: 82, note: '' };

  it('shows step, loss, speed and time left in one line', () => {
    assert.equal(renderProgress(state, 100), '███████▎                 12/40  loss 1.9342  412 tokens/s  1 min 22 s left');
  });

  it('never reaches the last column, so that the line does not wrap', () => {
    for (const columns of [10, 40, 60]) assert.ok([...renderProgress(state, columns)].length < columns);
  });

  it('shows what is known so far', () => {
    const unknown = { step: 0, totalSteps: 40, loss: undefined, tokensPerSecond: undefined, secondsLeft: undefined, note: 'evaluating' };
    assert.equal(renderProgress(unknown, 80), '                         0/40  evaluating');
  });

  it('writes counts as people read them', () => {
    assert.deepEqual([9.6, 9999, 12_345].map(renderCount), ['10', '9999', '12.3k']);
  });
});
