import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { defineOp, Tape, type Example, type ExampleInput, type Op } from '../../src/engine/autodiff';
import { add, addDims, checkGraph, encodeGraph, Graph, mul, sumAll, type DType, type Shape, type Value } from '../../src/engine/graph';
import * as everything from '../../src/engine/ops';
import { attentionMasks, attentionOp, blockAttentionOp, ops, projectionsOp, relativeMask, splitColumnsOp } from '../../src/engine/ops';
import { BLOCK_COLUMNS, blockTable } from '../../src/engine/batch';
import { interpret, type NdArray } from './interpreter';

/** Of central differences; in float64 it leaves an error of about 1e-10. */
const STEP = 1e-5;
/** Constants of a graph are rounded to float32, so a gradient and its function may differ by some 1e-7. */
const EXACT = 1e-6;
const SAME = 1e-12;
const FLOAT32 = 1e-5;

describe('engine/ops', () => {
  it('lists every op there is, under names of their own', () => {
    const exported = Object.values<unknown>(everything).filter((value): value is Op<unknown> => typeof value === 'object' && value !== null && 'vjp' in value);
    assert.deepEqual(exported.map(op => op.name).sort(), ops.map(op => op.name).sort());
    assert.equal(new Set(ops.map(op => op.name)).size, ops.length);
  });

  for (const op of ops) {
    it(`${op.name} has an example`, () => assert.ok(op.examples.length > 0));

    op.examples.forEach((example, i) => {
      const feeds = randomFeeds(op, example, 1000 + i);
      const free = example.inputs.flatMap((input, at) => 'values' in input ? [] : [at]);

      it(`${op.name} ${i}: gradients are those of central differences`, () => {
        assert.ok(free.length > 0);
        const results = interpret(project(op, example, free), feeds);
        const forward = project(op, example, []);
        for (const at of free) near(results[`dx${at}`].data, differences(forward, feeds, `x${at}`), EXACT, `dx${at}`);
      });

      it(`${op.name} ${i}: a gradient is the same wanted alone or with others`, () => {
        const together = interpret(project(op, example, free), feeds);
        for (const at of free) near(interpret(project(op, example, [at]), feeds)[`dx${at}`].data, together[`dx${at}`].data, SAME, `dx${at}`);
      });

      it(`${op.name} ${i}: onnxruntime computes what float64 does`, async () => {
        const graph = project(op, example, free);
        const actual = await runFloat32(graph, feeds);
        for (const [name, { shape, data }] of Object.entries(interpret(graph, feeds))) {
          assert.deepEqual(actual[name].dims, shape, name);
          near(actual[name].data, data, FLOAT32, name);
        }
      });
    });
  }

  for (const op of [splitColumnsOp, projectionsOp] as Op<unknown>[])
    it(`${op.name} counts a part that nobody uses as zeros`, () => {
      const example = op.examples.at(-1)!;
      const feeds = randomFeeds(op, example, 5);
      for (const used of [[0], [1], [0, 2]]) {
        const { dx0 } = interpret(project(op, example, [0], { used }), feeds);
        near(dx0.data, differences(project(op, example, [], { used }), feeds, 'x0'), EXACT, 'dx0');
      }
    });

  it('attention masks let a query see its own and its parent\'s past, within the window', () => {
    // segments a a | b b (after a) | c; "0" is seen, "-" is hidden; a row a query, a column a key
    const masks = (window: number | null) => interpret(maskGraph(window), { positions: array([1, 5], [0, 1, 2, 3, 0]), lengths: array([3], [2, 2, 1]) });
    const drawn = (window: number | null) => Object.values(masks(window)).map(({ shape, data }) =>
      Array.from({ length: shape[0] }, (_, row) => [...data.slice(row * shape[1], (row + 1) * shape[1])].map(entry => entry === 0 ? '0' : '-').join('')).join(' '));
    assert.deepEqual(drawn(null), ['0- 00', '000- 0000', '0']);
    assert.deepEqual(drawn(3), ['0- 00', '000- -000', '0']);
    assert.deepEqual(drawn(1), ['0- -0', '--0- ---0', '0']);
  });

  it('attention of a pair that shares its prompt is that of each response with its own', () => {
    const random = randomNumbers(9);
    const [q, k, v, dy] = [6, 3, 3, 6].map(width => Array.from({ length: 8 }, () => Array.from({ length: width }, () => random() - 0.5)));
    const run = (rows: number[], segments: number[], parents: (number | null)[], positions: number[], answers: (row: number) => boolean) => {
      const take = (from: number[][], kept = (_row: number) => true) => array([rows.length, from[0].length], rows.flatMap(row => from[row].map(entry => kept(row) ? entry : 0)));
      const results = interpret(attentionGraph(segments, parents),
        { q: take(q), k: take(k), v: take(v), dy: take(dy, answers), lengths: array([segments.length], segments), positions: array([1, rows.length], positions) });
      return (name: string, row: number) => rows.includes(row) ? [...results[name].data.slice(rows.indexOf(row) * results[name].shape[1], (rows.indexOf(row) + 1) * results[name].shape[1])] : undefined;
    };
    const shared = run([0, 1, 2, 3, 4, 5, 6, 7], [3, 2, 3], [null, 0, 0], [0, 1, 2, 3, 4, 3, 4, 5], () => true);
    // The prompt's own outputs answer once, in the first sequence.
    const first = run([0, 1, 2, 3, 4], [5], [null], [0, 1, 2, 3, 4], () => true);
    const second = run([0, 1, 2, 5, 6, 7], [6], [null], [0, 1, 2, 3, 4, 5], row => row > 2);
    for (let row = 0; row < 8; row++) {
      near(shared('y', row)!, Float64Array.from((first('y', row) ?? second('y', row))!), SAME, `y of ${row}`);
      for (const name of ['dq', 'dk', 'dv']) {
        const parts = [first(name, row), second(name, row)].filter(part => part !== undefined);
        near(shared(name, row)!, Float64Array.from(parts[0], (_, i) => parts.reduce((sum, part) => sum + part[i], 0)), SAME, `${name} of ${row}`);
      }
    }
  });

  it('attention in blocks gives what attention by segments gives, however large a block is', () => {
    const attributes = { heads: 2, kvHeads: 1, headSize: 3, scale: 0.6, softcap: null };
    const [segments, parents, positions] = [[3, 2, 4, 1], [null, 0, 0, null], [0, 1, 2, 3, 4, 3, 4, 5, 6, 0]];
    const random = randomNumbers(4);
    const filled = (width: number) => array([10, width], Array.from({ length: 10 * width }, () => random() - 0.5));
    const feeds = { q: filled(6), k: filled(3), v: filled(3), dy: filled(6), lengths: array([4], segments), positions: array([1, 10], positions) };
    const expected = interpret(attentionGraph(segments, parents), feeds);
    for (const most of [1, 2, 3, 100]) {
      const graph = new Graph();
      const tape = new Tape(graph);
      const inputs = ['q', 'k', 'v'].map(name => tape.watch(graph.input(name, 'float32', [10, name === 'q' ? 6 : 3])));
      const table = Array.from(blockTable(segments, parents, most), Number);
      const blocks = graph.input('blocks', 'int64', ['blocks', BLOCK_COLUMNS]);
      const y = tape.apply(blockAttentionOp, [...inputs, relativeMask(graph, inputs[0], null), blocks], attributes);
      graph.output(y, 'y');
      tape.gradients(y, graph.input('dy', 'float32', y.shape), inputs).forEach((gradient, i) => graph.output(gradient!, ['dq', 'dk', 'dv'][i]));
      checkGraph(graph);
      const results = interpret(graph, { ...feeds, blocks: array([table.length / BLOCK_COLUMNS, BLOCK_COLUMNS], table) });
      for (const name of ['y', 'dq', 'dk', 'dv']) near(results[name].data, expected[name].data, SAME, `${name} with blocks of ${most}`);
    }
  });

  it('attention over named segments gives what it gives over numbers', () => {
    for (const example of attentionOp.examples) {
      const { segments, parents } = example.attributes;
      const names = segments.map((_, s) => `segment${s}`);
      const masks = parents.map((parent, s): Shape => [names[s], parent === null ? names[s] : addDims(names[parent], names[s])]);
      const tokens = example.inputs.slice(0, 3).map(({ shape }): Shape => [addDims(...names), shape[1]]);
      const named = project(attentionOp, { ...example, attributes: { ...example.attributes, segments: names } }, [0, 1, 2], { shapes: [...tokens, [segments.length], ...masks] });
      const feeds = randomFeeds(attentionOp, example, 6);
      assert.deepEqual(interpret(named, feeds), interpret(project(attentionOp, example, [0, 1, 2]), feeds));
    }
  });
});

