/** A recipe's text as the host keeps it, played for the wizard: edits change it, and what it says then is sent to the view. */
import { parse } from 'jsonc-parser';
import { editRecipeText, presets, readRecipe, recipeFields } from '../../src/recipe';
import type { DatasetLook, HubModel, ModelChoice, RecipeDocument, RecipeState } from '../../src/shared/panels/recipe';
import type { RecipeAssessment } from '../../src/shared/recipeAssessment';
import { openView, type FakeHost, type OpenedView, type ViewSetting } from './harness';

export const TEXT = `{
  // the small one
  "base_model": "HuggingFaceTB/SmolLM2-135M-Instruct",
  "output_name": "wizard",
  "training_mode": "orpo",
  "lora_r": 16,
  "dataset": { "source": { "source_type": "local_file", "file_path": "preferences.jsonl" } }
}
`;

export const ASSESSMENT: RecipeAssessment = {
  memory: {
    totalBytes: 2.1e9, freeBytes: 9.4e9, machineBytes: 16e9, confidence: 'high', notes: [], savings: [],
    components: [{ name: 'model_weights', bytes: 5.4e8 }, { name: 'activations', bytes: 1.3e9 }],
  },
  data: { trainRows: 297, evalRows: 3, p95Tokens: 780, longestTokens: 1204, cutFraction: 0.013 },
  step: { rows: 'pairs', rowCount: 16, microBatchRows: 1, accumulation: 16, meanTokens: 9120, stepsPerEpoch: 19, totalSteps: 38 },
  time: { seconds: 840, secondsPerStep: 22 },
  checks: [
    { id: 'model', title: 'Model', status: 'pass', details: 'HuggingFaceTB/SmolLM2-135M-Instruct is here (llama, 30 layers)' },
    { id: 'memory', title: 'Memory', status: 'pass', details: 'about 2.0 GB of 8.8 GB free' },
    { id: 'learning', title: 'Learning', status: 'warn', details: 'learning rate 5e-6' },
    { id: 'tokens', title: 'Tokens', status: 'unknown', details: 'could not check: offline' },
  ],
  problems: [{
    id: 'preflight/slow', severity: 'warning', text: 'A learning rate of 5e-6 barely moves a model of 135 million.', where: { field: 'learning_rate' },
    fix: { text: 'Set learning_rate to 0.0001.', set: { key: 'learning_rate', value: 0.0001 } },
  }],
};

export const MODELS: ModelChoice[] = [
  { id: '/ext/media/apprentice', label: 'The apprentice', kind: 'apprentice' },
  { id: './models/tiny', label: 'models/tiny', kind: 'folder' },
  { id: 'HuggingFaceTB/SmolLM2-135M-Instruct', label: 'HuggingFaceTB/SmolLM2-135M-Instruct', kind: 'cached', sizeBytes: 2.69e8 },
];
export const HUB: HubModel[] = [{ id: 'Qwen/Qwen3-0.6B', downloads: 1_234_567, likes: 900, isGated: false }, { id: 'meta-llama/Llama-3.2-1B', downloads: 98_765, likes: 12, isGated: true }];
export const LOOK: DatasetLook = {
  name: 'preferences.jsonl', format: 'jsonl', rows: { value: 300, isExact: true }, shape: { title: 'one column each for prompt, chosen and the others', confidence: 0.98 }, method: 'orpo',
  columns: [{ name: 'prompt', role: 'prompt' }, { name: 'good', role: 'chosen' }, { name: 'bad', role: 'rejected' }],
  cells: [['What is a dragon?', 'A <img src=x onerror=alert(1)> \u202e beast.', 'No.'], ['</script>', '\x1b[31mred', 'No.']], problems: [],
};

export interface OpenedRecipe extends OpenedView {
  text(): string;
  /** As if another hand had changed the file. */
  rewrite(text: string): Promise<void>;
}

/** `isSilent`: the host says nothing yet. */
export async function openRecipe(text = TEXT, { change, isSilent = false, ...setting }: ViewSetting & { change?: Partial<RecipeState>; isSilent?: boolean } = {}): Promise<OpenedRecipe> {
  let current = text, version = 1;
  const say = (next: string): Promise<void> => {
    current = next;
    version++;
    return view.send({ type: 'increment', increment: { document: documentOf(current, version) } });
  };
  const host: FakeHost = {
    edit: async ({ changes }: { changes: { key: string; value?: unknown }[] }) => {
      await say(editRecipeText(current, changes));
      return version;
    },
    localModels: () => MODELS, searchModels: () => HUB, localDatasets: () => ['more.csv', 'preferences.jsonl'], look: () => LOOK,
    cast: () => ({ jobId: 'job_1' }), showText: () => null, openFile: () => null, previewDataset: () => null, manageTrust: () => null,
    browseModel: () => './picked', browseDataset: () => 'picked.jsonl', droppedDataset: () => 'dropped.csv',
    ...setting.host,
  };
  const view = await openView('recipe', { ...setting, host, ...(!isSilent && { state: { ...stateOf(text), ...change } }) });
  return { ...view, text: () => current, rewrite: say };
}

export function stateOf(text: string): RecipeState {
  return {
    ...documentOf(text, 1), title: 'wizard.merlina.json', fields: recipeFields.filter(({ group }) => group !== 'unused'), presets: Object.values(presets),
    isTrusted: true, assessment: ASSESSMENT, isAssessing: false,
  };
}

function documentOf(text: string, version: number): RecipeDocument {
  const { draft, problems } = readRecipe(text, '/w/wizard.merlina.json');
  const json = problems.some(({ id }) => id === 'recipe/not-json') ? null : parse(text) as RecipeDocument['written'];
  return { version, written: json, effective: draft ?? null, problems };
}
