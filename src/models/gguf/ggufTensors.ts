/** A GGUF's tensors under their Hugging Face names, with what must be undone on decoding. */
import { problemError } from '../../shared/problem';
import type { TensorInfo } from '../../shared/tensors';
import { auxiliaryTensors, huggingFaceName } from './ggufArchitectures';
import type { GgufArchitecture } from './ggufArchitectures';
import type { GgufFile } from './readGguf';

/** `heads` and `kvHeads` as the config has them; a q or k whose rows do not divide by them is a Problem. */
export function ggufTensors(gguf: GgufFile, architecture: GgufArchitecture, heads: number, kvHeads: number): Map<string, TensorInfo> {
  const tensors = new Map<string, TensorInfo>();
  for (const { name, type, shape, offset, byteLength } of gguf.tensors) {
    if (auxiliaryTensors.test(name)) continue;
    const huggingFace = huggingFaceName(architecture, name);
    if (huggingFace === undefined)
      throw problemError('models/unknown-gguf-tensor', `a ${architecture.modelType} has no tensor of this name, so the model cannot be trained as one.`,
        { where: { file: gguf.file, field: name }, fix: { text: 'Use a plain (dense, text-only) model of this architecture.' } });
    tensors.set(huggingFace, {
      name: huggingFace, type, shape, file: gguf.file, offset, byteLength,
      ...undo(gguf.file, architecture, name, shape, heads, kvHeads),
    });
  }
  return tensors;
}

function undo(file: string, architecture: GgufArchitecture, name: string, shape: readonly number[], heads: number, kvHeads: number): Partial<TensorInfo> {
  if (architecture.normShift !== 0 && name.endsWith('norm.weight')) return { addend: -architecture.normShift };
  const part = /^blk\.\d+\.attn_(q|k)\.(weight|bias)$/.exec(name)?.[1];
  if (!architecture.permutesQueryKey || part === undefined) return {};
  const permutedHeads = part === 'q' ? heads : kvHeads, rows = shape[0] ?? 0;
  if (rows % (2 * permutedHeads) !== 0)
    throw problemError('models/bad-gguf-metadata', `its ${rows} rows do not divide into ${permutedHeads} heads of even size.`, { where: { file, field: name } });
  return { permutedHeads };
}
