/** Rows of preferences from a chat, added to a JSONL file: which answer is better becomes training data. No 'vscode' here. */
import { open } from 'node:fs/promises';
import { problemError } from '../../shared/problem';

/** Columns as recipes name them. */
export interface PairRow {
  system?: string;
  prompt: string;
  chosen: string;
  rejected: string;
}

/** The first row of a file stands within its first bytes; a longer one is no chat's. */
const HEAD_BYTES = 1 << 20;

/** Appends a line; the file is made where it is not there.  Throws a ProblemError for a file of other rows. */
export async function addPair(file: string, row: PairRow): Promise<void> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const read = async (from: number, length: number): Promise<string> => (await handle.read(Buffer.alloc(length), 0, length, from)).buffer.toString();
    refuseOtherRows(await read(0, Math.min(size, HEAD_BYTES)), file);
    const isInLine = size > 0 && (await read(size - 1, 1)) !== '\n';
    await handle.appendFile(`${isInLine ? '\n' : ''}${JSON.stringify(row)}\n`);
  } finally {
    await handle.close();
  }
}

function refuseOtherRows(head: string, file: string): void {
  const first = head.split('\n').find(line => line.trim() !== '');
  if (first === undefined) return;
  const columns = columnsOf(first);
  if (columns && ['prompt', 'chosen', 'rejected'].every(name => columns.includes(name))) return;
  throw problemError('chat/other-rows', columns ? `The rows of this file have the columns ${columns.join(', ') || '(none)'}; a pair has prompt, chosen and rejected.` : 'The first line of this file is no JSON object.', {
    where: { file, line: 1 }, fix: { text: 'Choose another file, or a new one.' },
  });
}

function columnsOf(line: string): string[] | undefined {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === 'object' && row !== null && !Array.isArray(row) ? Object.keys(row) : undefined;
  } catch {
    return undefined;
  }
}
