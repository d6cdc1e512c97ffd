/** activate(): joins the parts to VS Code; no logic of its own. */
import type { ExtensionContext } from 'vscode';
import { createHost, registerCommands, registerLanguageModels, registerViews } from './vscode';

export function activate(context: ExtensionContext): void {
  const host = createHost(context);
  registerCommands(host);
  registerViews(host);
  context.subscriptions.push(...registerLanguageModels(host));
}

export function deactivate(): void {
  // Runs live in processes of their own and go on without the window.
}
