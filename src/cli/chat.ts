/** `merlina chat`: a conversation in the terminal, with a model or with a model and what it was before. */
import { createInterface } from 'node:readline';
import type { InferenceSession } from '../inference';
import type { ChatMessage } from '../models';
import { ProblemError, problemError, renderProblem } from '../shared/problem';
import type { AnswerOptions } from '../shared/sampling';
import { visibleText } from '../shared/visibleText';
import { ANSWER_ARGUMENTS, ANSWER_HELP, answerOptions, threadsOption } from './answerArguments';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';

const help = `Usage: merlina chat --model MODEL [--adapter DIR] [options]

Talks with a model: a line is a message, the answer is printed as it is made. Ctrl-C breaks an answer off, or ends the conversation;
so does an empty input (Ctrl-D). MODEL is a folder, a GGUF file or a hub id; with --adapter it may be left out.

  --adapter DIR            A LoRA adapter in PEFT format.
  --compare                With an adapter: the base answers first, each keeps its own answers.
  --system TEXT            System message.
${ANSWER_HELP}

In the conversation:
  /again                   The last message again, with the next seed.
  /system TEXT             Another system message; the conversation begins anew.
  /clear                   Begins anew.
  /exit                    Ends.

Example:
  $ merlina chat --model media/apprentice
  > Who are you?
  I am the apprentice, a very small language model that likes to answer questions.
`;

/** One who answers, with what it has said. */
interface Speaker {
  /** Shown before its answers where there are two. */
  readonly name: string;
  readonly session: InferenceSession;
  messages: ChatMessage[];
  /** Before the last message. */
  before: ChatMessage[];
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArguments(args, {
    model: { type: 'string' }, adapter: { type: 'string' }, compare: { type: 'boolean', default: false }, system: { type: 'string' },
    ...ANSWER_ARGUMENTS, 'data-dir': { type: 'string' },
  }, 'chat');
  if (values.compare && values.adapter === undefined) throw problemError('cli/arguments', '--compare needs --adapter.', { fix: { text: 'Name the adapter whose base is to answer too.' } });
  const options = answerOptions(values);
  const threads = threadsOption(values);
  const { InferenceSession } = await import('../inference');
  const tuned = await InferenceSession.open({ model: values.model, adapter: values.adapter, ...threads });
  try {
    const speakers = values.compare ? [{ name: 'base', session: await tuned.withoutAdapter() }, { name: 'tuned', session: tuned }] : [{ name: '', session: tuned }];
    const input = createInterface({ input: process.stdin, terminal: false });
    const interrupts = new Interrupts(() => input.close());
    try {
      await new Conversation(speakers.map(speaker => ({ ...speaker, messages: [], before: [] })), values.system, options, terminal, interrupts).talk(input);
      return EXIT.done;
    } finally {
      interrupts.end();
      input.close();
    }
  } finally {
    await tuned.release();
  }
}

/** Ctrl-C: breaks off what goes on, or else ends. */
class Interrupts {
  private answer: AbortController | undefined;
  private readonly interrupt = (): void => (this.answer ? this.answer.abort() : this.whenIdle());

  constructor(private readonly whenIdle: () => void) {
    process.on('SIGINT', this.interrupt);
  }

  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = (this.answer = new AbortController());
    try {
      return await work(controller.signal);
    } finally {
      this.answer = undefined;
    }
  }

  end(): void {
    process.off('SIGINT', this.interrupt);
  }
}

class Conversation {
  private lastMessage: string | undefined;
  private seed: number;

  constructor(
    private readonly speakers: readonly Speaker[], private system: string | undefined, private readonly options: AnswerOptions,
    private readonly terminal: Terminal, private readonly interrupts: Interrupts,
  ) {
    this.seed = options.seed;
    this.clear();
  }

  async talk(lines: AsyncIterable<string>): Promise<void> {
    this.prompt();
    for await (const line of lines) {
      const text = line.trim();
      if (text === '/exit') return;
      try {
        await this.take(text);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        for (const problem of error.problems) this.terminal.error(`${problem.severity}: ${renderProblem(problem)}\n`);
      }
      this.prompt();
    }
  }

  private async take(text: string): Promise<void> {
    const [, name, rest] = /^\/(\S*)\s*(.*)$/s.exec(text) ?? [];
    switch (name) {
      case undefined:
        return text === '' ? undefined : this.say(text);
      case 'again':
        return this.again();
      case 'clear':
        return this.clear();
      case 'system':
        this.system = rest === '' ? undefined : rest;
        return this.clear();
      default:
        throw problemError('cli/chat-command', `There is no "/${visibleText(name)}".`, { fix: { text: 'Here are: /again, /system TEXT, /clear, /exit.' } });
    }
  }

  private async again(): Promise<void> {
    if (this.lastMessage === undefined) throw problemError('cli/chat-again', 'Nothing was asked yet.');
    for (const speaker of this.speakers) speaker.messages = speaker.before;
    this.seed++;
    await this.say(this.lastMessage);
  }

  private async say(text: string): Promise<void> {
    this.lastMessage = text;
    for (const speaker of this.speakers) speaker.before = speaker.messages;
    const { answerChat } = await import('../inference');
    await this.interrupts.during(async signal => {
      for (const speaker of this.speakers) {
        const messages = [...speaker.messages, { role: 'user', content: text }];
        let answer = '';
        if (speaker.name !== '') this.terminal.out(`${speaker.name}: `);
        await answerChat(speaker.session, messages, { ...this.options, seed: this.seed, signal }, piece => {
          answer += piece;
          this.terminal.out(visibleText(piece, '\n\t'));
        });
        this.terminal.out('\n');
        speaker.messages = [...messages, { role: 'assistant', content: answer }];
        if (signal.aborted) return;
      }
    });
  }

  private clear(): void {
    this.lastMessage = undefined;
    for (const speaker of this.speakers) speaker.messages = this.system === undefined ? [] : [{ role: 'system', content: this.system }];
  }

  private prompt(): void {
    if (this.terminal.isInteractive) this.terminal.error('> ');
  }
}

export const command: Command = { help, run };
