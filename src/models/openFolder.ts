/** A Hugging Face model folder (or one GGUF in a folder) as a ModelSource. Reads headers and texts, never weights. */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { problemError } from '../shared/problem';
import type { TensorInfo } from '../shared/tensors';
import { unreadable } from './fileRange';
import { fingerprint } from './fingerprint';
import { openGguf } from './gguf';
import { readJsonObject } from './jsonFile';
import { readSafetensorsHeader, tensorInfoOf } from './safetensors';
import type { ModelSource } from './source';
import { readTokenizerFiles } from './tokenizerFiles';

const convertHint = 'Convert it once with Python: AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(OUT).';

/** `id` is what the user named. Throws a ProblemError that names the file at fault. */
export async function openFolder(folder: string, id = folder): Promise<ModelSource> {
  const names = new Set(await readdir(folder).catch(error => { throw unreadable(folder, error); }));
  const ggufs = [...names].filter(name => name.toLowerCase().endsWith('.gguf'));
  if (!names.has('config.json')) {
    if (ggufs.length === 1) return openGguf(join(folder, ggufs[0]!), id);
    throw notAModel(folder, names, ggufs);
  }
  const config = await readJsonObject(join(folder, 'config.json'));
  const { tensors, fileSizes } = await readTensors(folder, names);
  return {
    id, config, tensors,
    fingerprint: fingerprint(config, tensors.values(), fileSizes),
    ...await readTokenizerFiles(folder, names),
    generationConfig: names.has('generation_config.json') ? await readJsonObject(join(folder, 'generation_config.json')) : undefined,
  };
}

interface Tensors { tensors: Map<string, TensorInfo>; fileSizes: Map<string, number> }

async function readTensors(folder: string, names: ReadonlySet<string>): Promise<Tensors> {
  if (names.has('model.safetensors')) return readShards(folder, names, new Map([['model.safetensors', undefined]]));
  if (names.has('model.safetensors.index.json')) return readShards(folder, names, await readIndex(folder));
  const bins = [...names].filter(name => /^pytorch_model.*\.bin$/.test(name));
  if (bins.length > 0)
    throw problemError('models/pytorch-only', `the weights are in ${bins.sort()[0]} only, a pickle that can run code when it is read; safetensors are needed.`, { where: { file: folder }, fix: { text: convertHint } });
  throw problemError('models/no-weights', 'the folder has a config.json but neither model.safetensors nor model.safetensors.index.json.',
    { where: { file: folder }, fix: { text: 'Download the model again, with its weights.' } });
}

/** Shard → the tensors that the index expects in it. */
async function readIndex(folder: string): Promise<Map<string, string[]>> {
  const file = join(folder, 'model.safetensors.index.json');
  const { weight_map: map } = await readJsonObject(file);
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw problemError('models/bad-index', 'it has no "weight_map".', { where: { file } });
  const shards = new Map<string, string[]>();
  for (const [tensor, shard] of Object.entries(map)) {
    // A name with a path would reach outside the folder.
    if (typeof shard !== 'string' || !/^[^/\\]+\.safetensors$/.test(shard))
      throw problemError('models/bad-index', `its shard is ${JSON.stringify(shard)}; the plain name of a .safetensors file is needed.`, { where: { file, field: tensor } });
    shards.set(shard, [...shards.get(shard) ?? [], tensor]);
  }
  return shards;
}

async function readShards(folder: string, names: ReadonlySet<string>, shards: ReadonlyMap<string, readonly string[] | undefined>): Promise<Tensors> {
  const missing = [...shards.keys()].filter(shard => !names.has(shard)).sort();
  if (missing.length > 0)
    throw problemError('models/missing-shard', `the index names ${shards.size} shards, of which ${missing.length} ${missing.length === 1 ? 'is' : 'are'} missing: ${missing.join(', ')}.`,
      { where: { file: folder }, fix: { text: 'Download the model again; what is there already is kept.' } });
  const tensors = new Map<string, TensorInfo>(), fileSizes = new Map<string, number>();
  for (const [shard, expected] of shards) {
    const path = join(folder, shard), file = await realpath(path), header = await readSafetensorsHeader(path);
    fileSizes.set(file, header.fileSize);
    for (const entry of header.entries) {
      if (tensors.has(entry.name)) throw problemError('models/bad-index', 'two shards hold a tensor of this name.', { where: { file: path, field: entry.name } });
      tensors.set(entry.name, tensorInfoOf(file, entry));
    }
    const absent = expected?.find(tensor => !tensors.has(tensor));
    if (absent !== undefined) throw problemError('models/missing-tensor', 'the index says that this shard holds the tensor, but it does not.', { where: { file: path, field: absent }, fix: { text: 'Download the shard again.' } });
  }
  return { tensors, fileSizes };
}

function notAModel(folder: string, names: ReadonlySet<string>, ggufs: readonly string[]): Error {
  if (ggufs.length > 1)
    return problemError('models/several-ggufs', `the folder holds ${ggufs.length} GGUF files and no config.json: ${[...ggufs].sort().join(', ')}.`, { where: { file: folder }, fix: { text: 'Name one of the files.' } });
  if (names.has('adapter_config.json'))
    return problemError('models/adapter-not-model', 'the folder holds an adapter, not a model.', { where: { file: folder }, fix: { text: 'Name the base model here, and the adapter as init_adapter or --adapter.' } });
  return problemError('models/not-a-model', 'the folder has no config.json and no GGUF file.', { where: { file: folder }, fix: { text: 'Name a Hugging Face model folder, a .gguf file, or a hub id such as "HuggingFaceTB/SmolLM2-135M-Instruct".' } });
}
