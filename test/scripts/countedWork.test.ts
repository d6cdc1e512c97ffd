import assert from 'node:assert/strict';
import path from 'node:path';
import { linearModules } from '../../src/shared/decoderSpec';
import { openReferenceModel } from '../../src/training/parity/referenceModel';
import { countedWork } from '../bench/countedWork';
import { chosenSettings, settings } from '../bench/settings';

describe('bench', () => {
  it('counts what the mathematics of a pair needs: weights a token, a head entry a visible pair, the head a label', async () => {
    const { spec } = await openReferenceModel(path.join(import.meta.dirname, '../fixtures/reference/training/models/llama'));
    let visible = 0;
    for (let i = 0; i < 4; i++) visible += i + 1; // prompt
    for (let i = 0; i < 3; i++) visible += 4 + i + 1; // chosen, after the prompt
    for (let i = 0; i < 2; i++) visible += 4 + i + 1; // rejected
    const weights = linearModules(spec).reduce((sum, ref) => sum + 4 * ref.inFeatures * ref.outFeatures + 6 * 8 * (ref.inFeatures + ref.outFeatures), 0);
    const expected = 9 * weights + visible * 12 * spec.headCount * spec.headSize * spec.layers.length + 8 * 4 * spec.hiddenSize * spec.vocabSize;
    assert.equal(countedWork(spec, 8, { prompt: 4, chosen: 3, rejected: 2 }), expected);
  });

  it('takes settings by name, all where none is named, and refuses one that is none', () => {
    assert.equal(chosenSettings([]).length, settings.length);
    assert.deepEqual(chosenSettings(['trl-float32', 'float32']).map(({ name }) => name), ['float32', 'trl-float32']);
    assert.throws(() => chosenSettings(['fast']), /^Error: --only fast: there is float32, /);
  });
});
