/** Reads one tensor as float32 in Hugging Face's layout: bytes, decoding, then what its file does to rows and values undone. */
import { elementCount, type TensorInfo } from '../../shared/tensors';
import { readFileRange } from '../fileRange';
import { decodeTensor } from './decodeTensor';

export async function readTensor(info: TensorInfo): Promise<Float32Array> {
  const bytes = await readFileRange(info.file, info.offset, info.byteLength, info.name);
  const values = decodeTensor(info.type, bytes, elementCount(info.shape));
  if (info.addend !== undefined) for (let i = 0; i < values.length; i++) values[i] = values[i]! + info.addend;
  return info.permutedHeads === undefined ? values : undoPermutation(values, info.shape[0] ?? 1, info.permutedHeads);
}

/** Whether the stored bytes differ from the tensor's values by more than a plain F32, F16 or BF16 cast. */
export function needsDecoding({ type, permutedHeads, addend }: TensorInfo): boolean {
  return permutedHeads !== undefined || addend !== undefined || !(type === 'F32' || type === 'F16' || type === 'BF16');
}

/** Rows of q and k as llama.cpp's converter interleaves them, back to halves: stored row 2i + a of a head is row a·E/2 + i.
 *  Source: llama.cpp convert_hf_to_gguf.py, LlamaModel.permute; the inverse as transformers' _reverse_permute_weights. */
export function undoPermutation(values: Float32Array, rows: number, heads: number): Float32Array {
  const columns = values.length / rows, headSize = rows / heads, half = headSize / 2;
  const out = new Float32Array(values.length);
  for (let head = 0; head < heads; head++)
    for (let a = 0; a < 2; a++)
      for (let i = 0; i < half; i++) {
        const from = (head * headSize + 2 * i + a) * columns, to = (head * headSize + a * half + i) * columns;
        out.set(values.subarray(from, from + columns), to);
      }
  return out;
}
