/** What a command file exports. */
import type { Host } from '../host';

export interface Command {
  /** As package.json declares it: "merlina.train". */
  id: string;
  /** Arguments come from whoever runs the command, so they are unknown until looked at. */
  run(host: Host, ...args: unknown[]): Promise<unknown>;
}
