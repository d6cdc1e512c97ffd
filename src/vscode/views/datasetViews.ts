/** Tells VS Code who shows datasets. The code that does is loaded when one is opened. */
import { commands, ViewColumn, window, type Disposable, type Uri } from 'vscode';
import type { Host } from '../host';

const EDITOR = 'merlina.dataset';
const HUB_PANEL = 'merlina.hubDataset';

export function registerDatasetViews(host: Host): Disposable[] {
  return [
    window.registerCustomEditorProvider(EDITOR, {
      openCustomDocument: (uri: Uri) => ({ uri, dispose: () => {} }),
      resolveCustomEditor: async ({ uri }, panel) => (await import('./datasetEditor')).showDataset(host, panel, { file: uri.fsPath }),
    }, { supportsMultipleEditorsPerDocument: true }),
    window.registerWebviewPanelSerializer(HUB_PANEL, {
      async deserializeWebviewPanel(panel, state) {
        const subject = (state as { subject?: { repo_id?: unknown } } | undefined)?.subject;
        if (typeof subject?.repo_id === 'string') (await import('./datasetEditor')).showDataset(host, panel, { repo_id: subject.repo_id });
        else panel.dispose();
      },
    }),
  ];
}

export async function previewFile(uri: Uri): Promise<void> {
  await commands.executeCommand('vscode.openWith', uri, EDITOR);
}

/** `id`: "owner/name" of the Hugging Face Hub. */
export async function previewHubDataset(host: Host, id: string): Promise<void> {
  const { showDataset } = await import('./datasetEditor');
  showDataset(host, window.createWebviewPanel(HUB_PANEL, id, ViewColumn.Active), { repo_id: id });
}
