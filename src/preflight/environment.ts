/** What a recipe meets when it is trained: gathered once, then a plain value that checks read and tests write as a literal. */
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chooseDevice } from '../devices';
import type { DeviceChoice } from '../devices';
import { hubCacheDir } from '../models';
import type { Recipe } from '../recipe';
import { gatherAccounts } from './accounts';
import type { Accounts } from './accounts';
import type { AskOptions } from './askHub';
import { gatherDataset } from './datasetFacts';
import type { DatasetFacts } from './datasetFacts';
import { findGpus } from './gpuFacts';
import type { Gpu } from './gpuFacts';
import { gatherHubDatasets } from './hubDatasets';
import { gatherModel } from './modelFacts';
import type { ModelFacts } from './modelFacts';
import { findPython } from './pythonFacts';
import type { PythonFacts } from './pythonFacts';

export interface Machine {
  readonly cores: number;
  /** Of the machine, or of the container where that is less. */
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  /** Undefined where it cannot be told. */
  readonly freeDiskBytes: number | undefined;
  /** Of the disk that models and datasets of the hub are downloaded to. */
  readonly freeCacheBytes?: number | undefined;
}

export interface Environment {
  readonly machine: Machine;
  readonly model: ModelFacts;
  readonly dataset: DatasetFacts;
  readonly tokens: Accounts;
  /** Backends that this version trains with. */
  readonly backends: readonly string[];
  /** Looked for only where the recipe needs one. */
  readonly python: PythonFacts | undefined;
  /** NVIDIA cards; looked for only where the recipe's backend uses them. */
  readonly gpus?: readonly Gpu[];
  /** What the embedded backend would compute on, and why. */
  readonly device?: DeviceChoice;
  /** A run of that name is there already. */
  readonly runExists: boolean;
}

export interface GatherOptions extends AskOptions {
  /** Folder that relative paths of the recipe count from. */
  readonly baseDir: string;
  /** Folder of the run, which need not exist. */
  readonly runDirectory: string;
  readonly runExists: boolean;
  readonly backends: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/** Never throws for what a recipe names: what cannot be opened is a Problem among the facts. All that needs the network is asked at once. */
export async function gatherEnvironment(recipe: Recipe, options: GatherOptions): Promise<Environment> {
  const { baseDir, backends, runExists, runDirectory, environment = process.env } = options;
  const asking: AskOptions = { ...(options.hub && { hub: options.hub }), ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }) };
  const usesPython = recipe.backend === 'trl';
  const [opened, hubDatasets, machine, python, gpus, tokens, device] = await Promise.all([
    gatherModel(recipe.base_model, { baseDir, ...asking }),
    gatherHubDatasets(recipe, asking),
    gatherMachine(runDirectory, options.hub?.cacheDir ?? hubCacheDir(environment)),
    usesPython ? findPython(environment) : undefined,
    usesPython ? findGpus() : undefined,
    gatherAccounts(recipe, environment, asking),
    usesPython ? undefined : chooseDevice(recipe),
  ]);
  const dataset = await gatherDataset(recipe, opened.source, hubDatasets, { baseDir, ...asking });
  return { machine, model: opened.facts, dataset, python, ...(gpus && { gpus }), ...(device && { device }), backends, runExists, tokens };
}

/** `cacheDir` is where downloads go, which may be another disk than the folder's. */
export async function gatherMachine(folder: string, cacheDir?: string): Promise<Machine> {
  const limit = process.constrainedMemory();
  const isLimited = limit > 0 && limit < os.totalmem();
  const memoryBytes = isLimited ? limit : os.totalmem();
  return {
    cores: os.availableParallelism(),
    memoryBytes,
    freeMemoryBytes: Math.min(os.freemem(), isLimited ? Math.max(0, limit - process.memoryUsage.rss()) : Infinity),
    freeDiskBytes: await freeDisk(folder),
    ...(cacheDir !== undefined && { freeCacheBytes: await freeDisk(cacheDir) }),
  };
}

/** Of the nearest folder that exists. */
async function freeDisk(folder: string): Promise<number | undefined> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const disk = await statfs(at).catch(() => undefined);
    if (disk) return disk.bavail * disk.bsize;
    if (at === path.dirname(at)) return undefined;
  }
}
