/** One run of TRL: trl_orpo.py in a fresh process. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { RunFigures } from './figures';
import type { FittingRow } from './fittingRows';
import { measuredProcess } from './measuredProcess';

export interface TrlSetting {
  python: string;
  model: string;
  pairs: string;
  rows: number;
  maxLength: number;
  isCheckpointing: boolean;
  isBfloat16: boolean;
}

const SCRIPT = path.join(path.dirname(fileURLToPath(import.meta.url)), 'trl_orpo.py');

const figuresSchema = z.object({
  seconds: z.number(), pairs_per_s: z.number(), tokens_per_s: z.number(), cpu_seconds: z.number(), peak_rss_bytes: z.number(),
  losses: z.array(z.number()), grad_norms: z.array(z.number()),
});
const rowsSchema = z.array(z.object({
  index: z.number(), prompt: z.string(), chosen: z.string(), rejected: z.string(), chosen_input_ids: z.array(z.number()), rejected_input_ids: z.array(z.number()),
}));

/** Writes the adapter that every run starts from into `folder`, and gives its path. Throws unless TRL takes the same rows as we do. */
export async function prepareTrl(setting: TrlSetting, ours: readonly FittingRow[], folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const init = path.join(folder, 'init');
  const rowsFile = path.join(folder, 'rows.json');
  await measuredProcess({ command: setting.python, args: [...argumentsOf(setting), '--prepare', '--init', init, '--rows-out', rowsFile] });
  const theirs = rowsSchema.parse(JSON.parse(readFileSync(rowsFile, 'utf8'))).map(({ chosen_input_ids, rejected_input_ids, ...row }): Omit<FittingRow, 'lengths'> =>
    ({ ...row, tokens: chosen_input_ids.length + rejected_input_ids.length }));
  for (const [place, row] of theirs.entries()) {
    const same = ours[place];
    const isSame = same && row.index === same.index && row.prompt === same.prompt && row.chosen === same.chosen && row.rejected === same.rejected && row.tokens === same.tokens;
    if (!isSame) throw new Error(`TRL's row ${place + 1} (number ${row.index} of the file, ${row.tokens} tokens) is not ours (${same?.index}, ${same?.tokens} tokens).`);
  }
  if (theirs.length !== ours.length) throw new Error(`TRL takes ${theirs.length} rows, we take ${ours.length}.`);
  return init;
}

export async function trainTrl(setting: TrlSetting): Promise<RunFigures> {
  const { lines, wholeSeconds, loadBefore, peakBytes } = await measuredProcess({ command: setting.python, args: argumentsOf(setting) });
  const figures = figuresSchema.parse(JSON.parse(lines.at(-1) ?? '{}'));
  return { ...figures, peak_rss_bytes: Math.max(peakBytes ?? 0, figures.peak_rss_bytes), whole_seconds: wholeSeconds, start_seconds: null, first_step_seconds: null, load_before: loadBefore };
}

function argumentsOf({ model, pairs, rows, maxLength, isCheckpointing, isBfloat16 }: TrlSetting): string[] {
  return [
    '-W', 'ignore', SCRIPT, model, pairs, '--pairs', String(rows), '--max-length', String(maxLength),
    ...(isCheckpointing ? ['--gradient-checkpointing'] : []),
    ...(isBfloat16 ? ['--bf16'] : []),
  ];
}
