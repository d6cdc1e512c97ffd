/** A recipe's datasets on the hub: whether they are there and may be read, and what of them is still to be transferred. */
import { stat } from 'node:fs/promises';
import { createLoader, HuggingFaceLoader } from '../datasets';
import { hubSettings } from '../models';
import type { HubOptions } from '../models';
import { datasetSources } from '../recipe';
import type { PlacedSource, Recipe } from '../recipe';
import { ProblemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { askHub } from './askHub';
import type { AskOptions } from './askHub';

export interface HubDatasets {
  readonly problems: readonly Problem[];
  /** All rows are on this machine. */
  readonly areHere: boolean;
  /** Of the files that are here. */
  readonly bytes: number;
  /** Still to be transferred. */
  readonly downloadBytes: number;
}

/** Less than this is brought at once, so that its rows can be checked: it takes no longer than asking. */
const SMALL_BYTES = 4 * 2 ** 20;

export async function gatherHubDatasets(recipe: Recipe, asking: AskOptions): Promise<HubDatasets> {
  const found = await Promise.all(datasetSources(recipe).filter(({ source }) => source.source_type === 'huggingface' && source.repo_id !== null).map(placed => gatherOne(placed, asking)));
  return {
    problems: found.flatMap(({ problems }) => problems), areHere: found.every(({ areHere }) => areHere),
    bytes: sum(found.map(({ bytes }) => bytes)), downloadBytes: sum(found.map(({ downloadBytes }) => downloadBytes)),
  };
}

/** From the cache where it is all there; only else is the hub asked. */
async function gatherOne(placed: PlacedSource, asking: AskOptions): Promise<HubDatasets> {
  try {
    return await inspect(placed, { ...asking.hub, isOffline: true });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if ((await hubSettings(asking.hub ?? {})).isOffline) return unread(error.problems);
  }
  try {
    const asked = await askHub(asking, hub => inspect(placed, hub));
    return 'answer' in asked ? asked.answer : unread([notChecked(placed, `it is not in the cache, and ${asked.why}`)]);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return unread(error.problems);
  }
}

async function inspect({ source, field }: PlacedSource, hub: HubOptions): Promise<HubDatasets> {
  const loader = createLoader(source, '.', field, { hub });
  if (!(loader instanceof HuggingFaceLoader)) throw new TypeError(`${field} is not on the hub`);
  const { repository, files, notes } = await loader.resolve();
  const missing = await Promise.all(files.map(file => repository.missingBytes(file)));
  const downloadBytes = sum(missing.map(bytes => bytes ?? 0)), [firstMissing] = files.filter((_, i) => missing[i] !== 0);
  if (firstMissing !== undefined && downloadBytes > SMALL_BYTES && !hub.isOffline) {
    await loader.checkAccess(firstMissing);
    return { problems: [...notes, notChecked({ source, field }, `${Math.ceil(downloadBytes / 2 ** 20)} MB of it are still on the hub, and are downloaded when training begins`)], areHere: false, bytes: 0, downloadBytes };
  }
  const sizes = await Promise.all((await Promise.all(files.map(file => loader.fetch(file)))).map(async path => (await stat(path)).size));
  return { problems: notes, areHere: true, bytes: sum(sizes), downloadBytes: 0 };
}

function notChecked({ source, field }: PlacedSource, why: string): Problem {
  return { id: 'preflight/rows-not-checked', severity: 'info', text: `The rows of "${source.repo_id ?? ''}" could not be checked: ${why}.`, where: { field: `${field}.repo_id` } };
}

function unread(problems: readonly Problem[]): HubDatasets {
  return { problems, areHere: false, bytes: 0, downloadBytes: 0 };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
