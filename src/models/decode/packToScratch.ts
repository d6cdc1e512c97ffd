/** Packs weights into 4 bits once, in a file that the engine can map: the base of QLoRA. */
import { encodeNf4, NF4_BLOCK, quantiseScales, restoreScales } from '../../shared/nf4';
import { elementCount, type MappableTensor, type TensorInfo } from '../../shared/tensors';
import { readTensor } from './readTensor';
import { scratchFile } from './scratchFile';
import type { ScratchOptions } from './scratchFile';

/** The same tensors, those of `names` as NF4 with double quantisation (bitsandbytes' load_in_4bit with bnb_4bit_use_double_quant).
 *  The scales are kept as the second quantisation leaves them, decoded: half a bit more a weight, and the same values. */
export async function packToScratch(
  tensors: ReadonlyMap<string, TensorInfo>, names: ReadonlySet<string>, dir: string, { onProgress, signal }: ScratchOptions = {},
): Promise<Map<string, MappableTensor>> {
  const all = new Map<string, MappableTensor>(tensors);
  const sources = [...tensors.values()].filter(({ name }) => names.has(name));
  if (sources.length === 0) return all;
  let done = 0;
  const file = await scratchFile(dir, {
    kind: 'nf4', version: 1, sources,
    layouts: sources.map(({ name, shape }) => ({ name, shape: [BLOCK_BYTES * blocksOf(shape)], type: 'U8' })),
    make: async name => {
      const bytes = pack(await readTensor(tensors.get(name)!));
      onProgress?.(++done, sources.length);
      return bytes;
    },
  }, signal);
  for (const { name, shape } of sources) {
    const { offset } = file.entries.get(name)!;
    const byteLength = CODE_BYTES * blocksOf(shape);
    all.set(name, { name, type: 'NF4', shape, file: file.file, offset, byteLength, scalesOffset: offset + byteLength });
  }
  return all;
}

/** Of one block: its codes, and with its scale. */
const CODE_BYTES = NF4_BLOCK / 2;
const BLOCK_BYTES = CODE_BYTES + Float32Array.BYTES_PER_ELEMENT;

/** All codes, whole blocks of them, then all scales. */
function pack(values: Float32Array): Uint8Array {
  const { packed, scales } = encodeNf4(values);
  const bytes = new Uint8Array(BLOCK_BYTES * scales.length);
  bytes.set(packed);
  new Float32Array(bytes.buffer, CODE_BYTES * scales.length).set(restoreScales(quantiseScales(scales)));
  return bytes;
}

function blocksOf(shape: readonly number[]): number {
  return Math.ceil(elementCount(shape) / NF4_BLOCK);
}
