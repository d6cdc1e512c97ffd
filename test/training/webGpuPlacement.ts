/** Makes a session of a model's training graph on WebGPU. Prints the type of each node's first input as JSON, and to stderr the runtime's log of where nodes go. */
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { placeAdapter } from '../../src/engine';
import { rewriteForWebGpu } from '../../src/engine/device/forWebGpu';
import { geometryOf } from '../../src/engine/geometryOf';
import { bodyOf, encodeGraph, Graph, type GraphNode } from '../../src/engine/graph';
import { findLoss, lossParameters } from '../../src/engine/losses';
import { makeParameters } from '../../src/engine/makeParameters';
import { buildTrainingGraph } from '../../src/engine/trainingGraph';
import { openReferenceModel } from '../../src/training/parity/referenceModel';

const [name] = process.argv.slice(2);
const { spec, tensors } = await openReferenceModel(path.join(import.meta.dirname, '../fixtures/reference/training/models', name));
const adapter = { rank: 4, alpha: 8, dropout: 0.05, targetModules: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'], modulesToSave: [], useRslora: false, seed: 1 };
const placement = placeAdapter(spec, adapter);
const loss = findLoss('kto');
const { graph } = buildTrainingGraph({
  spec, tensors, placement, loss, parameters: await makeParameters({ spec, tensors, adapter }, placement), lossParameters: lossParameters(loss, {}),
  geometry: geometryOf(loss, { spec, batchRows: 4, maxLength: 64 }), maxLength: 64, dropout: adapter.dropout, hasNoise: true, recomputeLayers: true, withGradients: true, attention: 'segments',
});
rewriteForWebGpu(graph);

// Only the runtime's own log tells which nodes the provider does not take; it goes to stderr.
const session = await InferenceSession.create(encodeGraph(graph), {
  executionProviders: ['webgpu', 'cpu'], graphOptimizationLevel: 'all', logSeverityLevel: 0, logVerbosityLevel: 1,
  extra: { session: { model_external_initializers_file_folder_path: '/', disable_prepacking: '1' } },
});
await session.release();
process.stdout.write(`${JSON.stringify(Object.fromEntries(allNodes(graph).map(({ inputs, outputs }) => [outputs[0].name, inputs[0]?.dtype])))}\n`);

function allNodes(g: Graph): GraphNode[] {
  return g.nodes.flatMap(node => [node, ...allNodes(bodyOf(node) ?? new Graph())]);
}
