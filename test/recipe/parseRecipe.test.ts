import assert from 'node:assert/strict';
import { parseRecipe } from '../../src/recipe';
import { renderProblem } from '../../src/shared/problem';

const source = { source: { source_type: 'local_file', file_path: 'train.jsonl' } };

/** Rendered Problems of a recipe that is fine but for the given keys. */
function problemsOf(keys: object): string[] {
  return parseRecipe({ output_name: 'a', dataset: source, ...keys }).problems.map(renderProblem);
}

describe('parseRecipe', () => {
  it('fills in defaults and finds nothing wrong with the smallest recipe', () => {
    const { recipe, problems } = parseRecipe({ output_name: 'a', dataset: source });
    assert.deepEqual(problems, []);
    assert.equal(recipe?.learning_rate, 5e-6);
    assert.equal(recipe?.dataset.source.split, 'train');
  });

  const cases: [title: string, keys: object, ...rendered: string[]][] = [
    ['a value above its maximum', { learning_rate: 2 },
      '"learning_rate": 2 is above the maximum of 1. Use a number from 1e-8 to 1 (default 0.000005).'],
    ['a value below its minimum', { max_length: 4, max_prompt_length: 2 },
      '"max_length": 4 is below the minimum of 8. Use a whole number from 8 to 131072 (default 2048).'],
    ['a value at an excluded bound', { num_epochs: 0 },
      '"num_epochs": 0 is not above 0. Use a number above 0 and at most 1000 (default 2).'],
    ['a value at an excluded upper bound', { adam_beta2: 1 },
      '"adam_beta2": 1 is not below 1. Use a number of at least 0 and below 1 (default 0.999).'],
    ['a fraction where only whole numbers go', { lora_r: 1.5 },
      '"lora_r": 1.5 is not a whole number. Use a whole number from 1 to 512 (default 64).'],
    ['a number as text', { lora_r: '64' },
      '"lora_r": "64" is text. Use a whole number from 1 to 512 (default 64).'],
    ['null where there must be a value', { seed: null },
      '"seed": null is not a value here. Use a whole number of at least 0 (default 42).'],
    ['a wrong type where null is allowed', { max_steps: 'all' },
      '"max_steps": "all" is text. Use a whole number of at least 1, or null (default null).'],
    ['a slip in a choice', { training_mode: 'orop' },
      '"training_mode": "orop" is not a choice here. Did you mean "orpo"? Use one of sft, orpo, dpo, simpo, cpo, ipo, kto.'],
    ['a method of Merlina that is not trained here', { training_mode: 'diffusion_sdxl' },
      '"training_mode": "diffusion_sdxl" is not a choice here. Use one of sft, orpo, dpo, simpo, cpo, ipo, kto (default "orpo").'],
    ['a wrong entry of a list', { gguf_quant_types: ['Q8_0', 'Q9'] },
      '"gguf_quant_types.1": "Q9" is not a choice here. Use a list of F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_K_M, Q4_K_S, Q4_1, Q4_0, Q3_K_M, Q2_K.'],
    ['a slip in a key', { lerning_rate: 1 }, '"lerning_rate": Unknown key. Did you mean "learning_rate"?'],
    ['the beginning of a key', { dataset: { source: { ...source.source, repo: 'a/b' } } },
      '"dataset.source.repo": Unknown key. Did you mean "dataset.source.repo_id"?'],
    ['a key in the wrong place', { format_type: 'raw' }, '"format_type": Unknown key. Write it as "dataset.format.format_type".'],
    ['a key like no other', { quantum_flux: 1 }, '"quantum_flux": Unknown key. Remove it. The nearest known key is "output_name".'],
    ['a name that would leave the folder', { output_name: '..' },
      '"output_name": ".." is not a valid name. Use letters, digits, ".", "_" and "-" only, for example "my-adapter".'],
    ['a name with other letters', { output_name: 'Köln 2' },
      '"output_name": "Köln 2" is not a valid name. Use letters, digits, ".", "_" and "-" only, for example "Koln-2".'],
    ['a missing name', { output_name: undefined },
      '"output_name": Required, but missing. Use letters, digits, ".", "_" and "-" only, for example "my-adapter".'],
    ['a secret', { hf_token: 'hf_x' },
      '"hf_token": A secret in the file; it is not used, and not kept when the recipe is saved or shared. Remove it, and use the environment variable HF_TOKEN.'],
    ['keys that are kept only, once for all', { use_liger: true, gpu_ids: [0, 1], vision_model_id: null, dataset: { ...source, model_name: 'm' } },
      'Kept in the file, but not acted on: dataset.model_name, use_liger, gpu_ids.'],
  ];
  for (const [title, keys, ...rendered] of cases) {
    it(`says what is wrong with ${title}`, () => assert.deepEqual(problemsOf(keys), rendered));
  }

  it('tells every fault at once, in the order of the file, with line and column of the key', () => {
    const text = '{\n  "output_name": "a b",\n  "dataset": {"source": {\n    "source_type": "local_file", "file_pth": "x"} },\n  "beta": -1, "lora_r": 0\n}';
    const { recipe, draft, problems } = parseRecipe(JSON.parse(text), { file: 'recipe.json', text });
    assert.deepEqual([recipe, draft], [undefined, undefined]);
    assert.deepEqual(problems.map(renderProblem), [
      'recipe.json, line 2, column 3, "output_name": "a b" is not a valid name. Use letters, digits, ".", "_" and "-" only, for example "a-b".',
      'recipe.json, line 4, column 34, "dataset.source.file_pth": Unknown key. Did you mean "dataset.source.file_path"?',
      'recipe.json, line 5, column 3, "beta": -1 is below the minimum of 0. Use a number from 0 to 100 (default 0.1).',
      'recipe.json, line 5, column 15, "lora_r": 0 is below the minimum of 1. Use a whole number from 1 to 512 (default 64).',
    ]);
  });

  it('offers the edit that mends a fault', () => {
    const { problems } = parseRecipe({ output_name: 'a', dataset: source, training_mode: 'dop', lora_r: 0 });
    assert.deepEqual(problems.map(problem => problem.fix?.set), [{ key: 'training_mode', value: 'dpo' }, { key: 'lora_r', value: 64 }]);
  });

  it('places a rule about a key that is not in the file at the nearest part that is', () => {
    const text = '{"output_name": "a",\n"dataset": {"source": {"split": "test"}}}';
    assert.deepEqual(parseRecipe(JSON.parse(text), { file: 'r.json', text }).problems.map(renderProblem), [
      'r.json, line 2, column 13, "dataset.source.repo_id": A source of type huggingface needs repo_id, which is not set. Set dataset.source.repo_id.',
    ]);
  });

  it('keeps a draft of a recipe whose keys do not go together, so that an editor can mend it', () => {
    const { recipe, draft } = parseRecipe({ output_name: 'a', dataset: source, training_mode: 'kto' });
    assert.equal(recipe, undefined);
    assert.equal(draft?.training_mode, 'kto');
  });

  it('keeps the keys that are not acted on, and the secret neither in recipe nor draft', () => {
    const { recipe } = parseRecipe({ output_name: 'a', dataset: source, use_liger: true, $schema: 'x', _metadata: { name: 'n' }, wandb_key: 'k' });
    assert.deepEqual([recipe?.use_liger, recipe?.$schema, recipe?._metadata], [true, 'x', { name: 'n' }]);
    assert.ok(!JSON.stringify(recipe).includes('wandb_key'));
  });

  it('accepts Merlina\'s other spellings', () => {
    const { recipe, problems } = parseRecipe({
      output_name: 'a', gguf_quant_types: ['q4_k_m', 'Q4_K_M', 'f16'], hf_namespace: 'https://huggingface.co/my-org/', dataset: { ...source, format: { format_type: 'ChatML' } },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual([recipe?.gguf_quant_types, recipe?.hf_namespace, recipe?.dataset.format.format_type], [['Q4_K_M', 'F16'], 'my-org', 'chatml']);
  });

  for (const [name, json] of [['a list', []], ['null', null], ['text', 'recipe']] as const) {
    it(`refuses ${name}`, () => {
      assert.deepEqual(parseRecipe(json, { file: 'r.json' }).problems.map(renderProblem), ['r.json: A recipe is a JSON object; this is not one.']);
    });
  }
});
