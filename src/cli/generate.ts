/** `merlina generate`: one answer from a model, with or without an adapter. */
import { problemError } from '../shared/problem';
import { ANSWER_ARGUMENTS, ANSWER_HELP, answerOptions, threadsOption } from './answerArguments';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';

const help = `Usage: merlina generate --model MODEL [--adapter DIR] --prompt TEXT [options]

Prints the answer as it is made. MODEL is a folder, a GGUF file or a hub id; with --adapter it may be left out.

  --adapter DIR            A LoRA adapter in PEFT format.
  --system TEXT            System message.
  --raw                    Go on from the text as it is, without the chat template.
${ANSWER_HELP}
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
    ...ANSWER_ARGUMENTS,
    json: { type: 'boolean', default: false },
    'data-dir': { type: 'string' },
  }, 'generate');
  const prompt = values.prompt ?? (positionals.length > 0 ? positionals.join(' ') : undefined);
  if (prompt === undefined) throw problemError('cli/arguments', 'No prompt is given.', { fix: { text: 'Give --prompt TEXT.' } });
  const sampling = answerOptions(values);
  const threads = threadsOption(values);

  const { InferenceSession } = await import('../inference');
  const session = await InferenceSession.open({ model: values.model, adapter: values.adapter, ...threads });
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
