/** `merlina preview`: what a dataset becomes, from its rows to the tokens that are learnt. */
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import { DatasetInspector, fittingMethod, formatterNames, openSources } from '../datasets';
import type { DatasetSource, InspectSettings, SourceTables } from '../datasets';
import { openTokenizer } from '../models';
import type { OpenedTokenizer } from '../models';
import { datasetSettings, isMerlinaConfig, makeRecipe } from '../recipe';
import type { Recipe } from '../recipe';
import type { PreviewView } from '../shared/datasetPreview';
import { ProblemError, problemError, renderProblem } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { visibleText } from '../shared/visibleText';
import { numberOption, parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';
import { dataDirectory, uploadsFolder } from './dataDirectory';
import { pageText, sourceText, statisticsText } from './previewText';
import { readRecipeFile } from './readRecipeFile';

const help = `Usage: merlina preview FILE|DATASET|RECIPE.json [options]

Shows a dataset as it is read: its shape and how sure that is, what each column means, rows as the text that is formatted, and figures of
the set. DATASET is the id of one on the hub. Figures marked ≈ are of a sample. Nothing is trained.

  --model MODEL    Whose tokenizer and chat template: a folder, a GGUF file or a hub id (its weights are not downloaded).
  --tokens         Rows as tokens: what is read, what is learnt, what is cut away, and how each answer ends.
  --format F       ${formatterNames.join(', ')}. Without a model and a format, rows are shown as they are.
  --method M       What the rows are for: sft, orpo, dpo, kto, …; by the columns where not given.
  --rows N         Rows to show (3).
  --offset K       First row to show, from 0 (0).
  --exact          Count all rows for the figures, not a sample.
  --json           One JSON object a line: source, row, problem, statistics.
  --data-dir DIR   Where uploads lie: MERLINA_DATA_DIR or .merlina where not given.

Colours are left out where NO_COLOR is set or the output is no terminal. Exit codes: 0 shown, 2 with errors that keep it from being trained.

Example:
  $ merlina preview pairs.jsonl --model ./SmolLM2-135M --tokens --rows 1
  pairs.jsonl: jsonl, 1.6 MB, 300 rows
  one column each for prompt, chosen and the others (100 % of the first 200)
`;

const OPTIONS = {
  model: { type: 'string' }, format: { type: 'string' }, method: { type: 'string' }, rows: { type: 'string' }, offset: { type: 'string' }, 'data-dir': { type: 'string' },
  tokens: { type: 'boolean', default: false }, exact: { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals: [named, ...others] } = parseArguments(args, OPTIONS, 'preview');
  if (named === undefined || others.length > 0) throw problemError('cli/arguments', 'One FILE, DATASET or RECIPE.json is needed.', { fix: { text: 'See `merlina preview --help`.' } });
  const count = numberOption(values.rows, 'rows', 3, { min: 0, max: 10_000, isInteger: true });
  const offset = numberOption(values.offset, 'offset', 0, { min: 0, max: Number.MAX_SAFE_INTEGER, isInteger: true });
  const dataFolder = dataDirectory(values['data-dir']);
  const recipe = await isRecipe(named) ? await readRecipeFile(named, dataFolder, terminal) : undefined;
  const sources: DatasetSource[] = recipe ? [recipe.dataset.source, ...recipe.dataset.additional_sources] : [await sourceOf(named)];
  const model = await modelOf(values.model, recipe, terminal);
  if (values.tokens && !model) throw problemError('cli/arguments', '--tokens needs --model.', { fix: { text: 'Name the model whose tokens you want to see.' } });

  const tables = await openSources(sources, { baseDir: '.', uploadsFolder: uploadsFolder(dataFolder) });
  try {
    const format = values.format ?? (model?.chatTemplate === undefined && !recipe ? 'chatml' : undefined);
    const inspector = await openInspector(tables, recipe, { method: values.method, format, model });
    const isFormattable = model !== undefined || values.format !== undefined || (recipe !== undefined && recipe.dataset.format.format_type !== 'tokenizer');
    const view: PreviewView = values.tokens ? 'tokens' : isFormattable ? 'formatted' : 'raw';
    return await show(inspector, view, { offset, count, isExact: values.exact, isJson: values.json }, terminal);
  } finally {
    for (const table of tables) await table.close();
  }
}

/** Without a recipe its defaults hold, and the columns decide what the rows are for. */
async function openInspector(tables: readonly SourceTables[], recipe: Recipe | undefined, { method, format, model }: { method: string | undefined; format: string | undefined; model: OpenedTokenizer | undefined }): Promise<DatasetInspector> {
  const settingsFor = (training_mode: string | undefined): InspectSettings => {
    const base = recipe ?? makeRecipe({ output_name: 'preview' });
    const { dataset, ...settings } = datasetSettings({ ...base, training_mode: (training_mode ?? base.training_mode) as Recipe['training_mode'] });
    return { ...settings, model, dataset: format === undefined ? dataset : { ...dataset, format: { ...dataset.format, format_type: format } } };
  };
  const inspector = await DatasetInspector.open(tables, settingsFor(method ?? (recipe ? undefined : 'sft')));
  return recipe || method !== undefined ? inspector : DatasetInspector.open(tables, settingsFor(fittingMethod(inspector.previews[0]!)));
}

interface ShowOptions { offset: number; count: number; isExact: boolean; isJson: boolean }

async function show(inspector: DatasetInspector, view: PreviewView, { offset, count, isExact, isJson }: ShowOptions, terminal: Terminal): Promise<number> {
  // Rows as they are need no format.
  const problems = inspector.problems.filter(({ id }) => view !== 'raw' || id !== 'dataset/no-model');
  const page = await inspector.page(view, offset, count);
  const statistics = await inspector.statistics({ sampleOnly: !isExact });
  const line = (type: string, value: object): void => terminal.out(`${JSON.stringify({ type, ...value })}\n`);
  if (isJson) {
    for (const preview of inspector.previews) line('source', preview);
    for (const problem of problems) line('problem', { problem });
    page.rows.forEach((row, i) => line('row', { view, index: offset + i, ...row }));
    line('statistics', statistics);
  } else {
    for (const preview of inspector.previews) terminal.out(sourceText(preview));
    tell(problems, terminal);
    terminal.out(pageText(page, { columns: terminal.columns, hasColours: terminal.hasColours ?? false }));
    terminal.out(statisticsText(statistics));
    // Those of rows stand at the rows, and under what is left out.
    tell(statistics.problems.filter(problem => problem.where?.row === undefined && !problems.some(({ id }) => id === problem.id)), terminal);
    if (!inspector.settings.model) terminal.out('\nWith --model MODEL the rows are shown as the model meets them, and with --tokens as tokens.\n');
  }
  return problems.some(({ severity }) => severity === 'error') || statistics.rows.usable.value === 0 ? EXIT.badInput : EXIT.done;
}

function tell(problems: readonly Problem[], terminal: Terminal): void {
  for (const problem of problems) terminal.error(`${problem.severity}: ${visibleText(renderProblem(problem), '\n')}\n`);
}

/** A recipe's model may not be here: then the rows are shown without it, with a word why. */
async function modelOf(named: string | undefined, recipe: Recipe | undefined, terminal: Terminal): Promise<OpenedTokenizer | undefined> {
  if (named !== undefined) return openTokenizer(named);
  if (!recipe) return undefined;
  try {
    return await openTokenizer(recipe.base_model);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    tell(error.problems.map(problem => ({ ...problem, severity: 'warning' })), terminal);
    return undefined;
  }
}

async function sourceOf(named: string): Promise<DatasetSource> {
  const isFile = await stat(named).then(() => true, () => false);
  const isId = /^[\w.-]+\/[\w.-]+$/.test(named) && path.extname(named) === '';
  if (!isFile && isId) return { source_type: 'huggingface', repo_id: named };
  return { source_type: 'local_file', file_path: path.resolve(named) };
}

/** Larger files are rows. */
const LARGEST_RECIPE_BYTES = 1_000_000;

/** By its name, or by keys that only recipes have. */
async function isRecipe(file: string): Promise<boolean> {
  if (file.endsWith('.merlina.json')) return true;
  if (!file.endsWith('.json')) return false;
  const handle = await open(file).catch(() => undefined);
  if (!handle) return false;
  try {
    if ((await handle.stat()).size > LARGEST_RECIPE_BYTES) return false;
    const value: unknown = parse(await handle.readFile('utf8'), [], { allowTrailingComma: true });
    return typeof value === 'object' && value !== null && !Array.isArray(value) && (isMerlinaConfig(value) || ['output_name', 'base_model', 'training_mode'].some(key => key in value));
  } finally {
    await handle.close();
  }
}

export const command: Command = { help, run };
