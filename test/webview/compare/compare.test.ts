/** What Compare says of several runs: names, final figures, and the answers of each. */
import { strict as assert } from 'node:assert';
import { figureRows } from '../../../webview/compare/figures';
import { namesOf } from '../../../webview/compare/names';
import { answersAt, sampleSteps } from '../../../webview/runParts/samples';
import { runOf } from '../../views/support/runs';

describe('namesOf', () => {
  it('adds the end of the id where a name stands twice', () => {
    assert.deepEqual(namesOf([{ job_id: 'job_1_2_aa', name: 'x' }, { job_id: 'job_1_2_bb', name: 'x' }, { job_id: 'job_1_2_cc', name: 'y' }]), ['x (aa)', 'x (bb)', 'y']);
  });
});

describe('figureRows', () => {
  const run = (metrics: Record<string, number>, loss: (number | null)[] = []) =>
    runOf({ job: { metrics }, rest: { series: { loss: { steps: loss.map((_, i) => i + 1), values: loss } } } });

  it('marks the lowest loss and the highest accuracy, and nothing of what has no better', () => {
    const rows = figureRows([run({ eval_loss: 1.2, 'rewards/accuracies': 0.9, 'rewards/margins': 2 }), run({ eval_loss: 1.3, 'rewards/accuracies': 0.95, 'rewards/margins': 1 })]);
    assert.deepEqual(rows.map(({ name, best }) => [name, best]), [['eval_loss', [0]], ['rewards/accuracies', [1]], ['rewards/margins', []]]);
  });

  it('takes the last value of a run that has not ended, and marks none where all are the same', () => {
    assert.deepEqual(figureRows([run({}, [3, 2, null]), run({ loss: 2 })]), [{ name: 'loss', values: [2, 2], best: [] }]);
  });

  it('leaves a hole where a run lacks the figure; the others compete', () => {
    assert.deepEqual(figureRows([run({ eval_loss: 1 }), run({}), run({ eval_loss: 2 })]), [{ name: 'eval_loss', values: [1, null, 2], best: [0] }]);
  });
});

describe('samples of a run', () => {
  const rounds = runOf({ steps: 120 }).samples;

  it('are found by step, the base beside them', () => {
    assert.deepEqual(sampleSteps(rounds), [20, 60, 100]);
    const [first] = answersAt(rounds, 99);
    assert.match(first!.base!, /helpful/);
    assert.match(first!.current!, /step 60/);
  });

  it('a prompt that only one side was asked stays', () => {
    const [base, ...rest] = rounds;
    const odd = [base!, { ...rest[0]!, samples: [{ prompt: 'New?', text: 'Yes.' }] }];
    assert.deepEqual(answersAt(odd, 20).map(({ prompt, base, current }) => [prompt, base === undefined, current === undefined]), [
      ['Who are you?', false, true], ['How do I boil an egg?', false, true], ['New?', true, false],
    ]);
  });
});
