/** Reads and checks a GGUF header: metadata and the tensor table. The file may be hostile: every count and offset is checked before use.
 *  Our own reader, because @huggingface/gguf 0.4.6 pads what it has read with zeros up to two megabytes (a cut-off file parses as empty names),
 *  cuts strings at the edge of a chunk, stops at 50 MB, and says neither where nor by how much. Tests compare the two on sound files.
 *  Format: ggml/docs/gguf.md, versions 2 and 3. */
import { closeSync, fstatSync, openSync, realpathSync } from 'node:fs';
import { problemError } from '../../shared/problem';
import { elementCount, type TensorType } from '../../shared/tensors';
import { unreadable } from '../fileRange';
import { blockLayouts, byteLengthOf, tensorTypes } from '../tensorTypes';
import { FileCursor } from './fileCursor';
import { tensorTypeByNumber, tensorTypeName, valueTypes } from './ggufTypes';

/** Gemma 3's header, with 262,144 tokens, is about 15 MB. Also bounds what a hostile file can make us hold (some 8 bytes for each of its own). */
const maxHeaderBytes = 64 * 2 ** 20;
/** Real files have some 60 keys. */
const maxKeys = 100_000;
/** DeepSeek V3 has 1,087 (experts are stacked). */
const maxTensors = 1_000_000;
/** The largest real arrays are vocabularies (262,144) and merges (580,000). */
const maxArrayLength = 10_000_000;
/** Chat templates reach 20 KB. */
const maxStringBytes = 16 * 2 ** 20;
const maxArrayDepth = 4;
/** ggml's GGML_MAX_DIMS. */
const maxDimensions = 4;
const defaultAlignment = 32;

export type GgufValue = number | bigint | boolean | string | GgufValue[];

export interface GgufTensor {
  /** Name in the file: "blk.0.attn_q.weight". */
  readonly name: string;
  readonly type: TensorType;
  /** Row-major, the reverse of the file's order. */
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
}

export interface GgufFile {
  readonly file: string;
  readonly fileSize: number;
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
}

interface RawTensor { name: string; dimensions: number[]; type: number; offset: bigint }

/** Throws a ProblemError naming file, key or tensor, value and limit. Reads the header only. */
export function readGguf(path: string): GgufFile {
  let file: string, descriptor: number;
  try {
    file = realpathSync(path);
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return new HeaderReader(file, descriptor, fstatSync(descriptor).size).read();
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    closeSync(descriptor);
  }
}

class HeaderReader {
  private readonly cursor: FileCursor;

  constructor(private readonly file: string, descriptor: number, private readonly fileSize: number) {
    this.cursor = new FileCursor(descriptor, Math.min(fileSize, maxHeaderBytes), (needed, position) => fileSize > maxHeaderBytes
      ? this.bad(`the header goes beyond ${maxHeaderBytes} bytes, the limit.`)
      : problemError('models/truncated-file', `${needed} bytes are needed at byte ${position}, but the file ends at ${fileSize}.`,
        { where: { file }, fix: { text: 'The file is cut off or not sound: copy or download it again.' } }));
  }

  read(): GgufFile {
    const { cursor } = this;
    if (this.fileSize < 24 || cursor.text(4) !== 'GGUF') throw this.bad('the file does not begin with "GGUF".');
    const version = cursor.u32();
    if (version !== 2 && version !== 3) throw this.bad(`GGUF version ${version > 0xffff ? `${version} (a big-endian file?)` : version}; supported: 2 and 3, little-endian.`);
    const tensorCount = this.count('tensors', maxTensors), keyCount = this.count('metadata keys', maxKeys);
    const metadata = new Map<string, GgufValue>();
    for (let i = 0; i < keyCount; i++) {
      const key = this.string('name of a metadata key');
      if (metadata.has(key)) throw this.bad('the key stands twice in the metadata.', key);
      metadata.set(key, this.value(cursor.u32(), key, 0));
    }
    this.refuseSplit(metadata);
    const raw = Array.from({ length: tensorCount }, () => this.rawTensor());
    const alignment = this.alignment(metadata);
    const dataStart = Math.ceil(cursor.position / alignment) * alignment;
    const tensors = raw.map(tensor => this.checkTensor(tensor, dataStart, alignment));
    this.refuseOverlap(tensors);
    return { file: this.file, fileSize: this.fileSize, version, metadata, tensors };
  }

  private count(what: string, limit: number): number {
    const count = this.cursor.u64();
    // A key or tensor takes at least 12 bytes, so the file's size bounds the count too.
    if (count > BigInt(limit) || Number(count) * 12 > this.cursor.remaining)
      throw this.bad(`the header claims ${count} ${what}; ${Number(count) * 12 > this.cursor.remaining ? `the file has only ${this.cursor.remaining} bytes left` : `the limit is ${limit}`}.`);
    return Number(count);
  }

  private string(what: string): string {
    const length = this.cursor.u64();
    if (length > BigInt(maxStringBytes)) throw this.bad(`the ${what} claims ${length} bytes; the limit is ${maxStringBytes}.`);
    return this.cursor.text(Number(length));
  }