/** Masks of the tree a a | b b after a | c. */
function maskGraph(window: number | null): Graph {
  const graph = new Graph();
  const segments = [2, 2, 1];
  const [positions, lengths] = [graph.input('positions', 'int64', [1, addDims(...segments)]), graph.input('lengths', 'int64', [3])];
  attentionMasks(graph, positions, lengths, { segments, parents: [null, 0, null] }, window).forEach((mask, s) => graph.output(mask, `mask${s}`));
  return graph;
}

/** Two query heads of size 3 that share a key head, and the gradients of q, k and v for `dy`. */
function attentionGraph(segments: number[], parents: (number | null)[]): Graph {
  const graph = new Graph();
  const tape = new Tape(graph);
  const tokens = addDims(...segments);
  const inputs = ['q', 'k', 'v'].map(name => tape.watch(graph.input(name, 'float32', [tokens, name === 'q' ? 6 : 3])));
  const [lengths, positions] = [graph.input('lengths', 'int64', [segments.length]), graph.input('positions', 'int64', [1, tokens])];
  const attributes = { segments, parents, heads: 2, kvHeads: 1, headSize: 3, scale: 0.6, softcap: null };
  const y = tape.apply(attentionOp, [...inputs, lengths, ...attentionMasks(graph, positions, lengths, attributes, null)], attributes);
  graph.output(y, 'y');
  tape.gradients(y, graph.input('dy', 'float32', y.shape), inputs).forEach((gradient, i) => graph.output(gradient!, ['dq', 'dk', 'dv'][i]));
  return graph;
}

