/** Recipes beside one another. */
import { strict as assert } from 'node:assert';
import { recipeTable } from '../../src/recipe';

const RECIPE = { output_name: 'a', base_model: 'x/y', dataset: { source: { source_type: 'local_file', file_path: 'a.jsonl' } } };
const row = (recipes: unknown[], key: string) => recipeTable(recipes).find(one => one.key === key);

describe('recipeTable', () => {
  it('has values beside the default, filled in where the recipe is silent', () => {
    assert.deepEqual(row([{ ...RECIPE, lora_r: 8 }, RECIPE], 'lora_r'), { key: 'lora_r', title: row([RECIPE], 'lora_r')!.title, default: '64', values: ['8', '64'] });
  });

  it('reaches into the dataset, and keeps lists whole', () => {
    assert.deepEqual(row([RECIPE], 'dataset.source.file_path')?.values, ['a.jsonl']);
    assert.match(row([RECIPE], 'target_modules')!.values[0]!, /^\["/);
  });

  it('shows a recipe that is none any more as it is written, without its secrets', () => {
    const rows = recipeTable([{ lora_r: 'many', hf_token: 'hf_secret', new_key: { deep: 1 } }, RECIPE]);
    assert.deepEqual(rows.find(({ key }) => key === 'lora_r')?.values, ['many', '64']);
    assert.deepEqual(rows.find(({ key }) => key === 'new_key.deep')?.values, ['1', null]);
    assert.ok(!JSON.stringify(rows).includes('hf_secret'));
  });

  it('of what is no recipe at all has nothing', () => assert.deepEqual(recipeTable([null]), []));
});