  private value(type: number, key: string, depth: number): GgufValue {
    const { cursor } = this;
    switch (type) {
      case valueTypes.uint8: return cursor.u8();
      case valueTypes.int8: return cursor.i8();
      case valueTypes.uint16: return cursor.u16();
      case valueTypes.int16: return cursor.i16();
      case valueTypes.uint32: return cursor.u32();
      case valueTypes.int32: return cursor.i32();
      case valueTypes.float32: return cursor.f32();
      case valueTypes.bool: return cursor.u8() !== 0;
      case valueTypes.string: return this.string(`text of ${key}`);
      case valueTypes.array: return this.array(key, depth);
      case valueTypes.uint64: return cursor.u64();
      case valueTypes.int64: return cursor.i64();
      case valueTypes.float64: return cursor.f64();
      default: throw this.bad(`its value type is ${type}; known are 0 to 12.`, key);
    }
  }

  private array(key: string, depth: number): GgufValue[] {
    if (depth >= maxArrayDepth) throw this.bad(`arrays are nested deeper than ${maxArrayDepth}.`, key);
    const type = this.cursor.u32(), length = this.cursor.u64();
    if (length > BigInt(maxArrayLength)) throw this.bad(`its array claims ${length} elements; the limit is ${maxArrayLength}.`, key);
    // Every element takes at least one byte.
    if (Number(length) > this.cursor.remaining) throw this.bad(`its array claims ${length} elements; the file has only ${this.cursor.remaining} bytes left.`, key);
    const values: GgufValue[] = [];
    for (let i = 0; i < Number(length); i++) values.push(this.value(type, key, depth + 1));
    return values;
  }

  private rawTensor(): RawTensor {
    const { cursor } = this;
    const name = this.string('name of a tensor');
    const count = cursor.u32();
    if (count > maxDimensions) throw this.bad(`it has ${count} dimensions; the limit is ${maxDimensions}.`, name);
    const dimensions = Array.from({ length: count }, () => {
      const size = cursor.u64();
      if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw this.bad(`one of its dimensions is ${size}.`, name);
      return Number(size);
    });
    return { name, dimensions, type: cursor.u32(), offset: cursor.u64() };
  }

  private alignment(metadata: ReadonlyMap<string, GgufValue>): number {
    const value = metadata.get('general.alignment') ?? defaultAlignment;
    if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0 || value > 2 ** 20 || (value & (value - 1)) !== 0)
      throw this.bad(`it is ${String(value)}; a power of two up to ${2 ** 20} is needed.`, 'general.alignment');
    return value;
  }

  private checkTensor({ name, dimensions, type: number, offset }: RawTensor, dataStart: number, alignment: number): GgufTensor {
    const type = Object.hasOwn(tensorTypeByNumber, number) ? tensorTypeByNumber[number] : undefined;
    if (!type) throw problemError('models/unsupported-type', `its type is ${tensorTypeName(number)}. Supported: ${tensorTypes.join(', ')}.`,
      { where: { file: this.file, field: name }, fix: { text: 'Use a GGUF in one of these types (such as Q4_K_M, Q8_0 or F16), or the original safetensors.' } });
    const elements = elementCount(dimensions), row = dimensions[0] ?? 1;
    if (!Number.isSafeInteger(elements)) throw this.bad(`its shape [${dimensions.join(', ')}] has more elements than can be counted.`, name);
    if (row % blockLayouts[type].elements !== 0)
      throw this.bad(`its rows have ${row} elements, but ${type} stores blocks of ${blockLayouts[type].elements}.`, name);
    const byteLength = byteLengthOf(type, elements);
    if (offset % BigInt(alignment) !== 0n) throw this.bad(`its data begins at byte ${offset}, which is not a multiple of ${alignment}.`, name);
    if (offset + BigInt(dataStart) + BigInt(byteLength) > BigInt(this.fileSize))
      throw problemError('models/truncated-file', `its data ends at byte ${offset + BigInt(dataStart) + BigInt(byteLength)}, but the file has ${this.fileSize} bytes.`,
        { where: { file: this.file, field: name }, fix: { text: 'The file is cut off: copy or download it again.' } });
    return { name, type, shape: [...dimensions].reverse(), offset: dataStart + Number(offset), byteLength };
  }

  private refuseOverlap(tensors: readonly GgufTensor[]): void {
    const names = new Set<string>();
    for (const { name } of tensors) {
      if (names.has(name)) throw this.bad('two tensors have this name.', name);
      names.add(name);
    }
    let reached = 0;
    for (const { name, offset, byteLength } of [...tensors].sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength)) {
      if (offset < reached) throw this.bad(`its data begins at byte ${offset}, inside the tensor before it, which ends at ${reached}.`, name);
      reached = offset + byteLength;
    }
  }

  private refuseSplit(metadata: ReadonlyMap<string, GgufValue>): void {
    const parts = metadata.get('split.count');
    if (typeof parts === 'number' && parts > 1)
      throw problemError('models/split-gguf', `this is one of ${parts} parts of a split GGUF.`,
        { where: { file: this.file, field: 'split.count' }, fix: { text: 'Join the parts first: llama-gguf-split --merge FIRST_PART OUTPUT.' } });
  }

  private bad(text: string, field?: string): Error {
    return problemError('models/bad-gguf', text, { where: { file: this.file, field }, fix: { text: 'Not a sound GGUF file: copy or download it again.' } });
  }
}
