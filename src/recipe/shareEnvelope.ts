/** A recipe as the configuration that is shared: Merlina's keys with their values, so that it means the same there as here. */
import { isObject, type JsonObject } from './jsonPath';
import { type Recipe, recipeDefaults } from './schema';
import { withoutSecrets } from './secrets';

/** The version of Merlina whose keys and meaning the configuration has. */
const merlinaVersion = '2.2.0';
export const merlinaSchemaName = 'merlina/training-config';
/** Ours: Merlina does not know them, so they are shared only where they say something. */
const ownKeys = [
  'use_rslora', 'init_adapter', 'max_steps', 'cpo_alpha', 'train_on_prompt', 'train_on_turns', 'early_stopping_patience', 'save_total_limit', 'sample_prompts',
  'backend', 'device', 'compute_dtype', 'threads',
] as const satisfies (keyof Recipe)[];
const ownDatasetKeys = ['near_duplicate_threshold', 'bad_rows'] as const satisfies (keyof Recipe['dataset'])[];
/** How to share is not part of what is shared (upstream leaves these out too); an editor's `$schema` is nobody else's. */
const unsharedKeys = ['share_config', 'share_config_image', '$schema'];

/** For encodeShareCode: `_metadata`, then the keys; without nulls (null means the default), secrets and our own keys at their defaults. */
export function shareEnvelope(recipe: Recipe, { description = 'Training configuration shared from Merlina for VS Code.', tags = [] as string[] } = {}): JsonObject {
  const defaults = recipeDefaults();
  const isAtDefault = (key: typeof ownKeys[number]) => JSON.stringify(recipe[key]) === JSON.stringify(defaults[key]);
  const left = new Set<string>([...unsharedKeys, ...ownKeys.filter(isAtDefault)]);
  const shared: JsonObject = Object.fromEntries(Object.entries(recipe).filter(([key]) => !left.has(key)));
  const leftOfDataset = new Set<string>(ownDatasetKeys.filter(key => recipe.dataset[key] === defaults.dataset[key]));
  shared['dataset'] = Object.fromEntries(Object.entries(recipe.dataset).filter(([key]) => !leftOfDataset.has(key)));
  return {
    ...withoutNulls(withoutSecrets(shared)),
    _metadata: { name: recipe.output_name, description, tags, schema: merlinaSchemaName, schema_version: 1, merlina_version: merlinaVersion },
  };
}

/** A copy without keys whose value is null, at any depth; lists keep their entries. */
export function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value)
    .filter(([, inner]) => inner !== null)
    .map(([key, inner]) => [key, pruned(inner)]));
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  return isObject(value) ? withoutNulls(value) : value;
}
