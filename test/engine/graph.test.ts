import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import onnxProto from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  add, addDims, batchedMatmul, broadcast, cast, checkGraph, concat, encodeGraph, gatherRows, gemm, Graph, less, mul, printGraph, reshape,
  rmsNormalise, rotate, scale, scatterAddRows, ShapeError, silu, softmax, split, splitSizes, sumAll, timesDim, transpose, where, xor, type Value,
} from '../../src/engine/graph';
import { interpret } from './interpreter';

describe('engine/graph dims', () => {
  it('adds numbers up and sorts names, whatever the order', () => {
    assert.equal(addDims(2, 3), 5);
    assert.equal(addDims('T', 0), 'T');
    assert.equal(addDims('b', 2, 'a', 1), 'a+b+3');
    assert.equal(addDims(addDims('b', 1), addDims('a', 2)), addDims('a', 'b', 3));
    assert.equal(addDims(), 0);
  });

  it('multiplies a sum term by term', () => {
    assert.equal(timesDim(3, 4), 12);
    assert.equal(timesDim(1, 'T'), 'T');
    assert.equal(timesDim(3, 'T'), '3(T)');
    assert.equal(timesDim(2, 'a+1'), '2(a)+2');
    assert.equal(timesDim(2, timesDim(3, 'T')), '6(T)');
    assert.equal(timesDim(0, 'T'), 0);
  });

  it('writes equal dimensions equally and others not', () => {
    assert.equal(addDims('T', 'T'), timesDim(2, 'T'));
    assert.notEqual(addDims(timesDim(2, 'a+c'), 'b'), timesDim(2, addDims('a', 'b', 'c')));
  });

  it('broadcasts from the last axis and only where one side is 1', () => {
    assert.deepEqual(broadcast(['T', 4], [4]), ['T', 4]);
    assert.deepEqual(broadcast([3, 1], [1, 'T']), [3, 'T']);
    assert.deepEqual(broadcast([], ['T']), ['T']);
    assert.equal(broadcast(['T'], ['U']), undefined);
    assert.equal(broadcast(['T'], [5]), undefined);
  });
});

