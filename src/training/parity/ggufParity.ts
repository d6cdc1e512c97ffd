/** gguf/NAME.gguf: logits and greedy decoding of a model read from that file, against transformers reading the same. */
import path from 'node:path';
import { createGenerator, type Device } from '../../engine';
import { readSafetensors } from '../../models/safetensors';
import type { ParityCase } from '../../shared/parity';
import { largestDifference, standardDeviation, Worst } from './agreement';
import { compareGreedy } from './modelParity';
import { openReferenceModel } from './referenceModel';

const LOGITS_TOLERANCE = 1e-4;

/** `file` is the GGUF; the reference lies beside it with the ending .safetensors. */
export async function ggufParity(file: string, device?: Device): Promise<ParityCase> {
  const reference = await readSafetensors(file.replace(/\.gguf$/, '.safetensors'));
  const ids = await reference.readIntegers('ids');
  const want = await reference.read('logits');
  const worst = new Worst();
  const maxLength = Math.max(ids.length, reference.entries.get('greedy')!.shape[0]);
  const generator = await createGenerator({ ...await openReferenceModel(file), adapter: null, maxLength, device });
  try {
    worst.note('logits', largestDifference(await generator.nextAll(ids), want, standardDeviation(want)), LOGITS_TOLERANCE);
    await compareGreedy(worst, generator, reference);
  } finally {
    await generator.release();
  }
  return { name: `gguf/${path.basename(file, '.gguf')}`, ok: worst.ok, detail: worst.detail };
}
