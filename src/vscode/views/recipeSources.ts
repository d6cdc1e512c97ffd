/** What a recipe can be made of: the models and datasets of this machine, and the first rows of the one that is chosen. */
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import type { CellPreview } from '../../shared/datasetPreview';
import type { DatasetLook, JsonObject, ModelChoice } from '../../shared/panels/recipe';
import type { Host } from '../host';
import { apprenticeFolder } from '../pickModel';
import { nameFrom } from '../recipeFiles';
import { uploadsFolder } from '../uploads';

export const DATASET_FILES = ['json', 'jsonl', 'ndjson', 'csv', 'tsv', 'parquet', 'txt'];
const EXCLUDED = '**/{node_modules,.merlina,.vscode,.git}/**';
/** JSON files that everybody has and nobody trains on. */
const NOT_A_DATASET = /\.merlina\.json$|\/(?:package|package-lock|tsconfig|config|generation_config|tokenizer|tokenizer_config|adapter_config|special_tokens_map|vocab|model\.safetensors\.index)\.json$/;
const LISTED_FILES = 100;
const SHOWN_ROWS = 5;

/** The apprentice first, then what the workspace holds, then what the hub's cache holds. */
export async function modelChoices(host: Host, recipe: Uri): Promise<ModelChoice[]> {
  const [weights, ggufs, cached] = await Promise.all([
    workspace.findFiles('**/{model.safetensors,model.safetensors.index.json}', EXCLUDED, LISTED_FILES),
    workspace.findFiles('**/*.gguf', EXCLUDED, LISTED_FILES),
    host.service.call('cachedModels', {}),
  ]);
  const folders = [...new Set(weights.map(({ fsPath }) => path.dirname(fsPath)))].sort();
  return [
    { id: apprenticeFolder(host), label: l10n.t('The apprentice'), kind: 'apprentice' },
    ...folders.map((folder): ModelChoice => ({ id: nameFrom(recipe, folder), label: workspace.asRelativePath(folder), kind: 'folder' })),
    ...ggufs.map(({ fsPath }): ModelChoice => ({ id: nameFrom(recipe, fsPath), label: workspace.asRelativePath(fsPath), kind: 'gguf' })),
    ...cached,
  ];
}

/** Dataset files of the workspace, as the recipe names them. */
export async function datasetFiles(recipe: Uri): Promise<string[]> {
  const found = await workspace.findFiles(`**/*.{${DATASET_FILES.join(',')}}`, EXCLUDED, LISTED_FILES);
  return found.filter(({ path: file }) => !NOT_A_DATASET.test(file)).map(({ fsPath }) => nameFrom(recipe, fsPath)).sort();
}

/** Asks for a file or folder; null where the user turned back. */
export async function browse(recipe: Uri, kind: 'dataset' | 'folder' | 'gguf'): Promise<string | null> {
  const filters = kind === 'dataset' ? { [l10n.t('Datasets')]: [...DATASET_FILES, 'gz', 'zst'] } : { GGUF: ['gguf'] };
  const [chosen] = await window.showOpenDialog({
    canSelectFolders: kind === 'folder', canSelectFiles: kind !== 'folder', canSelectMany: false, openLabel: l10n.t('Choose'),
    ...(kind === 'folder' ? {} : { filters }), defaultUri: Uri.file(path.dirname(recipe.fsPath)),
  }) ?? [];
  return chosen ? nameFrom(recipe, chosen.fsPath) : null;
}

/** Null for what is no file of this machine. */
export async function nameOfDropped(recipe: Uri, uri: string): Promise<string | null> {
  const dropped = Uri.parse(uri);
  const isFile = await workspace.fs.stat(dropped).then(() => dropped.scheme === 'file' || dropped.scheme === recipe.scheme, () => false);
  return isFile ? nameFrom(recipe, dropped.fsPath) : null;
}

/** dataset.source of a recipe. */
export function sourceOf(recipe: JsonObject | null): JsonObject | undefined {
  const { source } = (recipe?.dataset ?? {}) as { source?: JsonObject };
  return source;
}

/** Null where no dataset is named yet. */
export async function lookAt(host: Host, recipe: Uri, effective: JsonObject | null, signal: AbortSignal): Promise<DatasetLook | null> {
  const source = sourceOf(effective);
  if (!effective || !source || !(source.repo_id ?? source.file_path ?? source.dataset_id)) return null;
  const { column_mapping: mapping, format } = effective.dataset as { column_mapping: Record<string, string> | null; format: { format_type: string } };
  const dataset = {
    source, baseDir: path.dirname(recipe.fsPath), uploadsFolder: uploadsFolder(host), method: null, format: format.format_type, model: null,
    maxLength: Number(effective.max_length), maxPromptLength: Number(effective.max_prompt_length), mapping: mapping ?? {},
  };
  const [opened, page] = await Promise.all([
    host.service.call('openDataset', dataset, { signal }),
    host.service.call('datasetPage', { dataset, view: 'raw', offset: 0, count: SHOWN_ROWS }, { signal }),
  ]);
  const { name, format: fileFormat, rows, shape, columns } = opened.source;
  const cells = page.view === 'raw' ? page.rows.map(row => columns.map(column => shortText(row.cells[column.name]))) : [];
  return {
    name, format: fileFormat, ...(rows && { rows }), shape: { title: shape.title, confidence: shape.confidence }, method: opened.method,
    columns: columns.map(({ name: column, role }) => ({ name: column, role })), cells, problems: opened.problems,
  };
}

/** As much as a table shows. */
const CELL_CHARACTERS = 300;

function shortText(cell: CellPreview | undefined): string {
  const text = cell?.text ?? '';
  return text.length > CELL_CHARACTERS ? `${text.slice(0, CELL_CHARACTERS)}…` : text;
}