describe('engine/graph shapes', () => {
  const f32 = (g: Graph, name: string, ...shape: Value['shape']) => g.input(name, 'float32', shape);
  const refusals: [why: string, build: (g: Graph) => unknown, message: string][] = [
    ['rows that do not broadcast', g => add(g, f32(g, 'a', 'T', 4), f32(g, 'b', 'U', 4)), 'Add: shapes do not broadcast (a float32[T,4], b float32[U,4])'],
    ['types that differ', g => mul(g, f32(g, 'a', 2), g.input('b', 'int64', [2])), 'Mul: types differ (a float32[2], b int64[2])'],
    ['a product over unequal axes', g => gemm(g, f32(g, 'x', 'T', 8), f32(g, 'w', 8, 4), { transB: true }), 'Gemm: inner dimensions differ (x float32[T,8], w float32[8,4])'],
    ['an addend of another shape', g => gemm(g, f32(g, 'x', 'T', 8), f32(g, 'w', 8, 4), { plus: f32(g, 'c', 8) }), 'Gemm: the addend does not fit (x float32[T,8], w float32[8,4], c float32[8])'],
    ['batches that differ', g => batchedMatmul(g, f32(g, 'a', 1, 3, 4), f32(g, 'b', 2, 4, 3)), 'FusedMatMul: batch axes differ (a float32[1,3,4], b float32[2,4,3])'],
    ['a reshape that states another axis', g => reshape(g, f32(g, 'x', 'T', 6), [0, 2, 3], ['U', 2, 3]), 'Reshape: axis 0 is not U (x float32[T,6])'],
    ['an order of too few axes', g => transpose(g, f32(g, 'x', 2, 3, 4), [1, 0]), 'Transpose: order [1,0] does not fit (x float32[2,3,4])'],
    ['parts that differ elsewhere', g => concat(g, [f32(g, 'a', 'T', 3), f32(g, 'b', 'U', 4)], 0), 'Concat: parts differ outside axis 0 (a float32[T,3], b float32[U,4])'],
    ['sizes that do not make up the whole', g => splitSizes(g, f32(g, 'x', 'T', 6), [2, 3], 1), 'Split: sizes 2 + 3 do not make up axis 1 (x float32[T,6])'],
    ['indices that are no numbers', g => gatherRows(g, f32(g, 'x', 4, 3), f32(g, 'i', 2)), 'Gather: needs int64 indices [N] (x float32[4,3], i float32[2])'],
    ['rows of another width', g => scatterAddRows(g, f32(g, 'x', 4, 3), g.input('i', 'int64', [2]), f32(g, 'r', 2, 5)), 'ScatterElements: needs [A,D] and [N,D] (x float32[4,3], r float32[2,5])'],
    ['a condition that is no truth value', g => where(g, f32(g, 'c', 2), f32(g, 'a', 2), f32(g, 'b', 2)), 'Where: does not fit (c float32[2], a float32[2], b float32[2])'],
    ['a norm weight of another size', g => rmsNormalise(g, f32(g, 'x', 'T', 6), f32(g, 'w', 4), 1e-5), 'SimplifiedLayerNormalization: the weight does not fit the last axis (x float32[T,6], w float32[4])'],
    ['angles of other tokens', g => rotate(g, f32(g, 'x', 1, 'T', 8), f32(g, 'cos', 16, 2), f32(g, 'sin', 16, 2)), 'RotaryEmbedding: needs [1,T,heads·E] and angles [T,E/2] (x float32[1,T,8], cos float32[16,2], sin float32[16,2])'],
  ];
  for (const [why, build, message] of refusals)
    it(`refuses ${why}`, () => assert.throws(() => build(new Graph()), (error: unknown) => error instanceof ShapeError && error.message === message));

  it('knows the pieces of a split, and their join, by name', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', ['a+b+2', 3]);
    const parts = split(g, x, g.input('lengths', 'int64', [3]), ['b', 2, 'a'], 0);
    assert.deepEqual(parts.map(({ shape }) => shape), [['b', 3], [2, 3], ['a', 3]]);
    assert.deepEqual(concat(g, parts, 0).shape, x.shape);
  });

  it('refuses a name twice', () => {
    const g = new Graph();
    f32(g, 'x', 2);
    assert.throws(() => f32(g, 'x', 3), { message: 'graph: the name "x" is taken' });
  });

  it('makes equal small constants once, unequal ones and large ones each', () => {
    const g = new Graph();
    assert.equal(g.scalar(0.5), g.scalar(0.5));
    assert.notEqual(g.scalar(1), g.ints(1));
    assert.notEqual(g.scalar(1), g.constant(Float32Array.of(1), [1]));
    assert.notEqual(g.constant(new Float32Array(17), [17]), g.constant(new Float32Array(17), [17]));
  });
});

describe('engine/graph checkGraph', () => {
  it('refuses a value that is used before it is made', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [2]);
    add(g, silu(g, x), x);
    g.nodes.reverse();
    assert.throws(() => checkGraph(g), { message: 'graph: Add → Add reads QuickGelu float32[2], which nothing before it makes' });
  });

  it('refuses a value of another graph', () => {
    const g = new Graph();
    const stranger = new Graph().input('x', 'float32', [2]);
    g.output(silu(g, stranger));
    assert.throws(() => checkGraph(g), { message: 'graph: QuickGelu → QuickGelu reads x float32[2], which nothing before it makes' });
  });

  it('refuses an output that nothing makes', () => {
    const g = new Graph();
    g.output({ name: 'y', dtype: 'float32', shape: [] });
    assert.throws(() => checkGraph(g), { message: 'graph: output y float32[] is made by nothing' });
  });
});

