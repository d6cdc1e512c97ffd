/** Identifies a model's weights without reading them. */
import { createHash } from 'node:crypto';
import type { TensorInfo } from '../shared/tensors';
import type { ModelConfig } from './source';

/** SHA-256 over config and the tensor table (name, type, shape, size of its file), in hexadecimal. Paths are left out: a moved model is the same. */
export function fingerprint(config: ModelConfig, tensors: Iterable<TensorInfo>, fileSizes: ReadonlyMap<string, number>): string {
  const hash = createHash('sha256').update(JSON.stringify(config));
  for (const { name, type, shape, file } of [...tensors].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)))
    hash.update(`\n${JSON.stringify([name, type, shape, fileSizes.get(file) ?? null])}`);
  return hash.digest('hex');
}
