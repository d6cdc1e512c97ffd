/** Asks for a dataset in VS Code's own way: a file of the workspace, another, or an id of the hub. */
import { l10n, type Uri, window, workspace } from 'vscode';

/** As package.json's menus show the command. */
const DATASET_EXTENSIONS = ['json', 'jsonl', 'ndjson', 'csv', 'tsv', 'parquet', 'txt', 'gz', 'zst'];
const LISTED_FILES = 200;

/** Recipes, and files that everybody has and nobody trains on. */
const NO_DATASET = /\.merlina\.json$|\/(?:package|package-lock|tsconfig)\.json$/;

/** Whether the name is one of a dataset. */
export function isDatasetFile({ scheme, path }: Uri): boolean {
  return scheme === 'file' && DATASET_EXTENSIONS.some(extension => path.toLowerCase().endsWith(`.${extension}`)) && !NO_DATASET.test(path);
}

/** Undefined where the user turned back. */
export async function pickDataset(): Promise<Uri | string | undefined> {
  const files = await workspace.findFiles(`**/*.{${DATASET_EXTENSIONS.join(',')}}`, '**/{node_modules,.merlina,.vscode}/**', LISTED_FILES);
  const datasets = files.filter(isDatasetFile).sort((a, b) => a.path.localeCompare(b.path));
  const items = [
    ...datasets.map(uri => ({ label: workspace.asRelativePath(uri), choose: (): Uri | Thenable<Uri | string | undefined> => uri })),
    { label: l10n.t('Browse…'), choose: () => window.showOpenDialog({ canSelectMany: false, filters: { [l10n.t('Datasets')]: DATASET_EXTENSIONS } }).then(found => found?.[0]) },
    { label: l10n.t('Id on the Hugging Face Hub…'), choose: () => window.showInputBox({ prompt: l10n.t('Dataset id, as owner/name'), placeHolder: 'trl-lib/ultrafeedback_binarized' }) },
  ];
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Dataset') }))?.choose();
}
