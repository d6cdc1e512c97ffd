/** The rows both trainers see: the first of a ShareGPT file that fit max_length, chosen as trl_orpo.py chooses them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ChatTemplate } from '../../src/models/chatTemplate';
import { loadTokenizer } from '../../src/models/tokenizer';

export interface FittingRow {
  /** Place in the file. */
  index: number;
  prompt: string;
  chosen: string;
  rejected: string;
  /** As the reference computes them: the prompt with each response. */
  tokens: number;
  /** Of each part, tokens. */
  lengths: { prompt: number; chosen: number; rejected: number };
}

interface Options { model: string; pairs: string; rows: number; maxLength: number }

const ROLES: Record<string, string> = { human: 'user', gpt: 'assistant', system: 'system' };
/** A response ends in the turn's own stop token, so that neither trainer appends a second one. */
const STOP = '<|im_end|>';

const pairSchema = z.object({
  conversations: z.array(z.object({ from: z.enum(['human', 'gpt', 'system']), value: z.string() })),
  chosen: z.object({ value: z.string() }),
  rejected: z.object({ value: z.string() }),
});

/** At most `rows` rows, in the file's order. Throws where the file holds none that fits. */
export function fittingRows({ model, pairs, rows, maxLength }: Options): FittingRow[] {
  const read = (name: string): string => readFileSync(path.join(model, name), 'utf8');
  const tokenizer = loadTokenizer({ tokenizerJson: read('tokenizer.json'), tokenizerConfig: read('tokenizer_config.json') });
  const template = new ChatTemplate(read('chat_template.jinja'));
  const length = (text: string): number => tokenizer.encode(text).length;

  const fitting: FittingRow[] = [];
  for (const [index, pair] of z.array(pairSchema).parse(JSON.parse(readFileSync(pairs, 'utf8'))).entries()) {
    const messages = pair.conversations.map(({ from, value }) => ({ role: ROLES[from]!, content: value }));
    const prompt = template.render(messages, { addGenerationPrompt: true, specialTokens: { ...tokenizer.specialTokens } });
    const chosen = pair.chosen.value + STOP;
    const rejected = pair.rejected.value + STOP;
    const [p, c, r] = [length(prompt), length(chosen), length(rejected)];
    if (p + Math.max(c, r) >= maxLength) continue;
    fitting.push({ index, prompt, chosen, rejected, tokens: 2 * p + c + r, lengths: { prompt: p, chosen: c, rejected: r } });
    if (fitting.length === rows) return fitting;
  }
  if (fitting.length === 0) throw new Error(`No row of ${pairs} fits ${maxLength} tokens.`);
  return fitting;
}
