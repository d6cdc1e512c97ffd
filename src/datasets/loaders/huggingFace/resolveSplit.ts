/** From a dataset on the hub to the files of one split: by its card, by the hub's Parquet conversion, or by the names of its files. */
import { readFile } from 'node:fs/promises';
import { isHubProblem } from '../../../models';
import type { DatasetRepository } from '../../../models';
import { problemError } from '../../../shared/problem';
import type { Problem } from '../../../shared/problem';
import { folder, readCardConfigs } from './datasetCard';
import type { CardConfig } from './datasetCard';
import { hasMagic, matching, searchedFolder } from './globPattern';
import { convertedConfigs, PARQUET_BRANCH } from './parquetBranch';
import type { ConvertedSplit } from './parquetBranch';
import { rowFiles } from './rowFiles';
import { splitsByName } from './splitNames';
import { listed, noSuchFile, nothingToRead, notThere, partial, scriptOf, slip } from './splitProblems';

/** What a recipe's source asks for; `field` is where it stands in the recipe. */
export interface SplitRequest {
  config: string | null;
  split: string;
  dataDir: string | null;
  /** Patterns instead of what the card says. */
  dataFiles: readonly string[] | null;
  field: string;
}

export interface ResolvedSplit {
  /** At the commit that the files are of. */
  repository: DatasetRepository;
  /** Names in the repository, in the order of their rows. */
  files: string[];
  /** Worth a word. */
  notes: Problem[];
}

type Files = Pick<ResolvedSplit, 'files' | 'notes'>;
/** Files of each split, found only for the split that is asked for: a list of a large repository takes a while. */
type Splits = Map<string, () => Promise<Files>>;

/** Problems: dataset/config-needed, no-such-config, no-such-split, no-data-files, bad-card, and those of the hub. */
export async function resolveSplit(repository: DatasetRepository, request: SplitRequest): Promise<ResolvedSplit> {
  const own = await ownSplits(repository, request);
  if (own) {
    const found = await chosenFiles(own, request, repository.id);
    if (found.files.length > 0) return { repository, ...found };
  }
  const branch = request.dataFiles === null && request.dataDir === null ? await parquetBranch(repository) : undefined;
  const configs = branch && convertedConfigs(await branch.list('', true));
  if (!configs) throw nothingToRead(repository.id, await repository.list('', true), request);
  return { repository: branch, ...await chosenFiles(convertedSplits(configs, request, repository.id), request, repository.id) };
}

/** Undefined where the repository holds a script instead of rows, which only its conversion can stand for. */
async function ownSplits(repository: DatasetRepository, request: SplitRequest): Promise<Splits | undefined> {
  const { dataFiles, dataDir, field } = request;
  if (dataFiles !== null) return new Map([['train', () => byPatterns(repository, folder(dataDir ?? ''), dataFiles, `${field}.data_files`)]]);
  if (dataDir !== null) return namedSplits(repository, folder(dataDir));
  const top = await repository.list();
  const configs = top.includes('README.md') ? await cardConfigs(repository) : [];
  if (configs.length > 0) return cardSplits(repository, choose(configs, request, repository.id));
  if (top.includes(scriptOf(repository.id))) return undefined;
  const names = await repository.list('', true), converted = convertedConfigs(names);
  if (converted) return convertedSplits(converted, request, repository.id);
  const splits = await namedSplits(repository, '');
  if (splits.size > 0) choose([{ name: 'default', isDefault: true }], request, repository.id);
  return splits;
}

async function cardConfigs(repository: DatasetRepository): Promise<CardConfig[]> {
  const file = await repository.fetch('README.md');
  return readCardConfigs(await readFile(file, 'utf8'), file);
}

function cardSplits(repository: DatasetRepository, { dataDir, dataFiles }: CardConfig): Splits | Promise<Splits> {
  if (!dataFiles) return namedSplits(repository, dataDir);
  return new Map([...dataFiles].map(([split, patterns]) => [split, () => byPatterns(repository, dataDir, patterns)]));
}

async function namedSplits(repository: DatasetRepository, dataDir: string): Promise<Splits> {
  const below = dataDir === '' ? '' : `${dataDir}/`;
  const names = rowFiles(matching((await repository.list(dataDir, true)).map(name => name.slice(below.length)), '**'));
  return new Map([...splitsByName(names)].map(([split, files]) => [split, () => Promise.resolve({ files: files.map(name => below + name), notes: [] })]));
}

