import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeShareCode, encodeShareCode, importMerlinaConfig, makeRecipe, shareCodeParity, shareCodePrefix, shareEnvelope } from '../../src/recipe';
import { ProblemError, renderProblem } from '../../src/shared/problem';
import { recipeArbitrary } from './recipeArbitrary';

const fixture: unknown = JSON.parse(readFileSync('test/fixtures/recipe/sharecode.json', 'utf8'));
const codeOf = (json: string) => shareCodePrefix + gzipSync(json).toString('base64url');
const errorOf = (text: string) => {
  const decoded = decodeShareCode(text);
  return decoded.ok ? undefined : decoded.error;
};

describe('share codes, against Merlina', () => {
  const results = shareCodeParity(fixture);
  it('has cases', () => assert.equal(results.length, 29));
  for (const { name, ok, detail } of results) it(name, () => assert.ok(ok, detail));

  it('reports a difference, and a file that is no fixture', () => {
    const wrong = { valid: [], accepted_variants: [], malformed: [{ id: 'x', error_class: 'empty', text: 'hello' }] };
    assert.deepEqual(shareCodeParity(wrong), [{ name: 'sharecode/malformed/x', ok: false, detail: 'not_a_code, expected empty' }]);
    assert.equal(shareCodeParity({})[0]?.ok, false);
  });
});

describe('share codes', () => {
  it('bring every recipe back', () => {
    fc.assert(fc.property(recipeArbitrary, recipe => {
      const decoded = decodeShareCode(encodeShareCode({ ...recipe }));
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.envelope, JSON.parse(JSON.stringify(recipe)));
    }), { seed: 3, numRuns: 60 });
  });

  it('bring a shared recipe back through the import with the same values', () => {
    // Merlina acts on dataset_name, so importing one changes the dataset; that has a test of its own.
    fc.assert(fc.property(recipeArbitrary.map(recipe => ({ ...recipe, dataset_name: null })), recipe => {
      const decoded = decodeShareCode(encodeShareCode(shareEnvelope(recipe)));
      assert.ok(decoded.ok);
      const { draft, problems } = importMerlinaConfig(decoded.envelope);
      assert.ok(draft, problems.map(renderProblem).join('\n'));
      for (const key of ['learning_rate', 'gradient_checkpointing', 'use_wandb', 'max_steps', 'sample_prompts', 'target_modules', 'dataset'] as const) {
        assert.deepEqual(acted(draft[key]), acted(recipe[key]), key);
      }
    }), { seed: 4, numRuns: 60 });
  });

  it('are ASCII', () => {
    assert.match(encodeShareCode({ system_prompt: 'Köln 🧑‍🚀' }), /^merlina-config-v1:[A-Za-z0-9_=-]+$/);
  });

  it('hold no secret, whoever encodes or encoded them', () => {
    const envelope = { output_name: 'a', hf_token: 'hf_x', nested: [{ wandb_key: 'k', kept: 1 }] };
    for (const code of [encodeShareCode(envelope), codeOf(JSON.stringify(envelope))]) {
      const decoded = decodeShareCode(code);
      assert.deepEqual(decoded.ok && decoded.envelope, { output_name: 'a', nested: [{ kept: 1 }] });
    }
  });

  it('leave out our own keys at their defaults, and keep them otherwise', () => {
    const keys = Object.keys(shareEnvelope(makeRecipe({ output_name: 'a', max_steps: 5 })));
    assert.ok(keys.includes('max_steps') && !keys.includes('save_total_limit') && !keys.includes('backend'));
  });

  it('cannot be so large that Merlina refuses them', () => {
    const noise = Array.from({ length: 60_000 }, (_, place) => Math.sin(place));
    assert.throws(() => encodeShareCode({ noise }), (error: unknown) => error instanceof ProblemError && error.problems[0]?.id === 'share-code/too_large');
  });

  it('are refused when nested without end, whatever the size', () => {
    assert.equal(errorOf(codeOf(`{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}`)), 'too_large');
  });

  it('never throw on any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map(text => shareCodePrefix + text), fc.json()), text => {
      decodeShareCode(text);
    }), { seed: 5, numRuns: 300 });
  });
});

/** Null and absent are the same in a shared configuration. */
function acted(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_, inner: unknown) => inner ?? undefined);
}
