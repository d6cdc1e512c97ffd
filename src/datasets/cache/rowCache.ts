/** Where tokenised rows are kept, for all who prepare the same dataset: preflight looks at them, the trainer trains on them. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { cacheFolder } from '../../models';
import type { ModelSource } from '../../models';

/** PipelineOptions.cache for a model. */
export function rowCache(tokenizer: NonNullable<ModelSource['tokenizer']>): { folder: string; tokenizer: string } {
  return { folder: path.join(cacheFolder(), 'rows'), tokenizer: createHash('sha256').update(JSON.stringify(tokenizer)).digest('hex') };
}
