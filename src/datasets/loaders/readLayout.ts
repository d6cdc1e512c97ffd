/** Tells what a file is, from its content first and its name second. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { problemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';
import { delimitedLayout, findDelimiter } from './csvLayout';
import { unpackHead } from './decodeText';
import { DEFAULT_SPLIT } from './fileLayout';
import type { Compression, Encoding, FileFormat, FileLayout, Rows, Storage, TextLayout, TextSplit, WantedSplit } from './fileLayout';
import { looksLikeJson, jsonLayout } from './jsonLayout';

export interface LayoutOptions {
  /** Null tells it from the content. */
  format?: FileFormat | null;
  /** The recipe's key that names the file, for Problems. */
  field?: string;
  textSplit?: WantedSplit;
}

/** Bytes looked at. */
const HEAD_BYTES = 64 * 1024;

/** Names' endings with what they promise. */
const ENDINGS: Readonly<Record<string, FileFormat>> = {
  json: 'json', jsonl: 'jsonl', ndjson: 'jsonl', csv: 'csv', tsv: 'tsv', tab: 'tsv', parquet: 'parquet', pq: 'parquet', txt: 'text', text: 'text', md: 'text',
};

/** First bytes of files that people take for datasets, with what to do instead. */
const FOREIGN: readonly { magic: Buffer; what: string; fix: string }[] = [
  { magic: Buffer.from('PK\x03\x04'), what: 'a ZIP archive or an Excel file', fix: 'Unpack it, or save the sheet as CSV.' },
  { magic: Buffer.from('ARROW1'), what: 'an Arrow file', fix: 'Save it as Parquet, with dataset.to_parquet() in Python.' },
  { magic: Buffer.from('%PDF-'), what: 'a PDF', fix: 'Save its text as a text file.' },
  { magic: Buffer.from('SQLite format 3'), what: 'an SQLite database', fix: 'Export the table as CSV.' },
  { magic: Buffer.from('BZh'), what: 'compressed with bzip2', fix: 'Unpack it, or compress it with gzip or zstd.' },
  { magic: Buffer.from('\xfd7zXZ', 'latin1'), what: 'compressed with xz', fix: 'Unpack it, or compress it with gzip or zstd.' },
  { magic: Buffer.from('GGUF'), what: 'a model in GGUF format', fix: 'Choose a dataset; models belong into base_model.' },
];

/** Problems: dataset/no-such-file, dataset/unsupported-file, dataset/binary-file, dataset/broken-compression. */
export async function readLayout(file: string, { format: named = null, field = 'dataset.source.file_path', textSplit = DEFAULT_SPLIT }: LayoutOptions = {}): Promise<FileLayout> {
  const { head, bytes } = await readHead(file, field);
  const compression = compressionOf(head);
  const ending = endingOf(file);
  if (compression === null && isParquet(head)) return { format: 'parquet', bytes, notes: misnamed(file, named, ending, 'parquet') };
  refuseForeign(file, head, field);
  const { storage, text, isWhole } = await headText(file, head, compression);
  if (compression !== null && text.startsWith('PAR1')) {
    throw problemError('dataset/unsupported-file', 'The file is Parquet inside another compression, which cannot be read in parts.', { where: { file, field }, fix: { text: 'Unpack it: Parquet is compressed already.' } });
  }
  if (isBinary(text)) {
    throw problemError('dataset/binary-file', `The file is no text${ending === 'parquet' ? ', and no Parquet either: it does not begin with "PAR1"' : ''}.`,
      { where: { file, field }, fix: { text: 'Choose a JSON, JSONL, CSV, Parquet or text file.' } });
  }
  const { rows, format, notes } = layoutOfText(text, named, ending, { isWhole, textSplit });
  const found: TextLayout = { format, bytes, storage, rows, notes: [...misnamed(file, named, ending, format), ...notes] };
  for (const note of found.notes) note.where = { file, ...note.where };
  return found;
}

interface TextHints { isWhole: boolean; textSplit: WantedSplit }

function layoutOfText(text: string, named: FileFormat | null, ending: FileFormat | undefined, { isWhole, textSplit }: TextHints):
  { rows: Rows; format: TextLayout['format']; notes: Problem[] } {
  const split: TextSplit = { ...textSplit, by: textSplit.by ?? splitOf(text, isWhole) };
  const plain = { rows: { layout: 'text', split } as const, format: 'text' as const, notes: [textSplitNote(split)] };
  if (named === 'text') return plain;
  const isNamedJson = ending === 'json' || ending === 'jsonl';
  if (named === 'json' || named === 'jsonl' || (named === null && looksLikeJson(text, isNamedJson))) {
    const rows = named === 'jsonl' ? { layout: 'lines' } as const : jsonLayout(text, { isWhole, isNamedLines: ending === 'jsonl' });
    return { rows, format: rows.layout === 'lines' ? 'jsonl' : 'json', notes: [] };
  }
  const isDelimited = named === 'csv' || named === 'tsv' || ending === 'csv' || ending === 'tsv';
  const delimiter = named === 'tsv' ? '\t' : findDelimiter(text);
  if (isDelimited || (delimiter !== undefined && ending !== 'text')) {
    const { rows, notes } = delimitedLayout(text, delimiter ?? (ending === 'tsv' ? '\t' : ','));
    return { rows, format: rows.delimiter === '\t' ? 'tsv' : 'csv', notes };
  }
  if (isNamedJson) return { rows: { layout: 'lines' }, format: 'jsonl', notes: [] };
  return plain;
}

