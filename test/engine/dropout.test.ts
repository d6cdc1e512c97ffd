import { strict as assert } from 'node:assert';
import { dropoutMask } from '../../src/engine/dropout';
import { encodeGraph, Graph } from '../../src/engine/graph';
import { Session, floats, tensor } from '../../src/engine/session';
import { Random } from '../../src/shared/random';

const TOKENS = 64;
const FEATURES = 96;

async function masks(rate: number, modules: string[], seed: number): Promise<Float32Array[]> {
  const g = new Graph();
  const tokens = ['a', 'b'].map(name => g.input(name, 'int32', ['T', 1]));
  modules.forEach((module, i) => g.output(dropoutMask(g, { tokens: [tokens[0], tokens[1]], rate }, { module, inFeatures: FEATURES, outFeatures: 1, hasBias: false }), `mask${i}`));
  assert.ok(encodeGraph(g).length > 0);
  const session = await Session.create(g, { threads: 1 });
  const random = new Random(seed);
  const bits = () => tensor(Int32Array.from({ length: TOKENS }, () => random.bits() | 0), [TOKENS, 1]);
  const results = await session.run({ a: bits(), b: bits() });
  await session.release();
  return modules.map((_, i) => floats(results, `mask${i}`));
}

/** Share of pairs of entries that are dropped together, over what independence would give; 1 when independent. */
function togetherness(pairs: [number, number][], rate: number): number {
  return pairs.filter(([x, y]) => x === 0 && y === 0).length / pairs.length / rate ** 2;
}

describe('dropout masks', () => {
  for (const rate of [0.05, 0.25, 0.5])
    it(`drop a share of ${rate} and scale the rest up, so that the mean stays 1`, async () => {
      const [mask] = await masks(rate, ['model.layers.0.self_attn.q_proj'], 1);
      const dropped = mask.filter(value => value === 0).length / mask.length;
      assert.ok(Math.abs(dropped - rate) < 4 * Math.sqrt((rate * (1 - rate)) / mask.length), `${dropped}`);
      assert.ok(mask.every(value => value === 0 || Math.abs(value - 1 / (1 - rate)) < 1e-6));
    });

  it('are independent between tokens, features and modules', async () => {
    const rate = 0.3;
    const [one, other] = await masks(rate, ['model.layers.0.self_attn.q_proj', 'model.layers.0.self_attn.k_proj'], 2);
    const at = (mask: Float32Array, token: number, feature: number) => mask[token * FEATURES + feature];
    const grid = Array.from({ length: (TOKENS - 1) * (FEATURES - 1) }, (_, i) => [Math.floor(i / (FEATURES - 1)), i % (FEATURES - 1)]);
    const spread = 5 / Math.sqrt(grid.length) / rate;
    for (const [name, pair] of [
      ['tokens', ([t, f]: number[]) => [at(one, t, f), at(one, t + 1, f)]],
      ['features', ([t, f]: number[]) => [at(one, t, f), at(one, t, f + 1)]],
      ['modules', ([t, f]: number[]) => [at(one, t, f), at(other, t, f)]],
    ] as const) {
      const ratio = togetherness(grid.map(place => pair(place) as [number, number]), rate);
      assert.ok(Math.abs(ratio - 1) < spread, `${name}: ${ratio}`);
    }
  });

  it('are the same for the same bits', async () => {
    assert.deepEqual(await masks(0.2, ['m'], 3), await masks(0.2, ['m'], 3));
  });
});
