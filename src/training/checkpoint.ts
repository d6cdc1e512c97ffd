/** Checkpoints: all that a run needs to go on as if it had never stopped. Each is a folder step-N, complete or absent. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { encodeSafetensors, readSafetensors } from '../models/safetensors';
import type { Device } from '../engine/device';
import type { Parameter } from '../engine/trainingEngine';
import type { LossScaleState, OptimizerState } from '../engine/optimizer';
import { problemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { bytesOf, DISK, replaceFolder, TEMPORARY_PREFIX } from './durableFiles';
import type { FileContents, FilePrimitives } from './durableFiles';
import { writeProblem } from './writeProblem';

/** Raised when the meaning of a field changes; another version is refused. */
const VERSION = 1;
const STATE_FILE = 'state.json';
const OPTIMIZER_FILE = 'optimizer.safetensors';
/** Of checkpoints that a resume from an older one left behind. */
const SUPERSEDED_PREFIX = '.superseded-';

/** What survives beside the tensors. Order of rows, dropout and schedule are functions of seed and step, so these are their state. */
export interface CheckpointState {
  readonly version: typeof VERSION;
  /** Updates done. */
  readonly step: number;
  readonly total_steps: number;
  readonly seed: number;
  /** Next window: epoch, and update inside it. For readers; it follows from `step`. */
  readonly data_cursor: { readonly epoch: number; readonly update: number };
  readonly schedule: { readonly id: string; readonly step: number };
  readonly optimizer: { readonly id: string; readonly scalars: Readonly<Record<string, number>> };
  /** Where products are float16's. */
  readonly loss_scale?: LossScaleState;
  readonly best: Best | null;
  /** Lowest eval_loss so far, checkpointed or not, and evaluations since. */
  readonly lowest_eval_loss: number | null;
  readonly evaluations_since_lowest: number;
  readonly last_evaluation: { readonly step: number; readonly metrics: Readonly<Record<string, number>> } | null;
  readonly threads: number;
  /** What computed it; the CPU where absent. */
  readonly device?: Device;
  readonly model_fingerprint: string;
  readonly dataset_fingerprint: string;
  readonly recipe: unknown;
}

/** The checkpoint of lowest eval_loss. */
export interface Best { readonly step: number; readonly eval_loss: number }

interface StoredState extends CheckpointState {
  readonly files: Readonly<Record<string, { bytes: number; sha256: string }>>;
}

export interface LoadedCheckpoint {
  readonly path: string;
  readonly state: CheckpointState;
  readonly tensors: ReadonlyMap<string, Float32Array>;
  readonly optimizer: OptimizerState;
}

export class CheckpointStore {
  /** `weightsFile` is PEFT's name for an adapter, transformers' for a whole model. */
  constructor(
    readonly folder: string,
    private readonly weightsFile: string,
    private readonly primitives: FilePrimitives = DISK,
  ) {}

  /** Writes step-N and returns its path; a failed save leaves every earlier checkpoint as it was and throws a ProblemError.
   *  `extra` files lie beside the weights (adapter_config.json). */
  save(state: CheckpointState, parameters: readonly Parameter[], optimizer: OptimizerState, extra: ReadonlyMap<string, string> = new Map()): string {
    const folder = this.pathOf(state.step);
    // A resumed run comes by the same steps again; what lies there already is the same to the last bit.
    if (checkFiles(folder) === undefined) return folder;
    const files = new Map<string, FileContents>([
      [this.weightsFile, encodeParameters(parameters)],
      [OPTIMIZER_FILE, encodeState(optimizer)],
      ...extra,
    ]);
    const stored: StoredState = { ...state, files: Object.fromEntries([...files].map(([name, contents]) => [name, digest(contents)])) };
    files.set(STATE_FILE, `${JSON.stringify(stored, null, 2)}\n`);
    try {
      replaceFolder(folder, files, this.primitives);
    } catch (error) {
      throw writeProblem(error, `The checkpoint of step ${state.step}`, folder, this.describeKept());
    }
    return folder;
  }

