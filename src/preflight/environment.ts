/** What a recipe meets when it is trained: gathered once, then a plain value that checks read and tests write as a literal. */
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Recipe } from '../recipe';
import { gatherDataset } from './datasetFacts';
import type { DatasetFacts } from './datasetFacts';
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
}

export interface Environment {
  readonly machine: Machine;
  readonly model: ModelFacts;
  readonly dataset: DatasetFacts;
  /** Whether there is one, never what it is. */
  readonly tokens: { readonly huggingFace: boolean; readonly wandb: boolean };
  /** Backends that this version trains with. */
  readonly backends: readonly string[];
  /** Looked for only where the recipe needs one. */
  readonly python: PythonFacts | undefined;
  /** A run of that name is there already. */
  readonly runExists: boolean;
}

export interface GatherOptions {
  /** Folder that relative paths of the recipe count from. */
  readonly baseDir: string;
  /** Folder of the run, which need not exist. */
  readonly runDirectory: string;
  readonly runExists: boolean;
  readonly backends: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly fetch?: typeof fetch;
}

/** Never throws for what a recipe names: what cannot be opened is a Problem among the facts. */
export async function gatherEnvironment(recipe: Recipe, options: GatherOptions): Promise<Environment> {
  const { baseDir, backends, runExists, runDirectory, environment = process.env } = options;
  const [opened, machine, python, hasHubToken] = await Promise.all([
    gatherModel(recipe.base_model, { baseDir, ...(options.fetch && { fetch: options.fetch }) }),
    gatherMachine(runDirectory),
    recipe.backend === 'trl' ? findPython(environment) : undefined,
    hasHuggingFaceToken(environment),
  ]);
  const dataset = await gatherDataset(recipe, opened.source, baseDir);
  return { machine, model: opened.facts, dataset, python, backends, runExists, tokens: { huggingFace: hasHubToken, wandb: hasWandbKey(environment) } };
}

export async function gatherMachine(folder: string): Promise<Machine> {
  const limit = process.constrainedMemory();
  const isLimited = limit > 0 && limit < os.totalmem();
  const memoryBytes = isLimited ? limit : os.totalmem();
  return {
    cores: os.availableParallelism(),
    memoryBytes,
    freeMemoryBytes: Math.min(os.freemem(), isLimited ? Math.max(0, limit - process.memoryUsage.rss()) : Infinity),
    freeDiskBytes: await freeDisk(folder),
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

export async function hasHuggingFaceToken(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const { hubSettings } = await import('../models/hub/settings');
  return (await hubSettings({}, environment)).token !== undefined;
}

export function hasWandbKey(environment: NodeJS.ProcessEnv): boolean {
  return (environment.WANDB_API_KEY ?? '') !== '';
}
