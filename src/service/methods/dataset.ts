/** Answers about datasets. Files, models and readings are opened once and shared by the requests that follow. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetInspector, fittingMethod, formatterNames, openSources, type DatasetSource, type InspectSettings, type SourceTables } from '../../datasets';
import { openTokenizer, type OpenedTokenizer } from '../../models';
import { datasetSettings, makeRecipe, recipeFields, type TrainingMode } from '../../recipe';
import type { Handlers } from '../../shared/calls';
import type { RowFilter } from '../../shared/panels/dataset';
import { Recent } from '../recent';
import type { datasetContract, DatasetReference } from './datasetContract';

interface Opened {
  tables: SourceTables[];
  inspector: DatasetInspector;
  method: string;
}

/** Views open at once rarely hold more. */
const KEPT_SOURCES = 4;
const KEPT_MODELS = 3;
const KEPT_READINGS = 8;

const sources = new Recent<SourceTables[]>(KEPT_SOURCES, async tables => { for (const table of tables) await table.close(); });
const models = new Recent<OpenedTokenizer>(KEPT_MODELS);
const readings = new Recent<Opened>(KEPT_READINGS);

export const datasetHandlers: Handlers<typeof datasetContract> = {
  async openDataset(reference) {
    const { inspector, method } = await open(reference);
    return { source: inspector.previews[0]!, problems: inspector.problems, method, methods: methods(), formats: [...formatterNames] };
  },
  async datasetPage({ dataset, view, offset, count }, { signal }) {
    return (await open(dataset)).inspector.page(view, offset, count, signal);
  },
  async datasetStatistics({ dataset }, { signal, progress }) {
    return (await open(dataset)).inspector.statistics({ signal, onUpdate: progress });
  },
  async findRow({ dataset, filter, from }, { signal }) {
    return find(await open(dataset), filter, from, signal);
  },
};

async function open(reference: DatasetReference): Promise<Opened> {
  const source = reference.source as unknown as DatasetSource;
  const place = JSON.stringify([source, reference.baseDir, reference.uploadsFolder, await stampOf(source, reference.baseDir)]);
  const tables = await sources.get(place, () => openSources([source], { baseDir: reference.baseDir, ...(reference.uploadsFolder !== undefined && { uploadsFolder: reference.uploadsFolder }) }));
  return readings.get(JSON.stringify([place, reference]), () => read(tables, reference));
}

/** A file that changed is another file. */
async function stampOf({ file_path: file }: DatasetSource, baseDir: string): Promise<string> {
  if (!file) return '';
  const found = await stat(path.resolve(baseDir, file)).catch(() => undefined);
  return found ? `${found.size} ${found.mtimeMs}` : 'absent';
}

async function read(tables: SourceTables[], reference: DatasetReference): Promise<Opened> {
  const { model } = reference;
  const loaded = model === null ? undefined : await models.get(model, () => openTokenizer(model, { baseDir: reference.baseDir }));
  const openAs = (method: string): Promise<DatasetInspector> => DatasetInspector.open(tables, settingsOf(reference, method, loaded));
  if (reference.method !== null) return { tables, inspector: await openAs(reference.method), method: reference.method };
  // What the columns are does not depend on the method; which method fits them does.
  const first = await openAs('sft');
  const method = fittingMethod(first.previews[0]!);
  return { tables, inspector: method === 'sft' ? first : await openAs(method), method };
}

/** The recipe's defaults where the reference says nothing. */
function settingsOf(reference: DatasetReference, method: string, model: OpenedTokenizer | undefined): InspectSettings {
  const { dataset, ...settings } = datasetSettings(makeRecipe({
    output_name: 'preview', training_mode: method as TrainingMode, max_length: reference.maxLength, max_prompt_length: reference.maxPromptLength,
  }));
  return { ...settings, model, dataset: { ...dataset, format: { ...dataset.format, format_type: reference.format as typeof dataset.format.format_type }, column_mapping: reference.mapping } };
}

function methods(): string[] {
  return [...recipeFields.find(({ key }) => key === 'training_mode')?.choices ?? []];
}

async function find({ tables, inspector }: Opened, filter: RowFilter, from: number, signal: AbortSignal): Promise<number | null> {
  if (filter === 'problem') return inspector.nextProblem(from, signal);
  if (filter === 'random') {
    const rows = inspector.rowCount()?.value ?? 0;
    return rows === 0 ? null : Math.floor(Math.random() * rows);
  }
  return extremeRow(tables, filter === 'longest', signal);
}

/** Rows read in one go while looking through all of them. */
const CHUNK_ROWS = 1000;

/** The row with the most, or the fewest, characters. */
async function extremeRow(tables: readonly SourceTables[], isLongest: boolean, signal: AbortSignal): Promise<number | null> {
  let best: { row: number; characters: number } | undefined;
  let before = 0;
  for (const table of tables) {
    await table.indexed();
    const total = table.knownRows().value;
    for (let offset = 0; offset < total; offset += CHUNK_ROWS) {
      (await table.rows(offset, CHUNK_ROWS, signal)).forEach((row, i) => {
        if (!('raw' in row)) return;
        const characters = JSON.stringify(row.raw.cells).length;
        if (best === undefined || (isLongest ? characters > best.characters : characters < best.characters)) best = { row: before + offset + i, characters };
      });
      signal.throwIfAborted();
    }
    before += total;
  }
  return best?.row ?? null;
}
