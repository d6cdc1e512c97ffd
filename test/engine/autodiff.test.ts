import assert from 'node:assert/strict';
import { defineOp, Tape, type Op } from '../../src/engine/autodiff';
import { checkGraph, dropUnused, Graph, mul, type GraphNode, type Value } from '../../src/engine/graph';
import { addOp, linearOp, mulOp, rmsNormOp, sigmoidOp, squareOp, splitColumnsOp, weightedSumOp } from '../../src/engine/ops';
import { interpret, type NdArray } from './interpreter';

describe('engine/autodiff', () => {
  it('sums the gradients of a value used twice', () => {
    const { x, tape, sum } = start();
    // Σ(x² + x·x + x): 2x + 2x + 1
    const loss = sum(tape.apply(addOp, [tape.apply(addOp, [tape.apply(squareOp, [x], null), tape.apply(mulOp, [x, x], null)], null), x], null));
    assert.deepEqual(gradientsOf(tape, loss, [x]), [[5, -7, 3]]);
  });

  it('gives no gradient to a value the loss does not depend on, nor to one that was not watched', () => {
    const { g, x, tape, sum } = start();
    const other = tape.watch(g.input('other', 'float32', [3]));
    const constant = g.input('constant', 'float32', [3]);
    tape.apply(squareOp, [other], null);
    const loss = sum(tape.apply(mulOp, [x, constant], null));
    const nodes = g.nodes.length;
    const [dx, dOther, dConstant] = tape.gradients(loss, g.scalar(1), [x, other, constant]);
    assert.ok(dx);
    assert.equal(dOther, undefined);
    assert.equal(dConstant, undefined);
    // The product with the constant, and the seed spread over the sum: nothing for the square.
    assert.deepEqual(g.nodes.slice(nodes).map(({ op }) => op), ['Mul', 'Mul']);
  });

  it('records nothing where no input is watched', () => {
    const { g, tape, sum } = start();
    const free = g.input('free', 'float32', [3]);
    const loss = sum(tape.apply(squareOp, [free], null));
    assert.equal(tape.tracks(loss), false);
    const nodes = g.nodes.length;
    assert.deepEqual(tape.gradients(loss, g.scalar(1), [free]), [undefined]);
    assert.equal(g.nodes.length, nodes);
  });

  it('scales every gradient by the seed', () => {
    const { g, x, tape, sum } = start();
    const loss = sum(tape.apply(squareOp, [x], null));
    const [dx] = tape.gradients(loss, g.scalar(0.5), [x]);
    assert.deepEqual(evaluate(g, [dx!]), [[1, -2, 0.5]]);
  });

  it('walks through several outputs, some of them unused', () => {
    const { g, tape, sum } = start();
    const wide = tape.watch(g.input('wide', 'float32', [1, 3]));
    const [, middle] = tape.applyAll(splitColumnsOp, [wide], { sizes: [1, 1, 1] });
    const loss = sum(tape.apply(squareOp, [middle], null), [1, 1]);
    const [dWide] = tape.gradients(loss, g.scalar(1), [wide]);
    assert.deepEqual(evaluate(g, [dWide!], { wide: { shape: [1, 3], data: Float64Array.of(5, 3, 7) } }), [[0, 6, 0]]);
  });

  it('refuses a vjp that gives too few or too many gradients', () => {
    for (const count of [0, 1, 3]) {
      const op = defineOp<null>({
        name: 'broken',
        forward: (g, [a, b]) => ({ outputs: [mul(g, a, b)] }),
        vjp: (_g, _call, [dy]) => Array.from({ length: count }, () => dy),
        examples: [],
      });
      const { g, x, tape } = start();
      const y = tape.apply(op, [x, x], null);
      assert.throws(() => tape.gradients(y, y, [x]), { message: `broken: vjp gave ${count} gradients for 2 inputs` });
      assert.ok(g.nodes.length > 0);
    }
  });

  it('refuses a gradient of another shape than its value', () => {
    const { g, x, tape } = start();
    const row = tape.watch(g.input('row', 'float32', [1]));
    const y = tape.apply(mulOp, [x, row], null);
    assert.throws(() => tape.gradients(y, y, [row]), { message: /^mul: the gradient of input 1 has another shape \(row float32\[1\], .* float32\[3\]\)$/ });
  });

  it('refuses an op that hands on its input', () => {
    const op = defineOp<null>({ name: 'same', forward: (_g, [a]) => ({ outputs: [a] }), vjp: (_g, _call, [dy]) => [dy], examples: [] });
    const { x, tape } = start();
    assert.throws(() => tape.apply(op, [x], null), { message: 'same: an input came out as output; its gradient would be counted twice' });
  });
});

