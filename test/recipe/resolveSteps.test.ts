import assert from 'node:assert/strict';
import { resolveCpoAlpha, resolveSaveSteps, resolveSteps, resolveTrainOnPrompt } from '../../src/recipe';

describe('resolveSteps', () => {
  const table: [value: number | null, total: number, steps: number][] = [
    [0, 100, 0], [null, 100, 0], [0.2, 100, 20], [0.2, 99, 19], [0.001, 100, 1], [0.999, 1000, 999], [1, 100, 1], [25, 100, 25], [500, 100, 500],
  ];
  for (const [value, total, steps] of table) {
    it(`${value ?? 'null'} of ${total} is every ${steps}`, () => assert.equal(resolveSteps(value, total), steps));
  }
});

describe('values that depend on others', () => {
  it('checkpoints follow the evaluations unless save_steps says otherwise', () => {
    assert.equal(resolveSaveSteps({ save_steps: null, eval_steps: 0.5 }, 10), 5);
    assert.equal(resolveSaveSteps({ save_steps: 0, eval_steps: 0.5 }, 10), 0);
    assert.equal(resolveSaveSteps({ save_steps: 3, eval_steps: 0 }, 10), 3);
  });

  it('the prompt is learnt in orpo and not in sft, unless the recipe says otherwise', () => {
    assert.equal(resolveTrainOnPrompt({ train_on_prompt: null, training_mode: 'orpo' }), true);
    assert.equal(resolveTrainOnPrompt({ train_on_prompt: null, training_mode: 'sft' }), false);
    assert.equal(resolveTrainOnPrompt({ train_on_prompt: false, training_mode: 'orpo' }), false);
  });

  it('cpo has a likelihood term and simpo has none, unless the recipe says otherwise', () => {
    assert.equal(resolveCpoAlpha({ cpo_alpha: null, training_mode: 'cpo' }), 1);
    assert.equal(resolveCpoAlpha({ cpo_alpha: null, training_mode: 'simpo' }), 0);
    assert.equal(resolveCpoAlpha({ cpo_alpha: 0.5, training_mode: 'simpo' }), 0.5);
  });
});
