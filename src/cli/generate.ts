/** `merlina generate`: one answer from a model, with or without an adapter. */
import { problemError } from '../shared/problem';
import { numberOption, parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';

const help = `Usage: merlina generate --model MODEL [--adapter DIR] --prompt TEXT [options]

Prints the answer as it is made. MODEL is a folder, a GGUF file or a hub id; with --adapter it may be left out.

  --adapter DIR            A LoRA adapter in PEFT format.
  --system TEXT            System message.
  --raw                    Go on from the text as it is, without the chat template.
  --max-new-tokens N       At most so many tokens (256).
  --temperature T          0 always takes the likeliest token (0.7).
  --top-p P                Draw from the likeliest tokens that make up P (0.9; 1 is off).
  --top-k K                Draw from the K likeliest tokens (50; 0 is off).
  --repetition-penalty R   Make tokens seen less likely (1 is off).
  --seed N                 The same seed draws the same answer (0).
  --threads N              Processor threads; all where not given.
  --json                   One JSON object { prompt, text } instead of the text.

Example:
  $ merlina generate --model media/apprentice --prompt "Who are you?" --temperature 0
  I am the apprentice, a very small language model that likes to answer questions.
`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    model: { type: 'string' },
    adapter: { type: 'string' },
    prompt: { type: 'string' },
    system: { type: 'string' },
    raw: { type: 'boolean', default: false },
    'max-new-tokens': { type: 'string' },
    temperature: { type: 'string' },
    'top-p': { type: 'string' },
    'top-k': { type: 'string' },
    'repetition-penalty': { type: 'string' },
    seed: { type: 'string' },
    threads: { type: 'string' },
    json: { type: 'boolean', default: false },
    'data-dir': { type: 'string' },
  }, 'generate');
  const prompt = values.prompt ?? (positionals.length > 0 ? positionals.join(' ') : undefined);
  if (prompt === undefined) throw problemError('cli/arguments', 'No prompt is given.', { fix: { text: 'Give --prompt TEXT.' } });
  const sampling = {
    maxNewTokens: numberOption(values['max-new-tokens'], 'max-new-tokens', 256, { min: 1, max: 131072, isInteger: true }),
    temperature: numberOption(values.temperature, 'temperature', 0.7, { min: 0, max: 100 }),
    topP: numberOption(values['top-p'], 'top-p', 0.9, { min: 0, max: 1 }),
    topK: numberOption(values['top-k'], 'top-k', 50, { min: 0, max: 1_000_000, isInteger: true }),
    repetitionPenalty: numberOption(values['repetition-penalty'], 'repetition-penalty', 1, { min: 0.01, max: 100 }),
    seed: numberOption(values.seed, 'seed', 0, { min: 0, max: 2 ** 32 - 1, isInteger: true }),
  };
  const threads = values.threads === undefined ? undefined : numberOption(values.threads, 'threads', 1, { min: 1, max: 1024, isInteger: true });

  const { InferenceSession } = await import('../inference');
  const session = await InferenceSession.open({ model: values.model, adapter: values.adapter, ...(threads !== undefined && { threads }) });
  try {
    const ids = values.raw
      ? session.rawPromptOf(prompt)
      : session.promptOf([...(values.system === undefined ? [] : [{ role: 'system', content: values.system }]), { role: 'user', content: prompt }]);
    let text = '';
    for await (const piece of session.answer(ids, sampling)) {
      text += piece;
      if (!values.json) terminal.out(piece);
    }
    terminal.out(values.json ? `${JSON.stringify({ prompt, text })}\n` : '\n');
    return EXIT.done;
  } finally {
    await session.release();
  }
}

export const command: Command = { help, run };