/** softmax(x·wᵀ·2 + 1), summed: every kind of attribute but a string, a constant, two domains, a scope. */
function tinyGraph(): Graph {
  const g = new Graph();
  const x = g.input('x', 'float32', ['T', 3]);
  const w = g.constant(Float32Array.from({ length: 18 }, (_, i) => i / 10), [6, 3], 'w');
  const y = g.scoped('head', () => softmax(g, add(g, gemm(g, x, w, { transB: true, alpha: 2 }), g.scalar(1))));
  g.output(sumAll(g, silu(g, transpose(g, y, [1, 0]))), 'total');
  return g;
}

describe('engine/graph printGraph', () => {
  it('prints a line a node, with types, names of dimensions and attributes', () => assert.equal(printGraph(tinyGraph()), `\
input x float32[T,3]
head/Gemm float32[T,6] = Gemm(x, w) transB=1 alpha=2
head/Add float32[T,6] = Add(head/Gemm, head/const)
head/Softmax float32[T,6] = Softmax(head/Add) axis=-1
Transpose float32[6,T] = Transpose(head/Softmax) perm=[1,0]
QuickGelu float32[6,T] = com.microsoft.QuickGelu(Transpose) alpha=1
ReduceSum float32[] = ReduceSum(QuickGelu) keepdims=0
total float32[] = Identity(ReduceSum)
output total float32[]`));
});

describe('engine/graph encodeGraph', () => {
  it('writes every node, attribute, initializer, input and output', () => {
    const g = tinyGraph();
    g.external('far', 'bfloat16', [2, 2], path.resolve('weights.bin'), 7, 8);
    scatterAddRows(g, g.inputs[0], g.input('rows', 'int64', ['N']), g.input('more', 'float32', ['N', 3]));
    const model = onnxProto.onnx.ModelProto.decode(encodeGraph(g));
    const { node, initializer, input, output } = model.graph!;
    assert.deepEqual(model.opsetImport.map(({ domain, version }) => [domain, Number(version)]), [['', 21], ['com.microsoft', 1]]);
    assert.deepEqual(node!.map(({ opType }) => opType), g.nodes.map(({ op }) => op));
    assert.deepEqual(node!.map(({ domain }) => domain), g.nodes.map(({ domain }) => domain));
    assert.deepEqual(node!.map(each => each.input), g.nodes.map(each => each.inputs.map(({ name }) => name)));
    assert.deepEqual(node!.map(each => each.output), g.nodes.map(each => each.outputs.map(({ name }) => name)));
    assert.deepEqual(node!.map(each => each.attribute!.length), g.nodes.map(({ attributes }) => Object.keys(attributes).length));
    assert.deepEqual(initializer!.map(({ name }) => name), g.initializers.map(({ value }) => value.name));
    assert.deepEqual(input!.map(({ name }) => name), ['x', 'rows', 'more']);
    assert.deepEqual(output!.map(({ name }) => name), ['total']);

    const attributes = new Map(node!.flatMap(({ opType, attribute }) => attribute!.map(each => [`${opType!}.${each.name!}`, each])));
    assert.equal(attributes.get('Gemm.alpha')!.f, 2);
    assert.equal(Number(attributes.get('Softmax.axis')!.i), -1);
    assert.deepEqual(attributes.get('Transpose.perm')!.ints!.map(Number), [1, 0]);
    assert.equal(new TextDecoder().decode(attributes.get('ScatterElements.reduction')!.s!), 'add');
    assert.deepEqual(input![0].type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)), ['T', 3]);

    const far = initializer!.find(({ name }) => name === 'far')!;
    const { root } = path.parse(path.resolve('.'));
    assert.deepEqual(far.externalData!.map(({ key, value }) => [key, value]), [['location', path.relative(root, path.resolve('weights.bin'))], ['offset', '7'], ['length', '8']]);
  });

  it('writes a constant that is a view into a larger buffer', async () => {
    const g = new Graph();
    g.output(scale(g, g.constant(Float32Array.of(9, 1, 2, 9).subarray(1, 3), [2]), 2), 'y');
    const { y } = await run(g, {});
    assert.deepEqual([...y], [2, 4]);
  });
});

