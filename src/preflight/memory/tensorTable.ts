/** A model's tensors by shape and type alone: graphs are built from them and walked, never run, so no file is behind them. */
import { eightBitDirections } from '../../engine';
import { modelTensors } from '../../engine/adapter';
import { linearModules } from '../../shared/decoderSpec';
import type { DecoderSpec } from '../../shared/decoderSpec';
import { productShape } from '../../shared/eightBit';
import { NF4_BLOCK } from '../../shared/nf4';
import { elementCount, type EightBitWeight, type MappableTensor, type TensorType } from '../../shared/tensors';

export interface StoredModel {
  readonly spec: DecoderSpec;
  /** Type of the tensors as stored; quantised ones count as F32, which they are decoded to. */
  readonly tensorType: TensorType;
}

/** Tensors that a model file holds: a tied head is its embedding. */
export function storedTensors(spec: DecoderSpec): ReturnType<typeof modelTensors> {
  return modelTensors(spec).filter(({ tensor }) => !(spec.isTied && tensor === 'lm_head.weight'));
}

/** As the engine maps them. `isPacked`: linear layers in 4 bits, which embedding, norms and head never are. */
export function tensorTable({ spec, tensorType }: StoredModel, isPacked: boolean): Map<string, MappableTensor> {
  const packed = new Set(isPacked ? linearModules(spec).map(({ module }) => `${module}.weight`) : []);
  const type = tensorType === 'BF16' || tensorType === 'F16' ? tensorType : 'F32';
  return new Map(storedTensors(spec).map(({ tensor: name, shape }): [string, MappableTensor] => {
    const count = elementCount(shape), place = { name, shape, file: '', offset: 0 };
    return [name, packed.has(name)
      ? { ...place, type: 'NF4', byteLength: (NF4_BLOCK / 2) * blocksOf(count), scalesOffset: 0 }
      : { ...place, type, byteLength: count * (type === 'F32' ? 4 : 2) }];
  }));
}

export type EightBitTable = ReadonlyMap<string, EightBitWeight>;

/** What stands in for which weights where products run in 8 bits. */
export function eightBitTable(spec: DecoderSpec, tensors: ReadonlyMap<string, MappableTensor>): EightBitTable {
  return new Map([...eightBitDirections(spec)].map(([name, directions]): [string, EightBitWeight] => [
    name, Object.fromEntries(directions.map(direction => [direction, { shape: productShape(tensors.get(name)!.shape, direction), file: '', offset: 0 }])),
  ]));
}

/** Bytes of a tensor in a session: half-precision ones are cast to float32 by each session, all others are mapped and shared. */
export function sessionBytes({ type, shape }: MappableTensor): { bytes: number; isShared: boolean } {
  const count = elementCount(shape);
  // 32 bytes of codes and a float32 scale a block.
  if (type === 'NF4') return { bytes: (NF4_BLOCK / 2 + 4) * blocksOf(count), isShared: true };
  return { bytes: 4 * count, isShared: type === 'F32' };
}

function blocksOf(count: number): number {
  return Math.ceil(count / NF4_BLOCK);
}
