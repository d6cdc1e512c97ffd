/** Sends a file's content to the host, piece by piece: for files that lie beside the window and not beside the extension. */
import type { RecipeMethods } from '../../src/shared/panels/recipe';
import { UPLOAD_PART_BYTES } from '../../src/shared/uploadPart';
import type { Call } from '../ui/host';

/** The id of the upload. `onProgress` hears of the share that is sent, 0–1. */
export async function uploadFile(call: Call<RecipeMethods>, file: File, onProgress: (done: number) => void): Promise<string> {
  const key = crypto.randomUUID();
  for (let from = 0; ; from += UPLOAD_PART_BYTES) {
    const isLast = from + UPLOAD_PART_BYTES >= file.size;
    const bytes = base64(new Uint8Array(await file.slice(from, from + UPLOAD_PART_BYTES).arrayBuffer()));
    const id = await call('uploadPart', { key, name: file.name, bytes, isLast });
    onProgress(Math.min(1, (from + UPLOAD_PART_BYTES) / Math.max(1, file.size)));
    if (id !== null) return id;
  }
}

/** Arguments of a call are limited in number. */
const CALL_LIMIT = 32_768;

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let from = 0; from < bytes.length; from += CALL_LIMIT) binary += String.fromCharCode(...bytes.subarray(from, from + CALL_LIMIT));
  return btoa(binary);
}
