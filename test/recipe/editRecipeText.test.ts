/** Edits of a recipe's text: what was asked for is there, and everything else as it was. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { editRecipeText, type RecipeChange, readRecipe, recipeFields, textChange } from '../../src/recipe';

const COMMENTED = `// my recipe
{
    // which one
    "output_name": "wizard", /* good */
    "lora_r": 8, // small
    "dataset": {
        "source": { "source_type": "local_file", "file_path": "a.jsonl" },
    },
}
`;

describe('editRecipeText', () => {
  it('keeps comments, layout and trailing commas', () => {
    assert.equal(editRecipeText(COMMENTED, [{ key: 'lora_r', value: 16 }]), COMMENTED.replace('"lora_r": 8', '"lora_r": 16'));
  });

  it('makes the parts on the way, also in place of null', () => {
    assert.deepEqual(parse(editRecipeText('{}', [{ key: 'dataset.format.format_type', value: 'chatml' }])), { dataset: { format: { format_type: 'chatml' } } });
    assert.deepEqual(parse(editRecipeText('{ "dataset": { "eval_source": null } }', [{ key: 'dataset.eval_source.file_path', value: 'b' }])), { dataset: { eval_source: { file_path: 'b' } } });
    assert.deepEqual(parse(editRecipeText('{}', [{ key: 'dataset.additional_sources.0.repo_id', value: 'a/b' }])), { dataset: { additional_sources: [{ repo_id: 'a/b' }] } });
  });

  it('removes a key, and the parts that are empty without it', () => {
    assert.deepEqual(parse(editRecipeText('{ "a": 1, "dataset": { "format": { "format_type": "raw" } } }', [{ key: 'dataset.format.format_type' }])), { a: 1 });
    assert.deepEqual(parse(editRecipeText('{ "dataset": { "test_size": 0, "format": { "format_type": "raw" } } }', [{ key: 'dataset.format.format_type' }])), { dataset: { test_size: 0 } });
    assert.equal(editRecipeText(COMMENTED, [{ key: 'beta' }]), COMMENTED);
  });

  it('indents as the file does', () => {
    assert.match(editRecipeText('{\n\t"a": 1\n}\n', [{ key: 'b', value: 2 }]), /\n\t"b": 2\n/);
    assert.match(editRecipeText(COMMENTED, [{ key: 'beta', value: 0.2 }]), /\n {4}"beta": 0\.2/);
  });

  it('says any value of any key, and nothing else, whatever was there', () => {
    const keys = recipeFields.filter(({ key, kind }) => !key.includes('*') && kind !== 'object').map(({ key }) => key);
    const change = fc.record({ key: fc.constantFrom(...keys), value: fc.oneof(fc.jsonValue().filter(value => value !== undefined), fc.constant(undefined)) });
    fc.assert(fc.property(fc.array(change, { maxLength: 12 }), changes => {
      let text = COMMENTED;
      for (const one of changes) {
        const before = flat(parse(text));
        text = editRecipeText(text, [one as RecipeChange]);
        const after = flat(parse(text));
        // Setting a key replaces what lies under it, or what stands in its way.
        const others = (values: Map<string, string>): [string, string][] => [...values].filter(([key]) => !key.startsWith(one.key) && !one.key.startsWith(`${key}.`));
        assert.deepEqual(others(after), others(before));
        assert.ok(text.startsWith('// my recipe\n'));
      }
    }), { seed: 11, numRuns: 150 });
  });

  it('leaves a recipe that still reads as one', () => {
    const text = editRecipeText(COMMENTED, [{ key: 'learning_rate', value: 0.0001 }, { key: 'dataset.test_size', value: 0.1 }, { key: 'lora_r' }]);
    const { recipe, problems } = readRecipe(text);
    assert.deepEqual(problems, []);
    assert.deepEqual([recipe?.learning_rate, recipe?.dataset.test_size, recipe?.lora_r], [0.0001, 0.1, 64]);
  });
});

describe('textChange', () => {
  it('is the smallest range that makes one text of the other', () => {
    assert.deepEqual(textChange('"lora_r": 8,', '"lora_r": 16,'), { offset: 10, length: 1, content: '16' });
    assert.equal(textChange('a', 'a'), undefined);
  });

  it('makes any text of any other', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (before, after) => {
      const change = textChange(before, after);
      assert.equal(change ? before.slice(0, change.offset) + change.content + before.slice(change.offset + change.length) : before, after);
    }), { seed: 12 });
  });
});

/** Every leaf by its dotted key; lists are leaves. */
function flat(value: unknown, key = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[key, JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...flat(inner, key === '' ? name : `${key}.${name}`)]));
}
