import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutAfterStop, stopsOf, tokenisePair, tokeniseResponse } from '../../src/datasets';
import { duplicateTest } from '../../src/datasets/dedupe';
import type { TextRow } from '../../src/datasets';
import { split } from '../../src/datasets/split';
import { truncate } from '../../src/datasets/truncate';
import { smollm2 } from './helpers';

const stops = stopsOf(smollm2, '<|im_end|>');
const row = (prompt: string, chosen = 'c', rejected = 'r'): TextRow => ({ system: '', history: [], prompt, chosen, rejected, origin: { file: 'f', row: 0 } });
const words = fc.string({ unit: fc.constantFrom('a', ' ', 'hello', '\n', '<|im_end|>', 'é', '😀', '12'), maxLength: 12 });

describe('tokenise', () => {
  it('parts prompt and response so that together they are the text encoded as a whole', () => {
    fc.assert(fc.property(words, words, (prompt, response) => {
      const ids = tokeniseResponse(prompt, `${response}<|im_end|>\n`, smollm2, stops);
      assert.deepEqual([...ids.prompt, ...ids.response], smollm2.encode(`${prompt}${response}<|im_end|>`));
      assert.equal(ids.response.at(-1), smollm2.eos!.id);
    }), { seed: 2, numRuns: 200 });
  });
  it('keeps both texts of a pair whole, whatever melts together where they begin', () => {
    fc.assert(fc.property(words, words, words, (prompt, chosen, rejected) => {
      const ids = tokenisePair({ prompt, chosen: `${chosen}<|im_end|>`, rejected: `${rejected}<|im_end|>` }, smollm2, stops);
      assert.equal(smollm2.decode([...ids.prompt, ...ids.chosen]), `${prompt}${chosen}<|im_end|>`);
      assert.equal(smollm2.decode([...ids.prompt, ...ids.rejected]), `${prompt}${rejected}<|im_end|>`);
    }), { seed: 3, numRuns: 200 });
  });
  it('cuts the cut token before the response where prompt and response melt into one token', () => {
    const { prompt, response } = tokeniseResponse('an hel', 'lo', smollm2, stops);
    assert.deepEqual([smollm2.decode(prompt), smollm2.decode(response)], ['an', ' hello<|im_end|>']);
  });
  it('cuts after the stop token only where nothing but blanks follows', () => {
    assert.equal(cutAfterStop('a<|im_end|>\n', stops), 'a<|im_end|>');
    assert.equal(cutAfterStop('a<|im_end|> b\n', stops), 'a<|im_end|> b\n');
  });
});

describe('truncate', () => {
  const lengths = { maxLength: 10, maxPromptLength: 4, bosId: 0 };
  it('keeps the end of a prompt, its BOS, and the beginning of responses', () => {
    assert.deepEqual(truncate([0, 1, 2, 3, 4, 5], [[6, 7], [6, 7, 8, 9, 10, 11, 12]], lengths),
      { prompt: [0, 3, 4, 5], responses: [[6, 7], [6, 7, 8, 9, 10, 11]], promptGap: { from: 1, to: 3 }, responsesCut: 1, unfit: false });
  });
  it('never exceeds its lengths, and leaves rows that fit alone', () => {
    fc.assert(fc.property(fc.array(fc.nat(9), { maxLength: 20 }), fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (prompt, response, maxLength, maxPromptLength) => {
      const cut = truncate(prompt, [response], { maxLength, maxPromptLength, bosId: 0 });
      if (cut.unfit) assert.ok(Math.min(prompt.length, maxPromptLength) >= maxLength);
      else assert.ok(cut.prompt.length <= maxPromptLength && cut.prompt.length + cut.responses[0]!.length <= maxLength && cut.responses[0]!.length > 0);
      if (prompt.length <= maxPromptLength && prompt.length + response.length <= maxLength) assert.deepEqual([cut.prompt, cut.responses], [prompt, [response]]);
    }), { seed: 4 });
  });
});

describe('dedupe', () => {
  const rows = [row('a', 'x', '1'), row('a', 'x', '2'), row('a', 'y', '1'), row('b', 'x', '1'), row('a', 'x', '1')];
  const kept = { prompt: [0, 3], chosen: [0, 2], prompt_chosen: [0, 2, 3], exact: [0, 1, 2, 3] } as const;
  for (const strategy of ['prompt', 'chosen', 'prompt_chosen', 'exact'] as const) {
    it(`keeps the first of equal rows by ${strategy}`, () => {
      const isDuplicate = duplicateTest(strategy, { threshold: 1, seed: 0 });
      assert.deepEqual(rows.filter(one => !isDuplicate(one)), kept[strategy].map(i => rows[i]!));
    });
  }
});

describe('split', () => {
  it('keeps every row once, no prompt on both sides, and file order', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 30 }), fc.double({ min: 0.01, max: 0.9, noNaN: true }), fc.nat(), fc.boolean(), (prompts, testSize, seed, shuffle) => {
      const rows = prompts.map(prompt => row(prompt));
      const { train, evaluation } = split(rows, one => one.prompt, { testSize, seed, shuffle });
      assert.deepEqual(rows.filter(one => train.includes(one)), train);
      assert.equal(train.length + evaluation.length, rows.length);
      assert.ok(train.length > 0 && evaluation.every(one => train.every(other => other.prompt !== one.prompt)));
    }), { seed: 5 });
  });
});