async function readHead(file: string, field: string): Promise<{ head: Buffer; bytes: number }> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => { throw noSuchFile(file, error, field); });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw noSuchFile(file, null, field);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return { head: buffer.subarray(0, bytesRead), bytes: found.size };
  } finally {
    await handle.close();
  }
}

async function headText(file: string, head: Buffer, compression: Compression | null): Promise<{ storage: Storage; text: string; isWhole: boolean }> {
  const { bytes, isWhole } = compression === null ? { bytes: head, isWhole: head.length < HEAD_BYTES } : await unpackHead(file, compression, HEAD_BYTES);
  const { encoding, bom } = encodingOf(bytes);
  return { storage: { compression, encoding, bom }, text: new TextDecoder(encoding).decode(bytes), isWhole };
}

function compressionOf(head: Buffer): Compression | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : null;
}

function isParquet(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'PAR1';
}

/** By the byte order mark; without one, UTF-16 of mostly ASCII text shows by its zero bytes. */
function encodingOf(head: Buffer): { encoding: Encoding; bom: number } {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bom: 2 };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bom: 3 };
  const first = head.subarray(0, 64);
  const zeros = (parity: number): number => first.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  const most = first.length * 0.4;
  if (first.length < 8) return { encoding: 'utf-8', bom: 0 };
  if (zeros(1) > most && zeros(0) === 0) return { encoding: 'utf-16le', bom: 0 };
  return { encoding: zeros(0) > most && zeros(1) === 0 ? 'utf-16be' : 'utf-8', bom: 0 };
}

/** More than a tenth of control characters or bytes that are no text. Real texts have the odd one. */
function isBinary(text: string): boolean {
  const odd = text.match(/[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]/g)?.length ?? 0;
  return odd > text.length / 10;
}

function refuseForeign(file: string, head: Buffer, field: string): void {
  const found = FOREIGN.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
  if (found) throw problemError('dataset/unsupported-file', `The file is ${found.what}.`, { where: { file, field }, fix: { text: found.fix } });
}

function endingOf(file: string): FileFormat | undefined {
  const [, ending] = /\.(\w+)$/.exec(file.toLowerCase().replace(/\.(?:gz|gzip|zst|zstd)$/, '')) ?? [];
  return ending === undefined ? undefined : ENDINGS[ending];
}

/** JSON and JSONL are told apart by everybody's tools, and CSV's delimiter by nobody's name. */
function misnamed(file: string, named: FileFormat | null, ending: FileFormat | undefined, found: FileFormat): Problem[] {
  const promised = named ?? ending;
  const family = (format: FileFormat): string => (format === 'jsonl' ? 'json' : format === 'tsv' ? 'csv' : format);
  if (promised === undefined || family(promised) === family(found)) return [];
  return [{
    id: 'dataset/misnamed-file', severity: 'warning', text: `${named === null ? 'The file is called' : 'file_format says'} ${promised}, but the file is ${found}; it is read as ${found}.`,
    where: { file }, fix: { text: named === null ? `Give "${basename(file)}" the name of what it is.` : 'Set file_format of the source to null, or to what the file is.' },
  }];
}

/** A text without any line end in its beginning has no parts of its own. */
function splitOf(text: string, isWhole: boolean): TextSplit['by'] {
  if (/\n[ \t]*\r?\n\s*\S/.test(text)) return 'paragraph';
  return isWhole || text.includes('\n') ? 'line' : 'length';
}

function textSplitNote({ by, characters }: TextSplit): Problem {
  const how = { paragraph: 'at blank lines', line: 'at line ends', length: `after at most ${characters} characters` }[by];
  return { id: 'dataset/text-split', severity: 'info', text: `Plain text: rows are split ${how} (text_split "${by}").`, fix: { text: 'For other rows set text_split of the source to paragraph, line or length.' } };
}

/** `error` is null where it is there, but no file. */
function noSuchFile(file: string, error: NodeJS.ErrnoException | null, field: string): Error {
  const text = error === null ? 'The dataset is a folder, not a file.' : error.code === 'ENOENT' ? 'There is no such dataset file.' : `The dataset file cannot be opened: ${error.message}.`;
  return problemError('dataset/no-such-file', text, { where: { file, field }, fix: { text: `Set ${field} to a JSON, JSONL, CSV, Parquet or text file; a relative path counts from the recipe's folder.` } });
}