function array(shape: number[], entries: number[]): NdArray { return { shape, data: Float64Array.from(entries) }; }

/** Σ weights · outputs → scalar, so that every output has a gradient of its own. */
const projectOp = defineOp<readonly Value[]>({
  name: 'project',
  forward: (g, ys, weights) => ({ outputs: [ys.map((y, i) => sumAll(g, mul(g, y, weights[i]))).reduce((a, b) => add(g, a, b))] }),
  vjp: (g, { attributes: weights }, [dy]) => weights.map(weight => mul(g, weight, dy!)),
  examples: [],
});

/** The op of an example as a graph: inputs x…, weights w…, outputs y…, the projection of those `used` as `loss`, and dx… for the `wanted` inputs. */
function project<A>(op: Op<A>, example: Example<A>, wanted: readonly number[], { used, shapes }: { used?: number[]; shapes?: Shape[] } = {}): Graph {
  const graph = new Graph();
  const tape = new Tape(graph);
  const inputs = example.inputs.map((input, at) => graph.input(`x${at}`, dtypeOf(input), shapes?.[at] ?? input.shape));
  wanted.forEach(at => tape.watch(inputs[at]));
  const all = tape.applyAll(op, inputs, example.attributes);
  all.forEach((y, i) => graph.output(y, `y${i}`));
  const ys = used ? used.map(i => all[i]) : all;
  const loss = tape.apply(projectOp, ys, ys.map(y => graph.input(`w${all.indexOf(y)}`, y.dtype, y.shape)));
  graph.output(loss, 'loss');
  const gradients = tape.gradients(loss, graph.scalar(1), wanted.map(at => inputs[at]));
  wanted.forEach((at, i) => {
    const gradient = gradients[i];
    assert.ok(gradient, `input ${at} has no gradient`);
    assert.deepEqual(gradient.shape, inputs[at].shape);
    graph.output(gradient, `dx${at}`);
  });
  checkGraph(graph);
  return graph;
}

/** Numbers for the inputs x… and the weights w…, such as float32 can hold. */
function randomFeeds<A>(op: Op<A>, { inputs, attributes }: Example<A>, seed: number): Record<string, NdArray> {
  const random = randomNumbers(seed);
  const filled = (shape: readonly number[], low = -1, high = 1): NdArray =>
    ({ shape, data: Float64Array.from({ length: shape.reduce((n, size) => n * size, 1) }, () => Math.fround(low + (high - low) * random())) });
  const graph = new Graph();
  const { outputs } = op.forward(graph, inputs.map((input, at) => graph.input(`x${at}`, dtypeOf(input), input.shape)), attributes, inputs.map(() => false));
  return Object.fromEntries([
    ...inputs.map((input, at) => [`x${at}`, 'values' in input ? { shape: input.shape, data: Float64Array.from(input.values, Math.fround) } : filled(input.shape, input.low, input.high)]),
    ...outputs.map(({ shape }, i) => [`w${i}`, filled(shape.map(Number))]),
  ]) as Record<string, NdArray>;
}

/** d(loss)/d(feed), entry by entry. */
function differences(graph: Graph, feeds: Record<string, NdArray>, name: string): Float64Array {
  const { shape, data } = feeds[name];
  const lossAt = (i: number, moved: number) => interpret(graph, { ...feeds, [name]: { shape, data: data.with(i, data[i] + moved) } }).loss.data[0];
  return data.map((_, i) => (lossAt(i, STEP) - lossAt(i, -STEP)) / (2 * STEP));
}

async function runFloat32(graph: Graph, feeds: Record<string, NdArray>): Promise<Record<string, { dims: readonly number[]; data: Float32Array }>> {
  const session = await InferenceSession.create(encodeGraph(graph), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const results = await session.run(Object.fromEntries(graph.inputs.map(({ name, dtype }) => {
    const { shape, data } = feeds[name];
    return [name, dtype === 'int64' ? new Tensor('int64', BigInt64Array.from(data, BigInt), shape) : new Tensor('float32', Float32Array.from(data), shape)];
  })));
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }]));
}

function dtypeOf(input: ExampleInput): DType { return 'values' in input ? input.dtype ?? 'float32' : 'float32'; }

/** Differences are measured against the largest entry. */
function near(actual: ArrayLike<number>, expected: Float64Array, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const scale = expected.reduce((most, entry) => Math.max(most, Math.abs(entry)), 1e-30);
  expected.forEach((entry, i) => assert.ok(Math.abs(actual[i] - entry) <= tolerance * scale, `${what}[${i}]: ${actual[i]}, not ${entry} (largest ${scale})`));
}

/** Park and Miller's generator: from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
