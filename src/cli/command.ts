/** What a subcommand is, and the exit codes that all share. */

/** 0 done, 1 failed, 2 bad input, 130 interrupted (stopped with a checkpoint). */
export const EXIT = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

export interface Command {
  /** Printed by --help; ends with an example. */
  readonly help: string;
  /** Gives the exit code. Throws ProblemError for bad input. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Where a command writes; tests pass one that remembers. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Problems and progress. */
  error(text: string): void;
  /** Whether progress can be drawn over itself. */
  readonly isInteractive: boolean;
  readonly columns: number;
  /** Whether results may be coloured: stdout is a terminal, and NO_COLOR is not set (no-color.org). */
  readonly hasColours?: boolean;
}

export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endWhereNobodyReads);
  return {
    out: text => void process.stdout.write(text),
    error: text => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    hasColours: process.stdout.isTTY === true && !process.env.NO_COLOR,
  };
}

/** `merlina jobs list | head`: the reader has what it wanted. */
function endWhereNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
}
