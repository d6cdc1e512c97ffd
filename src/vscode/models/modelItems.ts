/** The models there are to talk to: the apprentice, what was trained here, GGUF files of the workspace, and the hub's cache. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { l10n, workspace } from 'vscode';
import type { JobManager, JobRecord } from '../../jobs';
import { formatBytes } from '../../shared/format';
import type { Host } from '../host';
import { apprenticeFolder } from '../pickModel';
import { jobName, recipeText } from '../sidebar/jobRows';

/** Menus know them by this (viewItem). */
export type ModelKind = 'apprentice' | 'adapter' | 'merged' | 'gguf' | 'hub';

export interface ModelItem {
  kind: ModelKind;
  name: string;
  /** What it was made from, or how large it is. */
  detail: string;
  /** As base_model takes it: of an adapter its base, null where only the adapter knows. */
  model: string | null;
  /** PEFT folder. */
  adapter: string | null;
  /** File or folder that holds it. */
  path: string;
  /** The run that made it. */
  job_id?: string;
  /** Of a merged one: the model before. */
  mergedFrom?: string | null;
}

/** Models that come from the same place. */
export interface ModelGroup {
  label: string;
  models: ModelItem[];
}

/** More than these are not listed; chat takes any by its path. */
const LISTED_MODELS = 200;

/** A place with nothing in it is left out. */
export async function modelGroups(host: Host): Promise<ModelGroup[]> {
  const [manager, files, cached] = await Promise.all([host.jobs.managerIfAny(), ggufItems(), hubItems()]);
  return [
    { label: l10n.t('Built in'), models: [apprenticeItem(host)] },
    { label: l10n.t('Trained here'), models: trainedItems(manager) },
    { label: l10n.t('GGUF files of the workspace'), models: files },
    { label: l10n.t('Hugging Face cache'), models: cached },
  ].filter(({ models }) => models.length > 0);
}

export function apprenticeItem(host: Host): ModelItem {
  const folder = apprenticeFolder(host);
  return { kind: 'apprentice', name: l10n.t('The apprentice'), detail: l10n.t('1.4 million parameters'), model: folder, adapter: null, path: folder };
}

/** Newest first. */
export function trainedItems(manager: JobManager | undefined): ModelItem[] {
  const completed = manager?.listJobs({ status: ['completed'], limit: LISTED_MODELS }) ?? [];
  return completed.flatMap(job => resultOf(job) ?? []);
}

/** What a completed run left; undefined where it is gone. */
export function resultOf(job: JobRecord): ModelItem | undefined {
  const { output_dir: folder, job_id, config } = job;
  if (folder === null || !existsSync(folder)) return undefined;
  const base = recipeText(config, 'base_model');
  const about = { name: jobName(job), detail: [recipeText(config, 'training_mode'), base && path.basename(base)].filter(Boolean).join(' · '), path: folder, job_id };
  return isAdapter(folder) ? { kind: 'adapter', ...about, model: base ?? null, adapter: folder } : { kind: 'merged', ...about, model: folder, adapter: null, mergedFrom: base ?? null };
}

export function isAdapter(folder: string): boolean {
  return existsSync(path.join(folder, 'adapter_config.json'));
}

async function ggufItems(): Promise<ModelItem[]> {
  const files = await workspace.findFiles('**/*.gguf', '**/node_modules/**', LISTED_MODELS);
  return files.map(({ fsPath }): ModelItem => ({
    kind: 'gguf', name: path.basename(fsPath), detail: formatBytes(statSync(fsPath, { throwIfNoEntry: false })?.size ?? 0), model: fsPath, adapter: null, path: fsPath,
  })).sort((a, b) => a.name.localeCompare(b.name));
}

async function hubItems(): Promise<ModelItem[]> {
  const { cachedModels } = await import('../../models');
  return (await cachedModels()).map(({ id, folder, bytes }) => ({ kind: 'hub', name: id, detail: formatBytes(bytes), model: id, adapter: null, path: folder }));
}

/** What a command of the tree was given. */
export function isModelItem(value: unknown): value is ModelItem {
  return typeof value === 'object' && value !== null && 'kind' in value && 'adapter' in value && 'path' in value;
}
