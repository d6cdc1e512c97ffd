/** Works out the 8-bit codes of weights once, in a file that the engine can map. */
import { eightBitBytes, encodeEightBit, layEightBit, productShape } from '../../shared/eightBit';
import type { CodeLevels, ProductDirection } from '../../shared/eightBit';
import type { EightBitWeight, TensorInfo } from '../../shared/tensors';
import { readTensor } from './readTensor';
import { scratchFile } from './scratchFile';
import type { ScratchOptions } from './scratchFile';

export interface EightBitOptions extends ScratchOptions {
  /** By tensor, which products need codes. */
  readonly directions: ReadonlyMap<string, readonly ProductDirection[]>;
  readonly levels: CodeLevels;
}

/** Weights that the model lacks are left out: the engine says so when it looks for them. */
export async function eightBitToScratch(
  tensors: ReadonlyMap<string, TensorInfo>, dir: string, { directions, levels, onProgress, signal }: EightBitOptions,
): Promise<Map<string, EightBitWeight>> {
  const matrices = [...directions].flatMap(([name, some]) => {
    const tensor = tensors.get(name);
    return tensor ? some.map(direction => ({ tensor, direction, key: `${name}.${direction}`, shape: productShape(tensor.shape, direction) })) : [];
  });
  const byKey = new Map(matrices.map(matrix => [matrix.key, matrix]));
  let done = 0;
  const file = await scratchFile(dir, {
    kind: `int8-${levels}`, version: 1, sources: [...new Set(matrices.map(({ tensor }) => tensor))],
    layouts: matrices.map(({ key, shape }) => ({ name: key, shape: [eightBitBytes(shape)], type: 'U8' })),
    make: async key => {
      const { tensor, direction } = byKey.get(key)!;
      const bytes = layEightBit(encodeEightBit(await readTensor(tensor), tensor.shape as [number, number], direction, levels));
      onProgress?.(++done, matrices.length);
      return bytes;
    },
  }, signal);
  const weights = new Map<string, EightBitWeight>();
  for (const { tensor: { name }, direction, key, shape } of matrices)
    weights.set(name, { ...weights.get(name), [direction]: { shape, file: file.file, offset: file.entries.get(key)!.offset } });
  return weights;
}