function convertedSplits(configs: Map<string, Map<string, ConvertedSplit>>, request: SplitRequest, id: string): Splits {
  const { name } = choose([...configs.keys()].map(config => ({ name: config, isDefault: false })), request, id);
  return new Map([...configs.get(name)!].map(([split, { files, isPartial }]) => [split, () => Promise.resolve({ files, notes: isPartial ? [partial(id, split, request.field)] : [] })]));
}

/** `field` is set where the recipe, not the card, names the patterns. */
async function byPatterns(repository: DatasetRepository, dataDir: string, patterns: readonly string[], field?: string): Promise<Files> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (pattern.includes('://')) throw problemError('dataset/no-data-files', `The rows of "${repository.id}" lie elsewhere: ${pattern}.`, { ...(field !== undefined && { where: { field } }), fix: { text: 'Download them and name the file with source_type "local_file".' } });
    const path = folder(`${dataDir}/${pattern}`), { folder: searched, isRecursive } = searchedFolder(path);
    const files = matching(await repository.list(searched, isRecursive), path);
    if (files.length === 0 && !hasMagic(path)) throw noSuchFile(repository.id, path, field);
    if (hasMagic(path) && repository.isListedFromCache) checkShards(repository.id, files);
    files.forEach(file => found.add(file));
  }
  return { files: rowFiles([...found]), notes: [] };
}

/** Where only the cache says what there is, a shard that is not here must not pass for one that does not exist. */
function checkShards(id: string, files: readonly string[]): void {
  const here = new Map<string, number>();
  for (const file of files) {
    const group = /^(.*)-\d{5}-of-(\d{5})/.exec(file);
    if (group) here.set(`${group[1]}-of-${group[2]}`, (here.get(`${group[1]}-of-${group[2]}`) ?? 0) + 1);
  }
  for (const [group, count] of here) {
    const total = Number(group.slice(-5));
    if (count < total) throw problemError('dataset/offline', `Only ${count} of the ${total} files ${group.slice(0, -9)}-*-of-${group.slice(-5)} of "${id}" are in the cache, and the hub cannot be asked for the others.`, { fix: { text: 'Unset HF_HUB_OFFLINE, or check the connection, to download them.' } });
  }
}

async function parquetBranch(repository: DatasetRepository): Promise<DatasetRepository | undefined> {
  try {
    return await repository.at(PARQUET_BRANCH);
  } catch (error) {
    if (isHubProblem(error, 'no-such-revision')) return undefined;
    if (isHubProblem(error, 'offline')) throw problemError('dataset/offline', `Neither rows of "${repository.id}" (revision "${repository.revision}") nor the hub's Parquet conversion of it are in the cache, and offline mode is on.`, { fix: { text: 'Unset HF_HUB_OFFLINE to download them, or name a local file.' } }, error);
    throw error;
  }
}

/** The config that is asked for, or the one that needs no asking. Source of the rule: datasets 5.2 metadata.py, get_default_config_name. */
function choose<T extends { name: string; isDefault: boolean }>(configs: readonly T[], { config, field }: SplitRequest, id: string): T {
  const names = configs.map(({ name }) => name);
  if (config === null) {
    const chosen = configs.length === 1 ? configs[0] : configs.find(({ isDefault }) => isDefault) ?? configs.find(({ name }) => name === 'default');
    if (chosen) return chosen;
    throw notThere('config-needed', `"${id}" has ${names.length} configurations, and none is its default: ${listed(names)}.`, `${field}.config_name`, names[0], 'Name one');
  }
  const chosen = configs.find(({ name }) => name === config);
  if (chosen) return chosen;
  throw notThere('no-such-config', `"${id}" has no configuration "${config}". There is: ${listed(names)}.`, `${field}.config_name`, slip(config, names));
}

/** Of "train" or of several, "train+test". */
async function chosenFiles(splits: Splits, { split, field }: SplitRequest, id: string): Promise<Files> {
  if (splits.size === 0) return { files: [], notes: [] };
  const names = [...splits.keys()], key = `${field}.split`;
  if (split.includes('[')) {
    const plain = split.replace(/\[[^\]]*\]/g, '');
    throw notThere('no-such-split', `"${split}" asks for a part of a split, which is not read.`, key, plain, 'Limit the rows with dataset.max_samples and name the split alone');
  }
  const chosen = split.split('+').map(name => name.trim());
  const unknown = chosen.find(name => !splits.has(name));
  if (unknown !== undefined) throw notThere('no-such-split', `"${id}" has no split "${unknown}". There is: ${listed(names)}.`, key, names.length === 1 ? names[0] : slip(unknown, names));
  const found: Files[] = [];
  for (const name of chosen) found.push(await splits.get(name)!());
  return { files: found.flatMap(({ files }) => files), notes: found.flatMap(({ notes }) => notes) };
}
