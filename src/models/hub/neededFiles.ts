/** Which files of a repository a model needs: texts and safetensors; no pickles, ONNX, GGUF or other frameworks' weights. */
import { problemError } from '../../shared/problem';

const texts = new Set([
  'config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json',
  'vocab.json', 'merges.txt', 'tokenizer.model', 'chat_template.jinja', 'chat_template.json', 'model.safetensors.index.json',
]);

export function isNeededText(name: string): boolean {
  return texts.has(name);
}

/** Weight files, given all names of the repository and the index file's text where the weights come in shards. */
export function weightFiles(id: string, names: ReadonlySet<string>, indexText: string | undefined): string[] {
  if (names.has('model.safetensors')) return ['model.safetensors'];
  if (indexText !== undefined) {
    const shards = shardNames(id, indexText);
    const missing = shards.filter(shard => !names.has(shard));
    if (missing.length > 0) throw problemError('models/missing-shard', `the repository "${id}" lacks ${missing.length} of ${shards.length} shards that its index names: ${missing.join(', ')}.`, { fix: { text: 'Tell its author, or use another revision.' } });
    return shards;
  }
  const others = [...names].sort();
  const gguf = others.find(name => name.endsWith('.gguf'));
  if (gguf !== undefined) throw problemError('models/gguf-only', `"${id}" holds GGUF files only (${gguf}, …).`, { fix: { text: 'Download one of them and name its path, or use the original model.' } });
  if (names.has('adapter_config.json')) throw problemError('models/adapter-not-model', `"${id}" is an adapter, not a model.`, { fix: { text: 'Name its base model here.' } });
  const pickle = others.find(name => /\.(bin|pt|pth)$/.test(name));
  if (pickle !== undefined) throw problemError('models/pytorch-only', `"${id}" has its weights in ${pickle} only, a pickle that can run code when it is read; safetensors are needed.`,
    { fix: { text: 'Look for a revision or copy with safetensors, or convert it once with Python: save_pretrained writes safetensors.' } });
  throw problemError('models/no-weights', `"${id}" has no model.safetensors.`, { fix: { text: 'Name a repository that holds a language model in safetensors.' } });
}

function shardNames(id: string, indexText: string): string[] {
  let map: unknown;
  try {
    map = (JSON.parse(indexText) as { weight_map?: unknown } | null)?.weight_map;
  } catch {
    map = undefined;
  }
  const shards = typeof map === 'object' && map !== null ? [...new Set(Object.values(map) as unknown[])] : [];
  // A name with a path would reach outside the snapshot.
  if (shards.length === 0 || !shards.every((shard): shard is string => typeof shard === 'string' && /^[\w][\w.-]*\.safetensors$/.test(shard)))
    throw problemError('models/bad-index', `the model.safetensors.index.json of "${id}" has no usable "weight_map".`);
  return shards.sort();
}
