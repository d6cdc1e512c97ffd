/** A run directory: where recipe, events, control file, checkpoints and results of one run lie. Host and trainer meet here. */
import fs from 'node:fs';
import path from 'node:path';
import { problemError } from '../shared/problem';
import { replaceFile } from './durableFiles';
import { writeProblem } from './writeProblem';

export class RunDirectory {
  readonly root: string;

  constructor(root: string) {
    this.root = path.resolve(root);
  }

  /** Makes the folder and writes the recipe. Problem where a run already lies there. */
  static create(root: string, recipe: unknown): RunDirectory {
    const run = new RunDirectory(root);
    if (fs.existsSync(run.events)) {
      throw problemError('training/run-exists', 'This folder already holds a run.', {
        where: { file: run.root },
        fix: { text: 'Resume it with --resume, or choose another folder with --run-dir.' },
      });
    }
    try {
      fs.mkdirSync(run.checkpoints, { recursive: true });
      replaceFile(run.recipe, `${JSON.stringify(recipe, null, 2)}\n`);
    } catch (error) {
      throw writeProblem(error, 'The run directory', run.root, 'Nothing was trained yet.');
    }
    return run;
  }

  /** JSON as run.create wrote it. Problem where it is missing or damaged. */
  readRecipe(): unknown {
    try {
      return JSON.parse(fs.readFileSync(this.recipe, 'utf8'));
    } catch (error) {
      throw problemError('training/no-run', `No run lies here: its recipe cannot be read (${error instanceof Error ? error.message : String(error)}).`, {
        where: { file: this.recipe },
        fix: { text: 'Name the folder of a run, or start one with `merlina train RECIPE.json`.' },
      }, error);
    }
  }

  get recipe(): string {
    return path.join(this.root, 'recipe.json');
  }

  /** One event a line, only ever appended to. */
  get events(): string {
    return path.join(this.root, 'events.ndjson');
  }

  /** Written by whoever wants the run to stop: the word "stop". */
  get control(): string {
    return path.join(this.root, 'control');
  }

  get pid(): string {
    return path.join(this.root, 'trainer.pid');
  }

  get log(): string {
    return path.join(this.root, 'log.txt');
  }

  get checkpoints(): string {
    return path.join(this.root, 'checkpoints');
  }

  /** The result where an adapter trains. */
  get adapter(): string {
    return path.join(this.root, 'adapter');
  }

  /** The result where all weights train. */
  get model(): string {
    return path.join(this.root, 'model');
  }

  get modelCard(): string {
    return path.join(this.root, 'README.md');
  }

  get referenceLogps(): string {
    return path.join(this.root, 'reference.json');
  }
}
