/** Tells VS Code who shows runs, alone and beside one another. The code that does is loaded when one is opened. */
import { window, type Disposable } from 'vscode';
import type { Host } from '../host';

export const RUN_PANEL = 'merlina.run';
export const COMPARE_PANEL = 'merlina.compare';

export function registerRunViews(host: Host): Disposable[] {
  return [
    window.registerWebviewPanelSerializer(RUN_PANEL, {
      deserializeWebviewPanel: async (panel, kept) => (await import('./runView')).restoreRun(host, panel, kept),
    }),
    window.registerWebviewPanelSerializer(COMPARE_PANEL, {
      deserializeWebviewPanel: async (panel, kept) => (await import('./compareView')).restoreCompare(host, panel, kept),
    }),
  ];
}

/** A run that is shown already is brought to the front. */
export async function openRun(host: Host, jobId: string): Promise<void> {
  (await import('./runView')).openRun(host, jobId);
}

/** In the order of their colours. */
export async function compareRuns(host: Host, jobIds: readonly string[]): Promise<void> {
  (await import('./compareView')).openCompare(host, jobIds);
}
