/** Decodes block-quantised (or permuted) tensors once into an F32 file that the engine can map. */
import type { TensorInfo } from '../../shared/tensors';
import { needsDecoding, readTensor } from './readTensor';
import { scratchFile } from './scratchFile';
import type { ScratchOptions } from './scratchFile';

/** The same tensors, those that need decoding replaced by F32 ranges of a file in `dir`. */
export async function decodeToScratch(tensors: Iterable<TensorInfo>, dir: string, { onProgress, signal }: ScratchOptions = {}): Promise<Map<string, TensorInfo>> {
  const all = new Map([...tensors].map(info => [info.name, info]));
  const encoded = [...all.values()].filter(needsDecoding);
  if (encoded.length === 0) return all;
  let done = 0;
  const file = await scratchFile(dir, {
    kind: 'decoded', version: 1, sources: encoded,
    layouts: encoded.map(({ name, shape }) => ({ name, shape, type: 'F32' })),
    make: async name => {
      const values = await readTensor(all.get(name)!);
      onProgress?.(++done, encoded.length);
      return values;
    },
  }, signal);
  for (const { name } of encoded) all.set(name, file.info(name));
  return all;
}
