/** What a command file exports. */
import type { ExtensionContext } from 'vscode';

export interface Command {
  /** As package.json declares it: "merlina.train". */
  id: string;
  /** Arguments come from whoever runs the command, so they are unknown until looked at. */
  run(context: ExtensionContext, ...args: unknown[]): Promise<unknown>;
}