describe('engine/autodiff recompute', () => {
  it('gives the loss and the gradients of the graph without it', () => {
    const plain = network((_tape, x, body) => body(_tape, x));
    const again = network((tape, x, body) => tape.recompute(x, body));
    const nested = network((tape, x, body) => tape.recompute(x, (inner, y) => inner.recompute(y, body)));
    const expected = plain.evaluate();
    assert.equal(expected.length, 4);
    assert.deepEqual(again.evaluate(), expected);
    assert.deepEqual(nested.evaluate(), expected);
  });

  it('waits with every recomputed node for the incoming gradient', () => {
    const { graph, seed } = network((tape, x, body) => tape.recompute(x, body));
    const rebuilt = graph.nodes.filter(node => node.outputs[0].name.startsWith('recompute/'));
    const forward = graph.nodes.filter(node => node.outputs[0].name.startsWith('layer'));
    assert.equal(rebuilt.length, forward.length);
    assert.deepEqual(rebuilt.filter(node => !ancestors(graph, node.outputs[0]).has(seed)), []);
  });

  it('keeps nothing of a layer but its input: the backward reads no value of the first run', () => {
    const { graph, seed, outputs } = network((tape, x, body) => tape.recompute(x, body));
    const inside = new Set(graph.nodes.filter(node => node.outputs[0].name.startsWith('layer')).flatMap(node => node.outputs));
    const backward = graph.nodes.filter(node => ancestors(graph, node.outputs[0]).has(seed));
    const read = new Set(backward.flatMap(node => node.inputs).filter(value => inside.has(value)));
    assert.deepEqual(read, new Set(outputs.slice(0, -1)), 'only the inputs of later layers');
  });

  it('lets gradients reach values the body closes over, its input being watched or not', () => {
    const { g, x, tape, sum } = start();
    const w = tape.watch(g.input('w', 'float32', [3]));
    const unwatched = g.input('unwatched', 'float32', [3]);
    const y = tape.recompute(unwatched, (inner, input) => inner.apply(mulOp, [input, inner.apply(squareOp, [inner.apply(mulOp, [w, x], null)], null)], null));
    const of = tape.gradients(sum(y), g.scalar(1), [w, x, unwatched]);
    assert.equal(of[2], undefined);
    // d/dw u·(wx)² = 2uwx², d/dx = 2uw²x, at x = [1, -2, 0.5], w = u = [2, 3, 4]
    const numbers = { shape: [3], data: Float64Array.of(2, 3, 4) };
    assert.deepEqual(evaluate(g, [of[0]!, of[1]!], { w: numbers, unwatched: numbers }), [[8, 72, 8], [16, -108, 64]]);
  });

  it('adds no node where the loss does not depend on the body, or nothing in it is watched', () => {
    const { g, x, tape, sum } = start();
    tape.recompute(x, (inner, input) => inner.apply(squareOp, [input], null));
    const free = tape.recompute(g.input('free', 'float32', [3]), (inner, input) => inner.apply(squareOp, [input], null));
    const loss = sum(tape.apply(mulOp, [x, free], null));
    tape.gradients(loss, g.scalar(1), [x]);
    assert.deepEqual(g.nodes.filter(node => node.outputs[0].name.startsWith('recompute')), []);
  });
});

