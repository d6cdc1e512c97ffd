/** Whether somebody asked the run to stop: a signal, or the word "stop" in its control file. */
import fs from 'node:fs';
import type { RunDirectory } from './runDirectory';

export interface StopRequest {
  /** Who asked, or undefined. Cheap: asked after every micro-batch. */
  requested(): string | undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Exit code of a program ended by Ctrl-C. */
const INTERRUPTED = 130;

export class StopListener implements StopRequest {
  private by: string | undefined;

  /** Requests left from an earlier start are cleared. */
  constructor(private readonly run: RunDirectory) {
    fs.rmSync(run.control, { force: true });
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
  }

  requested(): string | undefined {
    if (this.by === undefined && readWord(this.run.control) === 'stop') this.by = 'control file';
    return this.by;
  }

  /** Ends listening; the request, if any, is served. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
    fs.rmSync(this.run.control, { force: true });
  }

  /** The second signal does not wait for the checkpoint. */
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    if (this.by !== undefined) process.exit(INTERRUPTED);
    this.by = signal;
  };
}

function readWord(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').trim().toLowerCase();
  } catch {
    return undefined;
  }
}
