import assert from 'node:assert/strict';
import { checkRecipe, makeRecipe, type RecipeInput } from '../../src/recipe';
import { renderProblem } from '../../src/shared/problem';

const local = { source_type: 'local_file', file_path: 'train.jsonl' } as const;

function check(keys: Partial<RecipeInput>) {
  return checkRecipe(makeRecipe({ output_name: 'a', dataset: { source: local }, ...keys }));
}

describe('checkRecipe', () => {
  it('finds nothing wrong with the defaults and a source', () => assert.deepEqual(check({}), []));

  const errors: [title: string, keys: Partial<RecipeInput>, ...rendered: string[]][] = [
    ['a prompt as long as the row', { max_length: 512 },
      '"max_prompt_length": 1024 tokens of prompt leave no room for a response within max_length 512. Set max_prompt_length below 512, or raise max_length.'],
    ['kto with one row a batch', { training_mode: 'kto' },
      '"batch_size": kto compares each answer with others of its batch; a batch of 1 has none. Set batch_size to at least 2.'],
    ['a beta of 0 where it multiplies all', { training_mode: 'ipo', beta: 0 }, '"beta": With beta 0, ipo learns nothing. Set beta above 0.'],
    ['steps that are neither fraction nor whole', { eval_steps: 2.5 },
      '"eval_steps": 2.5 is neither a fraction of all steps nor a whole number of steps. Use a value below 1 for a fraction, or a whole number.'],
    ['early stopping without evaluations', { eval_steps: 0, early_stopping_patience: 2 },
      '"early_stopping_patience": The run cannot stop early by its evaluation loss: eval_steps is 0. Set eval_steps, or remove early_stopping_patience.'],
    ['early stopping without rows to evaluate on', { early_stopping_patience: 2, dataset: { source: local, test_size: 0 } },
      '"early_stopping_patience": The run cannot stop early by its evaluation loss: there are no rows to evaluate on. '
      + 'Set dataset.test_size or dataset.eval_source, or remove early_stopping_patience.'],
    ['an adapter on no module', { target_modules: [] },
      '"target_modules": There is nothing to train: target_modules and modules_to_save are empty. Name at least one module, for example "q_proj" and "v_proj".'],
    ['a module trained in both ways', { modules_to_save: ['q_proj'] },
      '"modules_to_save": "q_proj" is also in target_modules; a module is trained in full or by an adapter, not both. Remove "q_proj" from one of them.'],
    ['an adapter to start from without LoRA', { use_lora: false, use_4bit: false, init_adapter: 'x' },
      '"init_adapter": An adapter to start from needs use_lora, which is off. Turn use_lora on, or remove init_adapter.'],
    ['products in 8 bits where all weights train', { use_lora: false, use_4bit: false, compute_dtype: 'int8' },
      '"compute_dtype": Products in 8 bits need weights that stay as they are, and all weights are trained. Set compute_dtype to "float32", or turn use_lora on.'],
    ['weights in 4 bits and products in 8', { use_4bit: true, compute_dtype: 'int8' },
      '"use_4bit": Frozen weights are kept in 4 bits (use_4bit) or multiplied in 8 (compute_dtype "int8"), not both. Set use_4bit to false, or compute_dtype to "float32".'],
    ['format custom without templates', { dataset: { source: local, format: { format_type: 'custom' } } },
      '"dataset.format.custom_templates": Format custom needs templates, and there are none. '
      + 'Add custom_templates with prompt_template, chosen_template and rejected_template.'],
    ['sources that name nothing', { dataset: { source: {}, additional_sources: [local, { file_path: 'b.json' }], eval_source: { source_type: 'upload' } } },
      '"dataset.source.repo_id": A source of type huggingface needs repo_id, which is not set. Set dataset.source.repo_id.',
      '"dataset.additional_sources.1.repo_id": A source of type huggingface needs repo_id, which is not set. Set it, or set source_type to "local_file", since file_path is set.',
      '"dataset.eval_source.dataset_id": A source of type upload needs dataset_id, which is not set. Set dataset.eval_source.dataset_id.'],
  ];
  for (const [title, keys, ...rendered] of errors) {
    it(`refuses ${title}`, () => {
      const problems = check(keys);
      assert.deepEqual(problems.map(renderProblem), rendered);
      assert.ok(problems.every(problem => problem.severity === 'error'));
    });
  }

  it('warns of evaluations that never come, and says when the epochs do not count', () => {
    assert.deepEqual(check({ max_steps: 10, num_epochs: 3, eval_steps: 50 }).map(problem => `${problem.severity} ${renderProblem(problem)}`), [
      'warning "eval_steps": 50 steps are never reached: the run ends after max_steps 10. Set eval_steps to at most 10, or to a fraction.',
      'info "max_steps": The run ends after 10 steps; num_epochs 3 is not used.',
    ]);
  });

  it('says that all-weights training is not in 4 bits', () => {
    assert.deepEqual(check({ use_lora: false }).map(problem => `${problem.severity} ${renderProblem(problem)}`), [
      'info "use_4bit": All weights are trained, so they are not kept in 4 bits. Set use_4bit to false.',
    ]);
  });

  it('offers edits that make the recipe right', () => {
    for (const keys of [{ max_length: 512 }, { training_mode: 'kto' }, { training_mode: 'ipo', beta: 0 }] satisfies Partial<RecipeInput>[]) {
      const set = check(keys)[0]?.fix?.set;
      assert.deepEqual(check({ ...keys, [set?.key ?? '']: set?.value }), []);
    }
  });
});