  /** Steps that have a folder, newest first; valid or not. */
  steps(): number[] {
    if (!fs.existsSync(this.folder)) return [];
    return fs.readdirSync(this.folder)
      .flatMap(name => /^step-(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  }

  /** The newest whole checkpoint. `problems` holds a warning for each newer one that is damaged. */
  async newest(): Promise<{ checkpoint: LoadedCheckpoint | undefined; problems: Problem[] }> {
    const problems: Problem[] = [];
    for (const step of this.steps()) {
      const damage = checkFiles(this.pathOf(step));
      if (damage === undefined) return { checkpoint: await this.load(step), problems };
      problems.push({
        id: 'training/damaged-checkpoint',
        severity: 'warning',
        text: `The checkpoint of step ${step} is damaged: ${damage} An older one is used.`,
        where: { file: this.pathOf(step) },
      });
    }
    return { checkpoint: undefined, problems };
  }

  /** The checkpoint of that step. Throws ProblemError where it is damaged or not there. */
  async chosen(step: number): Promise<LoadedCheckpoint> {
    const damage = checkFiles(this.pathOf(step));
    if (damage === undefined) return this.load(step);
    throw problemError('training/damaged-checkpoint', `The checkpoint of step ${step} cannot be gone on from: ${damage}`, {
      where: { file: this.pathOf(step) },
      fix: { text: `Choose another: those of steps ${this.steps().join(', ') || '(none)'} are there.` },
    });
  }

  /** Puts aside what lies beyond the step that the run goes on from; it is removed when the next checkpoint is safe. */
  supersede(step: number): void {
    for (const later of this.steps().filter(one => one > step)) {
      const aside = path.join(this.folder, `${SUPERSEDED_PREFIX}step-${later}`);
      this.primitives.remove(aside);
      this.primitives.rename(this.pathOf(later), aside);
    }
  }

  /** Keeps the newest `limit` and `best`, removes the others, those put aside, and what interrupted saves left. */
  prune(limit: number, best: number | undefined): void {
    for (const step of this.steps().slice(limit)) {
      if (step !== best) this.primitives.remove(this.pathOf(step));
    }
    for (const name of fs.readdirSync(this.folder)) {
      if (name.startsWith(TEMPORARY_PREFIX) || name.startsWith(SUPERSEDED_PREFIX)) this.primitives.remove(path.join(this.folder, name));
    }
  }

  pathOf(step: number): string {
    return path.join(this.folder, `step-${step}`);
  }

  /** A checkpoint whose files were found whole.  Throws ProblemError for one of another version. */
  async load(step: number): Promise<LoadedCheckpoint> {
    const folder = this.pathOf(step);
    const { files: _files, ...state } = readState(folder);
    const version: number = state.version;
    if (version !== VERSION) {
      throw problemError('training/checkpoint-version', `The checkpoint has version ${version}; this Merlina reads version ${VERSION}.`, {
        where: { file: folder },
        fix: { text: 'Resume with the Merlina that wrote it, or start a new run.' },
      });
    }
    return {
      path: folder,
      state,
      tensors: await readAll(path.join(folder, this.weightsFile)),
      optimizer: { tensors: await readAll(path.join(folder, OPTIMIZER_FILE)), scalars: state.optimizer.scalars },
    };
  }

  private describeKept(): string {
    const kept = this.steps().find(step => checkFiles(this.pathOf(step)) === undefined);
    return kept === undefined ? 'No earlier checkpoint exists.' : `The checkpoint of step ${kept} is still valid.`;
  }
}

/** F32 pieces of a safetensors file, as PEFT and transformers write it. */
export function encodeParameters(parameters: readonly Parameter[]): Uint8Array[] {
  return encodeSafetensors(parameters.map(({ name, shape, data }) => ({ name, shape, type: 'F32', data })), { format: 'pt' });
}

function encodeState({ tensors }: OptimizerState): Uint8Array[] {
  return encodeSafetensors([...tensors].map(([name, data]) => ({ name, shape: [data.length], type: 'F32', data })));
}

async function readAll(file: string): Promise<Map<string, Float32Array>> {
  const source = await readSafetensors(file);
  const tensors = new Map<string, Float32Array>();
  for (const name of source.entries.keys()) tensors.set(name, await source.read(name));
  return tensors;
}

function readState(folder: string): StoredState {
  return JSON.parse(fs.readFileSync(path.join(folder, STATE_FILE), 'utf8')) as StoredState;
}

/** What is wrong with a checkpoint folder, as a sentence; undefined where it is whole. */
function checkFiles(folder: string): string | undefined {
  let files: StoredState['files'];
  try {
    files = readState(folder).files;
    if (typeof files !== 'object' || files === null) return `${STATE_FILE} lists no files.`;
  } catch {
    return `${STATE_FILE} is missing or cannot be read.`;
  }
  for (const [name, expected] of Object.entries(files)) {
    const file = path.join(folder, name);
    const bytes = fs.existsSync(file) ? fs.statSync(file).size : undefined;
    if (bytes === undefined) return `${name} is missing.`;
    if (bytes !== expected.bytes) return `${name} has ${bytes} bytes, not ${expected.bytes}.`;
    if (hashFile(file) !== expected.sha256) return `the contents of ${name} do not match their hash.`;
  }
  return undefined;
}

function digest(contents: FileContents): { bytes: number; sha256: string } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of bytesOf(contents)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** In pieces: a checkpoint of all weights is larger than one read may be. */
function hashFile(file: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1 << 20);
  const handle = fs.openSync(file, 'r');
  try {
    for (let read = fs.readSync(handle, buffer); read > 0; read = fs.readSync(handle, buffer)) hash.update(buffer.subarray(0, read));
  } finally {
    fs.closeSync(handle);
  }
  return hash.digest('hex');
}
