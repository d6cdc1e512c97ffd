import { strict as assert } from 'node:assert';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { dropoutMask } from '../../src/engine/dropout';
import { addDims, batchedMatmul, encodeGraph, exp, Graph, logSoftmax, rmsNormalise, scatterAddRows, silu, split, type Value } from '../../src/engine/graph';
import { visibility } from '../../src/engine/ops';
import { rewriteForWebGpu } from '../../src/engine/device/forWebGpu';
import { Random } from '../../src/shared/random';

type Feeds = Record<string, Tensor>;

const random = new Random(4);
const floats = (...shape: number[]) => new Tensor('float32', Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape);
const integers = (...values: number[]) => new Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);

/** The same nodes as made and as rewritten, both on the CPU. */
async function both(build: (g: Graph) => Value[], feeds: Feeds): Promise<{ made: Float32Array[]; rewritten: Float32Array[]; ops: string[] }> {
  const run = async (g: Graph) => {
    const session = await InferenceSession.create(encodeGraph(g), { graphOptimizationLevel: 'disabled', intraOpNumThreads: 1 });
    const results = await session.run(feeds);
    return g.outputs.map(({ name }) => results[name].data as Float32Array);
  };
  const graphs = [new Graph(), new Graph()];
  for (const g of graphs) for (const value of build(g)) g.output(value);
  rewriteForWebGpu(graphs[1]);
  return { made: await run(graphs[0]), rewritten: await run(graphs[1]), ops: graphs[1].nodes.map(({ op }) => op) };
}

function assertClose({ made, rewritten }: { made: Float32Array[]; rewritten: Float32Array[] }): void {
  made.forEach((want, i) => {
    const largest = Math.max(...want.map(Math.abs));
    assert.equal(rewritten[i].length, want.length);
    rewritten[i].forEach((value, at) => assert.ok(Math.abs(value - want[at]) <= 1e-5 * largest, `${value} and ${want[at]}`));
  });
}

