/** What decides a set's tokens, as one hash: the bytes of its files, every option of the pipeline, tokenizer and template. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DatasetLoader } from '../loaders/datasetLoader';
import type { Pace } from '../pace';

/** Part of the key; raise it when the same file and options would give other tokens. */
const FORMAT_VERSION = 2;

/** Undefined where a loader cannot say what decides its rows, or a file cannot be read: then nothing is kept. */
export async function cacheKey(loaders: readonly DatasetLoader[], options: unknown, pace: Pace): Promise<string | undefined> {
  const hash = createHash('sha256').update(JSON.stringify([FORMAT_VERSION, options]));
  for (const loader of loaders) {
    hash.update(JSON.stringify(loader.name));
    const content = await loader.content?.();
    if (content === undefined) return undefined;
    if ('fixed' in content) {
      hash.update(JSON.stringify(content));
      continue;
    }
    const digest = await hashFile(content.file, pace);
    if (digest === undefined) return undefined;
    hash.update(digest);
  }
  return hash.digest('hex').slice(0, 32);
}

async function hashFile(file: string, pace: Pace): Promise<string | undefined> {
  const size = await stat(file).then(found => found.size, () => undefined);
  if (size === undefined) return undefined;
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    await pace.step('fingerprint', done += chunk.length, size);
  }
  return hash.digest('hex');
}
