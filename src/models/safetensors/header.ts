/** Reads and checks a safetensors header: [length u64 LE][JSON][data]. The file may be hostile; nothing is allocated on its word.
 *  Format and rules: the reference library's (safetensors 0.6): data is covered exactly, in one piece, without overlap. */
import { open } from 'node:fs/promises';
import { visit } from 'jsonc-parser';
import { problemError } from '../../shared/problem';
import { readRange, unreadable } from '../fileRange';

/** The reference library's own limit. The largest headers known are about 15 MB (mixtures of experts in one file). */
export const maxHeaderBytes = 100_000_000;
/** PyTorch models use up to 5. */
const maxDimensions = 8;

/** Bits an element takes, by the format's name. */
const bitsByType: Readonly<Record<string, number>> = {
  BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, I16: 16, U16: 16, F16: 16, BF16: 16,
  I32: 32, U32: 32, F32: 32, I64: 64, U64: 64, F64: 64, C64: 64, F4: 4, F6_E2M3: 6, F6_E3M2: 6,
};

export interface SafetensorsEntry {
  readonly name: string;
  /** The format's own name; wider than TensorType, because files also hold integers. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Byte range in the file, [offset, offset + byteLength). */
  readonly offset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly fileSize: number;
}

/** Throws a ProblemError that names file, tensor, value and limit. Reads the header only. */
export async function readSafetensorsHeader(file: string): Promise<SafetensorsHeader> {
  const handle = await open(file, 'r').catch(error => { throw unreadable(file, error); });
  try {
    const { size: fileSize } = await handle.stat();
    if (fileSize < 8) throw bad(file, `the file has ${fileSize} bytes; a safetensors file has at least 8.`);
    const prefix = await readRange(handle, file, 0, 8);
    const length = new DataView(prefix.buffer).getBigUint64(0, true);
    if (length > BigInt(maxHeaderBytes)) throw bad(file, `the header claims ${length} bytes; the limit is ${maxHeaderBytes}.`);
    if (Number(length) > fileSize - 8) throw bad(file, `the header claims ${length} bytes, but only ${fileSize - 8} follow in the file.`);
    return parseSafetensorsHeader(file, await readRange(handle, file, 8, Number(length)), fileSize);
  } finally {
    await handle.close();
  }
}

/** The JSON part alone; `fileSize` counts the whole file. */
export function parseSafetensorsHeader(file: string, json: Uint8Array, fileSize: number): SafetensorsHeader {
  const text = decodeText(file, json);
  const header = parseObject(file, text);
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined) throw bad(file, 'two tensors of the header have this name.', duplicate);
  const dataStart = 8 + json.byteLength;
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__').map(([name, value]) => checkEntry(file, name, value, dataStart, fileSize));
  checkCoverage(file, entries, dataStart, fileSize);
  return { entries, metadata: checkMetadata(file, header['__metadata__']), fileSize };
}

function decodeText(file: string, json: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(json);
  } catch (error) {
    throw bad(file, 'the header is not UTF-8 text.', undefined, error);
  }
}

function parseObject(file: string, text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw bad(file, `the header is not JSON: ${(error as Error).message}.`, undefined, error);
  }
  if (!isObject(header)) throw bad(file, 'the header is not a JSON object.');
  return header;
}

/** First key that stands twice at the top level; JSON.parse would silently keep the last. */
function duplicateKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0, duplicate: string | undefined;
  visit(text, {
    onObjectBegin: () => { depth++; },
    onObjectEnd: () => { depth--; },
    onObjectProperty: name => {
      if (depth !== 1) return;
      if (seen.has(name)) duplicate ??= name;
      seen.add(name);
    },
  });
  return duplicate;
}

function checkEntry(file: string, name: string, value: unknown, dataStart: number, fileSize: number): SafetensorsEntry {
  if (!isObject(value)) throw bad(file, 'its header entry is not an object.', name);
  const { dtype, shape, data_offsets: offsets } = value;
  const bits = typeof dtype === 'string' && Object.hasOwn(bitsByType, dtype) ? bitsByType[dtype] : undefined;
  if (typeof dtype !== 'string' || bits === undefined) throw bad(file, `its type is ${show(dtype)}, which safetensors does not know.`, name);
  if (!isSizes(shape)) throw bad(file, `its shape is ${show(shape)}; an array of whole numbers from 0 is needed.`, name);
  if (shape.length > maxDimensions) throw bad(file, `its shape has ${shape.length} dimensions; the limit is ${maxDimensions}.`, name);
  if (!isSizes(offsets) || offsets.length !== 2) throw bad(file, `its data_offsets are ${show(offsets)}; two whole numbers from 0 are needed.`, name);
  const [begin, end] = offsets as [number, number];
  const dataBytes = fileSize - dataStart;
  if (end < begin) throw bad(file, `its data_offsets are [${begin}, ${end}]: the end lies before the beginning.`, name);
  if (end > dataBytes) throw problemError('models/truncated-file', `its data ends at byte ${end}, but the file holds ${dataBytes} bytes of data.`,
    { where: { file, field: name }, fix: { text: 'The file is cut off or its header is wrong: copy or download it again.' } });
  const bytes = shape.reduce((product, size) => product * size, bits) / 8;
  if (bytes !== end - begin) throw bad(file, `its shape [${shape.join(', ')}] of ${dtype} takes ${bytes} bytes, but its data_offsets hold ${end - begin}.`, name);
  return { name, type: dtype, shape, offset: dataStart + begin, byteLength: end - begin };
}

function checkCoverage(file: string, entries: readonly SafetensorsEntry[], dataStart: number, fileSize: number): void {
  let reached = dataStart;
  for (const { name, offset, byteLength } of [...entries].sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength)) {
    if (offset < reached) throw bad(file, `its data begins at byte ${offset - dataStart}, inside the tensor before it, which ends at ${reached - dataStart}.`, name);
    if (offset > reached) throw bad(file, `bytes ${reached - dataStart} to ${offset - dataStart} before it belong to no tensor.`, name);
    reached += byteLength;
  }
  if (reached !== fileSize) throw bad(file, `the tensors end at byte ${reached - dataStart} of the data, the file holds ${fileSize - dataStart}.`);
}

function checkMetadata(file: string, metadata: unknown): Record<string, string> {
  if (metadata === undefined || metadata === null) return {};
  if (!isObject(metadata) || !Object.values(metadata).every(value => typeof value === 'string'))
    throw bad(file, 'it is not an object of texts.', '__metadata__');
  return metadata as Record<string, string>;
}

function bad(file: string, text: string, field?: string, cause?: unknown): Error {
  return problemError('models/bad-safetensors', text, { where: { file, field }, fix: { text: 'Not a sound safetensors file: copy or download it again.' } }, cause);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(size => Number.isSafeInteger(size) && size >= 0);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