describe('a graph rewritten for WebGPU', () => {
  const matrices = { a: floats(2, 3, 4), b: floats(2, 5, 4), c: floats(2, 3, 5) };

  it('multiplies batches without the fused product, turned and with a factor', async () => {
    const result = await both(g => {
      const [a, b, c] = [g.input('a', 'float32', [2, 'T', 4]), g.input('b', 'float32', [2, 'S', 4]), g.input('c', 'float32', [2, 'T', 'S'])];
      return [batchedMatmul(g, a, b, { transB: true, alpha: 0.5 }), batchedMatmul(g, c, b, { alpha: 3 }), batchedMatmul(g, c, a, { transA: true })];
    }, matrices);
    assertClose(result);
    assert.ok(!result.ops.includes('FusedMatMul'));
  });

  it('makes log-probabilities of logits that lie far apart', async () => {
    const x = new Tensor('float32', Float32Array.of(1000, 0, -1000, 3, 2, 1), [2, 3]);
    const result = await both(g => [logSoftmax(g, g.input('x', 'float32', ['N', 3]))], { x });
    assertClose(result);
    assert.ok(!result.ops.includes('LogSoftmax'));
  });

  it('adds rows where they belong, those that meet in the order they come', async () => {
    const feeds = { like: floats(4, 3), at: integers(0, 2, 2, 3, 0), rows: floats(5, 3) };
    const result = await both(g => [scatterAddRows(g, g.input('like', 'float32', ['T', 3]), g.input('at', 'int64', ['N']), g.input('rows', 'float32', ['N', 3]))], feeds);
    assertClose(result);
    assert.ok(!result.ops.includes('ScatterElements') && !result.ops.includes('Expand'));
  });

  it('leaves a scatter into a table of all words as it is', async () => {
    const feeds = { like: floats(4, 3), at: integers(0, 2), rows: floats(2, 3) };
    const result = await both(g => [scatterAddRows(g, g.input('like', 'float32', [4, 3]), g.input('at', 'int64', ['N']), g.input('rows', 'float32', ['N', 3]))], feeds);
    assertClose(result);
    assert.ok(result.ops.includes('ScatterElements'));
  });

  it('computes the statistics of a norm beside it', async () => {
    const result = await both(g => {
      const { y, inverse } = rmsNormalise(g, g.input('x', 'float32', ['T', 6]), g.input('w', 'float32', [6]), 1e-5);
      return [silu(g, y), inverse];
    }, { x: floats(3, 6), w: floats(6) });
    assertClose(result);
  });

  it('cuts into many parts by few at a time', async () => {
    const sizes = [1, 0, 2, 1, 1, 3, 1, 0, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    const names = sizes.map((_, i) => `part${i}`);
    const total = sizes.reduce((a, b) => a + b);
    const result = await both(g => split(g, g.input('x', 'float32', [2, addDims(...names)]), g.input('lengths', 'int64', [sizes.length]), names, 1), { x: floats(2, total), lengths: integers(...sizes) });
    assertClose(result);
    assert.equal(result.made.length, 53);
  });

  it('hides the same keys by positions of 32 bits', async () => {
    const position = (shape: number[]) => new Tensor('int64', BigInt64Array.of(0n, 1n, 2n, 1n, 2n), shape);
    const result = await both(g => [visibility(g, g.input('q', 'int64', ['T', 1]), g.input('k', 'int64', [1, 'T']), 2)], { q: position([5, 1]), k: position([1, 5]) });
    assertClose(result);
  });

  it('drops as many inputs as the rate says, others than the CPU does, without an exclusive or', async () => {
    const bits = () => new Tensor('int32', Int32Array.from({ length: 200 }, () => random.bits() | 0), [200, 1]);
    const { made, rewritten, ops } = await both(g => [dropoutMask(g, {
      tokens: [g.input('first', 'int32', ['T', 1]), g.input('second', 'int32', ['T', 1])], rate: 0.25,
    }, { module: 'layer.q_proj', inFeatures: 300, outFeatures: 1, hasBias: false })], { first: bits(), second: bits() });
    const kept = ([mask]: Float32Array[]) => mask.filter(value => value > 0).length / mask.length;
    // Four standard deviations of 60,000 draws.
    for (const masks of [made, rewritten]) assert.ok(Math.abs(kept(masks) - 0.75) < 0.0071, `${kept(masks)}`);
    // Two tokens, and two inputs, agree as often as chance has it.
    const [mask] = rewritten;
    const agreement = (i: (at: number) => number, j: (at: number) => number, count: number) => Array.from({ length: count }, (_, at) => Number(mask[i(at)] === mask[j(at)])).reduce((a, b) => a + b, 0) / count;
    for (let other = 1; other < 50; other++) {
      assert.ok(Math.abs(agreement(at => at, at => other * 300 + at, 300) - 0.625) < 0.14, `tokens 0 and ${other}`);
      assert.ok(Math.abs(agreement(at => at * 300, at => at * 300 + other, 200) - 0.625) < 0.17, `inputs 0 and ${other}`);
    }
    assert.ok(!ops.includes('BitwiseXor'));
  });

  it('has the body of a loop rewritten too, and keeps what only the body reads', () => {
    const [g, body] = [new Graph(), new Graph()];
    const outside = exp(g, g.input('x', 'float32', [2, 'T']));
    body.output(logSoftmax(body, outside));
    g.output(g.node('Loop', [], { body: { body } as never }, [{ dtype: 'float32', shape: [2, 'T'] }])[0]);
    rewriteForWebGpu(g);
    assert.deepEqual(g.nodes.map(({ op }) => op), ['Exp', 'Loop']);
    assert.deepEqual(body.nodes.map(({ op }) => op), ['ReduceMax', 'Sub', 'Exp', 'ReduceSum', 'Log', 'Sub']);
  });
});
