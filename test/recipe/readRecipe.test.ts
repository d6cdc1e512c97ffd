import assert from 'node:assert/strict';
import { encodeShareCode, makeRecipe, readRecipe, shareEnvelope } from '../../src/recipe';
import { renderProblem } from '../../src/shared/problem';

const recipe = makeRecipe({ output_name: 'a', lora_r: 8, dataset: { source: { source_type: 'local_file', file_path: 'train.jsonl' } } });
const rendered = (text: string, file?: string) => readRecipe(text, file).problems.map(renderProblem);

describe('readRecipe', () => {
  it('reads comments, trailing commas and a byte order mark', () => {
    const text = '\ufeff{\n  // the name\n  "output_name": "a",\n  "dataset": {"source": {"source_type": "local_file", "file_path": "x",},},\n}';
    assert.deepEqual(readRecipe(text).problems, []);
    assert.equal(readRecipe(text).recipe?.output_name, 'a');
  });

  it('says where text is not JSON', () => {
    assert.deepEqual(rendered('{\n  "output_name": "a"\n  "beta": 1\n}', 'r.json'), ['r.json, line 3, column 3: Not valid JSON: comma expected. Correct the text there.']);
    assert.deepEqual(rendered('{ "beta": ', 'r.json'), ['r.json, line 1, column 11: Not valid JSON: value expected. Correct the text there.']);
    assert.deepEqual(rendered(' \n', 'r.json'), ['r.json: The file is empty. Write a recipe: { "output_name": "my-adapter" } and what else it needs.']);
  });

  it('warns of a key that is written twice', () => {
    assert.deepEqual(rendered('{"output_name": "a",\n "dataset": {"source": {"repo_id": "a/b"}, "test_size": 0.1,\n "test_size": 0.2}}', 'r.json'), [
      'r.json, line 3, column 2, "dataset.test_size": The key is written twice; the last value counts. Remove one of them.',
    ]);
  });

  it('is not fooled by keys of Object.prototype', () => {
    assert.deepEqual(rendered('{"output_name": "a", "__proto__": {"lora_r": 1}, "constructor": 1, "dataset": {"source": {"repo_id": "a/b"}}}'), [
      'line 1, column 22, "__proto__": Unknown key. Remove it. The nearest known key is "lora_r".',
      'line 1, column 50, "constructor": Unknown key. Remove it. The nearest known key is "instruction".',
    ]);
  });

  it('reads a share code, and says what is wrong with a bad one', () => {
    assert.deepEqual(readRecipe(` ${encodeShareCode(shareEnvelope(recipe))}\n`).recipe?.lora_r, 8);
    assert.deepEqual(rendered('merlina-config-v2:AAAA', 'code.txt'), [
      'code.txt: The code is of version 2; only version 1 is known. Copy the whole code again, from "merlina-config-v1:" to its end.',
    ]);
  });

  it('knows a configuration that Merlina saved by its metadata, and gives it Merlina\'s defaults', () => {
    const dataset = { source: { repo_id: 'a/b' } };
    const saved = readRecipe(JSON.stringify({ output_name: 'a', dataset, _metadata: { schema: 'merlina/training-config' } })).recipe;
    const own = readRecipe(JSON.stringify({ output_name: 'a', dataset })).recipe;
    assert.deepEqual([saved?.dataset.format.format_type, own?.dataset.format.format_type], ['chatml', 'tokenizer']);
  });
});
