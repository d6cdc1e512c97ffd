/** The thread that saves: it has a copy of the job history, does to it what was done to the host's, and writes it. The host's own thread
 *  never waits for an export, which takes some 40 ms at 10,000 jobs. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseChange } from './databaseChange';
import { DatabaseFile } from './databaseFile';
import { JobDatabase } from './jobDatabase';
import { loadSql } from './loadSql';

/** How the thread begins. */
export interface DatabaseWorkerData {
  readonly dataDirectory: string;
  readonly wasmFile: string | undefined;
  /** The history when the host began to track its changes. */
  readonly bytes: Uint8Array;
}

/** Asks to save, with all that changed since it was last asked. */
export interface SaveRequest { readonly id: number; readonly changes: readonly DatabaseChange[] }

/** `error` in words, where the save failed. */
export interface SaveAnswer { readonly id: number; readonly bytes: number; readonly error?: string }

const { dataDirectory, wasmFile, bytes: start } = workerData as DatabaseWorkerData;
const file = new DatabaseFile(dataDirectory, wasmFile);
const opened = loadSql(wasmFile).then(sql => new JobDatabase(sql, start));

parentPort!.on('message', ({ id, changes }: SaveRequest) => {
  void save(changes).then(
    bytes => parentPort!.postMessage({ id, bytes } satisfies SaveAnswer),
    (error: unknown) => parentPort!.postMessage({ id, bytes: 0, error: error instanceof Error ? error.message : String(error) } satisfies SaveAnswer),
  );
});

async function save(changes: readonly DatabaseChange[]): Promise<number> {
  const database = await opened;
  try {
    database.transaction(() => { for (const change of changes) database.apply(change); });
  } catch {
    process.exit(1); // the copies differ: the host goes on without this thread
  }
  const bytes = database.export();
  await file.save(bytes);
  return bytes.length;
}
