import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { generate, IncrementalDecoder, sample } from '../../src/inference';
import { penalised, probabilities } from '../../src/inference/sample';
import { Random } from '../../src/shared/random';
import { DEFAULT_SAMPLING, GREEDY, type SamplingOptions } from '../../src/shared/sampling';

const logits = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 }).map(values => Float32Array.from(values));

/** Of test/fixtures/inference/make.py. */
interface SamplingCase { options: SamplingOptions; seen: number[]; logits: number[]; probabilities: Record<string, number> }

describe('inference/sample', () => {
  it('takes the likeliest token at temperature 0', () => {
    assert.equal(sample(Float32Array.of(1, 3, 2, 3), [], GREEDY, new Random(1)), 1);
  });

  it('keeps the likeliest k, and the fewest that make up p', () => {
    const scores = Float32Array.from([0.5, 0.3, 0.15, 0.05].map(Math.log));
    const ids = (options: object) => probabilities(scores, { ...GREEDY, temperature: 1, ...options }).map(({ id }) => id);
    assert.deepEqual(ids({}), [0, 1, 2, 3]);
    assert.deepEqual(ids({ topK: 2 }), [0, 1]);
    assert.deepEqual(ids({ topP: 0.79 }), [0, 1]);
    assert.deepEqual(ids({ topP: 0.81 }), [0, 1, 2]);
    assert.deepEqual(ids({ topP: 0 }), [0]);
  });

  it('divides positive and multiplies negative logits of tokens seen', () => {
    const options = { ...GREEDY, repetitionPenalty: 2 };
    assert.equal(sample(Float32Array.of(3, 2), [0, 0], options, new Random(1)), 1);
    assert.equal(sample(Float32Array.of(-1, -1.5), [0], options, new Random(1)), 1);
  });

  it('keeps those at least as likely, by a share, as the likeliest', () => {
    const scores = Float32Array.from([0.5, 0.3, 0.15, 0.05].map(Math.log));
    const ids = (minP: number) => probabilities(scores, { ...GREEDY, temperature: 1, minP }).map(({ id }) => id);
    assert.deepEqual(ids(0.29), [0, 1, 2]);
    assert.deepEqual(ids(0.31), [0, 1]);
    assert.deepEqual(ids(1), [0]);
  });

  it('leaves what the processors of transformers leave, with their probabilities', () => {
    const { cases } = JSON.parse(readFileSync(new URL('../fixtures/inference/sampling.json', import.meta.url), 'utf8')) as { cases: SamplingCase[] };
    assert.ok(cases.length > 20);
    for (const { options, seen, logits: given, probabilities: theirs } of cases) {
      const kept = probabilities(penalised(Float32Array.from(given), seen, options.repetitionPenalty), options);
      const total = kept.reduce((sum, { probability }) => sum + probability, 0);
      assert.deepEqual(kept.map(({ id }) => String(id)).sort(), Object.keys(theirs).sort(), JSON.stringify(options));
      for (const { id, probability } of kept) assert.ok(Math.abs(probability / total - theirs[id]) < 1e-5, `${JSON.stringify(options)}: ${id}`);
    }
  });

  it('draws by probability', () => {
    const scores = Float32Array.from([0.7, 0.2, 0.1].map(Math.log));
    const random = new Random(5);
    const counts = [0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[sample(scores, [], { ...GREEDY, temperature: 1 }, random)]!++;
    counts.forEach((count, i) => assert.ok(Math.abs(count / 20_000 - Math.exp(scores[i]!)) < 0.015, String(counts)));
  });

  it('always draws a token of the vocabulary, the same for the same seed', () => {
    fc.assert(fc.property(logits, fc.nat(), fc.double({ min: 0.05, max: 5, noNaN: true }), fc.integer({ min: 0, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true }),
      (scores, seed, temperature, topK, topP) => {
        const draw = () => sample(scores, [0], { temperature, topK, topP, minP: 0.05, repetitionPenalty: 1.1 }, new Random(seed));
        const id = draw();
        assert.ok(id >= 0 && id < scores.length);
        assert.equal(draw(), id);
      }));
  });
});

/** One token a byte, as a byte-level tokenizer's worst case. */
const BYTES = { decode: (ids: readonly number[]): string => Buffer.from(ids).toString('utf8') };
/** Pieces that begin a word; the first of a text loses its space, as sentence pieces do. */
const WORDS = { decode: (ids: readonly number[]): string => ids.map(id => ` word${id}`).join('').slice(1) };

describe('inference/incrementalDecoder', () => {
  it('never gives out part of a character, and loses nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => {
      const decoder = new IncrementalDecoder(BYTES);
      const pieces = [...Buffer.from(text)].map(byte => decoder.push(byte));
      assert.ok(pieces.every(piece => !piece.includes('\ufffd')));
      assert.equal(pieces.join('') + decoder.end(), text);
    }));
  });

  it('keeps the space before a word', () => {
    const decoder = new IncrementalDecoder(WORDS);
    assert.deepEqual([1, 2, 3].map(id => decoder.push(id)), ['word1', ' word2', ' word3']);
  });

  it('gives out broken bytes only at the end', () => {
    const decoder = new IncrementalDecoder(BYTES);
    assert.equal(decoder.push(0xe2), '');
    assert.equal(decoder.end(), '\ufffd');
    assert.equal(decoder.end(), '');
  });
});

describe('inference/generate', () => {
  /** A model that spells out a text, then stops. */
  const speller = (text: string, stop: number) => {
    const bytes = [...Buffer.from(text), stop];
    const fed: number[] = [];
    return {
      fed,
      next: async (ids: readonly number[]) => {
        fed.push(...ids);
        return Float32Array.from({ length: 257 }, (_, id) => (id === bytes[fed.length - 1] ? 10 : 0));
      },
    };
  };
  const collect = async (text: string, maxNewTokens: number): Promise<string> => {
    let out = '';
    const options = { ...DEFAULT_SAMPLING, temperature: 0, maxNewTokens, seed: 1, stopIds: new Set([256]) };
    for await (const piece of generate(speller(text, 256), BYTES, [65], options)) out += piece;
    return out;
  };

  it('ends at a stop token, which is not part of the answer', async () => {
    assert.equal(await collect('Grüße 🧙', 100), 'Grüße 🧙');
  });

  it('ends at the limit', async () => {
    assert.equal(await collect('abcdef', 3), 'abc');
  });

  it('says how it ended, and after how many tokens', async () => {
    const end = async (maxNewTokens: number, signal?: AbortSignal) => {
      const pieces = generate(speller('abcdef', 256), BYTES, [65], { ...GREEDY, maxNewTokens, seed: 1, stopIds: new Set([256]), ...(signal && { signal }) });
      for (;;) {
        const { done, value } = await pieces.next();
        if (done) return value;
      }
    };
    assert.deepEqual(await end(100), { reason: 'stop', tokens: 6 });
    assert.deepEqual(await end(4), { reason: 'length', tokens: 4 });
    assert.deepEqual(await end(100, AbortSignal.abort()), { reason: 'aborted', tokens: 1 });
  });
});
