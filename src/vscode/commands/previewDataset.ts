/** Merlina: Preview Dataset. */
import { Uri } from 'vscode';
import { pickDataset } from '../pickDataset';
import { previewFile, previewHubDataset } from '../views/datasetViews';
import type { Command } from './command';

export const previewDataset: Command = {
  id: 'merlina.previewDataset',
  /** `subject`: a file, or an id of the hub. */
  async run(host, subject) {
    const chosen = subject instanceof Uri || typeof subject === 'string' ? subject : await pickDataset();
    if (chosen instanceof Uri) await previewFile(chosen);
    else if (chosen !== undefined) await previewHubDataset(host, chosen);
  },
};