describe('engine/graph interpreter', () => {
  it('wraps whole numbers of 32 bits as the runtime does', async () => {
    const g = new Graph();
    const [a, b] = [g.input('a', 'int32', ['T', 1]), g.constant(Int32Array.of(-1640531527, 2 ** 31 - 1, 77), [1, 3])];
    const mixed = add(g, mul(g, xor(g, a, b), g.constant(Int32Array.of(-2048144789), [])), b);
    g.output(cast(g, less(g, mixed, g.constant(Int32Array.of(0), [])), 'float32'), 'negative');
    g.output(mixed, 'mixed');
    const tokens = Int32Array.of(123456789, -5, 0, 2 ** 31 - 1);
    const actual = await run(g, { a: new Tensor('int32', tokens, [4, 1]) });
    const expected = interpret(g, { a: { shape: [4, 1], data: Float64Array.from(tokens) } });
    for (const name of ['negative', 'mixed']) assert.deepEqual([...actual[name]], [...expected[name].data]);
  });

  it('refuses an op it does not know, a missing feed and a shape that was stated wrongly', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [2]);
    g.node('Erf', [x], {}, [{ dtype: 'float32', shape: [2] }], 'com.microsoft');
    const feeds = { x: { shape: [2], data: Float64Array.of(1, 2) } };
    assert.throws(() => interpret(g, feeds), { message: 'interpreter: knows no op "com.microsoft.Erf"' });
    assert.throws(() => interpret(g, {}), { message: 'interpreter: nothing fed for x float32[2]' });
    const wrong = new Graph();
    wrong.node('Neg', [wrong.input('x', 'float32', ['T'])], {}, [{ dtype: 'float32', shape: ['2(T)'] }]);
    assert.throws(() => interpret(wrong, feeds), { message: 'interpreter: Neg float32[2(T)] is [2], 2 numbers' });
  });
});

describe('engine/graph external initializers', () => {
  let folder: string;
  before(async () => { folder = await realpath(await mkdtemp(path.join(tmpdir(), 'merlina-graph-'))); });
  after(() => rm(folder, { recursive: true }));

  const numbers = Float32Array.from({ length: 12 }, (_, i) => (i - 5) / 4);
  const cases: [dtype: 'float32' | 'bfloat16', bytes: Uint8Array][] = [
    ['float32', new Uint8Array(numbers.buffer)],
    // The upper half of each float32; these numbers lose nothing.
    ['bfloat16', new Uint8Array(Uint16Array.from(new Uint32Array(numbers.buffer), bits => bits >>> 16).buffer)],
  ];
  for (const [dtype, bytes] of cases)
    for (const offset of [0, 3, 4097])
      it(`${dtype} weights lie in a file at offset ${offset}, between other bytes`, async () => {
        const file = path.join(folder, `${dtype} ${offset}.bin`);
        await writeFile(file, Buffer.concat([Buffer.alloc(offset, 0xff), bytes, Buffer.alloc(5, 0xff)]));
        const g = new Graph();
        const x = g.input('x', 'float32', ['T', 3]);
        const w = cast(g, g.external('w', dtype, [4, 3], file, offset, bytes.length), 'float32');
        g.output(gemm(g, x, w, { transB: true }), 'y');
        const { y } = await run(g, { x: new Tensor('float32', Float32Array.of(1, 0, 0, 0, 1, 10), [2, 3]) });
        const expected = [0, 1, 2, 3].map(row => numbers.subarray(3 * row, 3 * row + 3));
        assert.deepEqual([...y], [...expected.map(([a]) => a), ...expected.map(([, b, c]) => b + 10 * c)]);
      });
});

async function run(graph: Graph, feeds: Record<string, Tensor>): Promise<Record<string, Float32Array>> {
  checkGraph(graph);
  const { root } = path.parse(tmpdir());
  const session = await InferenceSession.create(encodeGraph(graph), { intraOpNumThreads: 1, extra: { session: { model_external_initializers_file_folder_path: root } } });
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}
