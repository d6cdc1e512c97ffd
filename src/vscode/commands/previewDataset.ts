/** Merlina: Preview Dataset. */
import { l10n, Uri, window, workspace } from 'vscode';
import { previewFile, previewHubDataset } from '../views/datasetViews';
import type { Command } from './command';

/** As package.json's menus show the command. */
const DATASET_EXTENSIONS = ['json', 'jsonl', 'ndjson', 'csv', 'tsv', 'parquet', 'txt', 'gz', 'zst'];
const LISTED_FILES = 200;

export const previewDataset: Command = {
  id: 'merlina.previewDataset',
  /** `subject`: a file, or an id of the hub. */
  async run(host, subject) {
    const chosen = subject instanceof Uri || typeof subject === 'string' ? subject : await chooseDataset();
    if (chosen instanceof Uri) await previewFile(chosen);
    else if (chosen !== undefined) await previewHubDataset(host, chosen);
  },
};

async function chooseDataset(): Promise<Uri | string | undefined> {
  const files = await workspace.findFiles(`**/*.{${DATASET_EXTENSIONS.join(',')}}`, '**/{node_modules,.merlina,.vscode}/**', LISTED_FILES);
  const datasets = files.filter(({ path }) => !/\.merlina\.json$|\/(?:package|package-lock|tsconfig)\.json$/.test(path)).sort((a, b) => a.path.localeCompare(b.path));
  const items = [
    ...datasets.map(uri => ({ label: workspace.asRelativePath(uri), choose: (): Uri | Thenable<Uri | string | undefined> => uri })),
    { label: l10n.t('Browse…'), choose: () => window.showOpenDialog({ canSelectMany: false, filters: { [l10n.t('Datasets')]: DATASET_EXTENSIONS } }).then(found => found?.[0]) },
    { label: l10n.t('Id on the Hugging Face Hub…'), choose: () => window.showInputBox({ prompt: l10n.t('Dataset id, as owner/name'), placeHolder: 'trl-lib/ultrafeedback_binarized' }) },
  ];
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Dataset to preview') }))?.choose();
}
