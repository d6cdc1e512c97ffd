/** models/NAME: logits with and without adapter, the loss, every LoRA gradient, and greedy decoding, against transformers + PEFT. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createGenerator, createTrainingEngine, type Device, type Generator } from '../../engine';
import { readSafetensors } from '../../models/safetensors';
import type { ParityCase } from '../../shared/parity';
import { largestDifference, largestMagnitude, standardDeviation, Worst } from './agreement';
import { adapterOf, openReferenceModel, readAll, type ReferenceModel } from './referenceModel';

/** Agreement to expect in float32 (the reference's README). */
const TOLERANCE = { logits: 1e-4, gradient: 1e-3, loss: 1e-4 } as const;

type Reference = Awaited<ReturnType<typeof readSafetensors>>;

export async function modelParity(folder: string, device?: Device): Promise<ParityCase> {
  const name = `models/${path.basename(folder)}`;
  const model = await openReferenceModel(folder);
  const reference = await readSafetensors(path.join(folder, 'reference.safetensors'));
  const lora = JSON.parse(await readFile(path.join(folder, 'adapter', 'adapter_config.json'), 'utf8')) as Parameters<typeof adapterOf>[0];
  const adapter = adapterOf(lora, await readAll(path.join(folder, 'adapter', 'adapter_model.safetensors')));
  const sequences = [await reference.readIntegers('ids0'), await reference.readIntegers('ids1')];
  const maxLength = Math.max(...sequences.map(ids => ids.length), reference.entries.get('greedy')!.shape[0]);
  const worst = new Worst();

  await withGenerator({ ...model, adapter: null, maxLength, device }, async generator => {
    for (const [i, ids] of sequences.entries()) {
      generator.reset();
      await compareLogits(worst, `logits${i}`, generator, ids, reference);
    }
    await compareGreedy(worst, generator, reference);
  });
  await withGenerator({ ...model, adapter, maxLength, device }, generator => compareLogits(worst, 'adapter_logits0', generator, sequences[0], reference));
  await compareGradients(worst, { ...model, device }, adapter, sequences, reference);
  return { name, ok: worst.ok, detail: worst.detail };
}

async function withGenerator(options: Parameters<typeof createGenerator>[0], use: (generator: Generator) => Promise<void>): Promise<void> {
  const generator = await createGenerator(options);
  try { await use(generator); } finally { await generator.release(); }
}

async function compareLogits(worst: Worst, tensor: string, generator: Generator, ids: readonly number[], reference: Reference): Promise<void> {
  const want = await reference.read(tensor);
  worst.note(tensor, largestDifference(await generator.nextAll(ids), want, standardDeviation(want)), TOLERANCE.logits);
}

/** Token by token through the cache; a wrong token anywhere fails. */
export async function compareGreedy(worst: Worst, generator: Generator, reference: Reference, given = 8): Promise<void> {
  const want = await reference.readIntegers('greedy');
  generator.reset();
  const got = want.slice(0, given);
  for (let feed = got.slice(); got.length < want.length; feed = got.slice(-1)) {
    const logits = await generator.next(feed);
    got.push(logits.indexOf(logits.reduce((best, value) => Math.max(best, value))));
  }
  const wrong = got.findIndex((id, i) => id !== want[i]);
  worst.note(wrong < 0 ? 'greedy tokens' : `greedy token ${wrong}`, wrong < 0 ? 0 : Infinity, 1);
}

async function compareGradients(worst: Worst, { spec, tensors, device }: ReferenceModel & { device?: Device | undefined }, adapter: ReturnType<typeof adapterOf>, sequences: number[][], reference: Reference): Promise<void> {
  const engine = await createTrainingEngine({
    spec, tensors, adapter, loss: { id: 'sft', parameters: {} }, batchRows: sequences.length,
    maxLength: Math.max(...sequences.map(ids => ids.length)), gradientCheckpointing: false, device,
  });
  try {
    const rows = sequences.map(ids => ({ row: { ids, labels: ids } }));
    const labels = rows.reduce((sum, { row }) => sum + engine.labelCount(row), 0);
    const { loss, gradients } = await engine.step(rows, { scale: 1 / labels, seed: 0 });
    const [want] = await reference.read('sft_loss');
    worst.note('loss', Math.abs(loss / labels - want) / Math.abs(want), TOLERANCE.loss);
    for (const [i, { name }] of engine.parameters.entries()) {
      const gradient = await reference.read(`grad.${name}`);
      worst.note(`grad.${name}`, largestDifference(gradients[i], gradient, largestMagnitude(gradient)), TOLERANCE.gradient);
    }
  } finally {
    await engine.release();
  }
}