describe('engine/autodiff transient', () => {
  /** Σ (σ(x)²)², where σ(x) and its square are transient. */
  const build = (apply: (tape: Tape) => <A>(op: Op<A>, inputs: readonly Value[], attributes: A) => Value) => {
    const { g, x, tape, sum } = start();
    const a = apply(tape)(sigmoidOp, [x], null);
    const b = apply(tape)(squareOp, [a], null);
    const loss = sum(tape.apply(squareOp, [b], null));
    const seed = g.input('seed', 'float32', []);
    const [dx] = tape.gradients(loss, seed, [x]);
    return { g, a, b, dx: dx!, seed };
  };
  const kept = () => build(tape => (op, inputs, attributes) => tape.apply(op, inputs, attributes));
  const made = () => build(tape => (op, inputs, attributes) => tape.applyTransient(op, inputs, attributes));

  it('gives the gradients of the graph that keeps all', () => {
    const feeds = { seed: { shape: [], data: Float64Array.of(1) } };
    const [plain, again] = [kept(), made()];
    assert.deepEqual(evaluate(again.g, [again.dx], feeds), evaluate(plain.g, [plain.dx], feeds));
  });

  it('makes again, after the incoming gradient, each value that the backward reads, once', () => {
    const { g, b, seed } = made();
    const backward = g.nodes.filter(node => ancestors(g, node.outputs[0]).has(seed));
    assert.ok(!backward.some(node => node.inputs.includes(b)));
    assert.equal(backward.filter(({ op }) => op === 'Sigmoid').length, 1);
  });

  it('drops what nothing reads', () => {
    const { g, x } = start();
    g.output(mul(g, x, x), 'y');
    mul(g, mul(g, x, x), x);
    dropUnused(g);
    assert.deepEqual(g.nodes.map(({ op }) => op), ['Mul', 'Identity']);
  });
});

const X: NdArray = { shape: [3], data: Float64Array.of(1, -2, 0.5) };

function start() {
  const g = new Graph();
  const tape = new Tape(g);
  const x = tape.watch(g.input('x', 'float32', X.shape));
  const sum = (y: Value, shape: number[] = [3]) => tape.apply(weightedSumOp, [y, g.constant(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape)], null);
  return { g, tape, x, sum };
}

function gradientsOf(tape: Tape, loss: Value, of: Value[]): number[][] {
  return evaluate(tape.graph, tape.gradients(loss, tape.graph.scalar(1), of).map(gradient => gradient!));
}

function evaluate(graph: Graph, values: Value[], feeds: Record<string, NdArray> = {}): number[][] {
  const names = values.map((value, i) => graph.output(value, `result ${i}`).name);
  checkGraph(graph);
  const results = interpret(graph, { x: X, ...feeds });
  return names.map(name => [...results[name].data]);
}

type Layer = (tape: Tape, x: Value) => Value;

/** Three residual layers x + σ(norm(x)·Wᵀ) over x [2,3], one W for all; `run` decides how a layer is run. */
function network(run: (tape: Tape, x: Value, layer: Layer) => Value) {
  const graph = new Graph();
  const tape = new Tape(graph);
  const feeds: Record<string, NdArray> = {};
  const input = (name: string, shape: number[]) => {
    feeds[name] = { shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(name.charCodeAt(0) + 2.5 * i)) };
    return graph.input(name, 'float32', shape);
  };
  const [x, w, scale, weights, seed] = [tape.watch(input('x', [2, 3])), tape.watch(input('w', [3, 3])), tape.watch(input('scale', [3])), input('weights', [2, 3]), input('seed', [])];
  const outputs: Value[] = [];
  const layer: Layer = (inner, hidden) => inner.graph.scoped(`layer${outputs.length}`, () => {
    const normed = inner.apply(rmsNormOp, [hidden, scale], { epsilon: 1e-5 });
    return inner.apply(addOp, [hidden, inner.apply(sigmoidOp, [inner.apply(linearOp, [normed, w], { hasBias: false, adapter: null })], null)], null);
  });
  let hidden = x;
  for (let i = 0; i < 3; i++) outputs.push(hidden = run(tape, hidden, layer));
  const loss = tape.apply(weightedSumOp, [hidden, weights], null);
  const gradients = tape.gradients(loss, seed, [x, w, scale]).map(gradient => gradient!);
  [loss, ...gradients].forEach((value, i) => graph.output(value, `result ${i}`));
  checkGraph(graph);
  return { graph, seed, outputs, evaluate: () => Object.values(interpret(graph, feeds)).map(({ data }) => [...data]) };
}

/** Every value that a value is made from, itself included. */
function ancestors(graph: Graph, value: Value): Set<Value> {
  const makers = new Map<Value, GraphNode>(graph.nodes.flatMap(node => node.outputs.map(output => [output, node] as const)));
  const found = new Set<Value>();
  const open = [value];
  for (let next = open.pop(); next; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...makers.get(next)?.inputs ?? []);
  }
  return found;
}
