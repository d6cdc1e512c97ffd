/** Merlina's log in VS Code's output: what went wrong behind the scenes, and for whom. Made when first written to. */
import { window, type LogOutputChannel } from 'vscode';

export class Log {
  private channel: LogOutputChannel | undefined;

  info(text: string): void {
    this.open().info(text);
  }

  /** `where` names the part: "view run". */
  error(where: string, error: unknown): void {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    this.open().error(`${where}: ${text}`);
  }

  show(): void {
    this.open().show(true);
  }

  dispose(): void {
    this.channel?.dispose();
  }

  private open(): LogOutputChannel {
    return (this.channel ??= window.createOutputChannel('Merlina', { log: true }));
  }
}
