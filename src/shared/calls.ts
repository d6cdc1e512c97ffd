/** Requests that always end: in a reply, in Problems, or in rejection when the other side is gone. Used between host and views, and between host and service. */
import type { ZodType } from 'zod';
import { ProblemError } from './problem';
import type { Problem } from './problem';

/** One thing that can be asked for. The types exist for the compiler only; params are parsed where they arrive. */
export interface Method<Params, Reply, Progress> {
  schema: ZodType;
  /** Never there at run time. */
  types?: { params: Params; reply: Reply; progress: Progress };
}

export type Contract = Record<string, Method<unknown, unknown, unknown>>;

type TypesOf<M> = M extends Method<infer Params, infer Reply, infer Progress> ? { params: Params; reply: Reply; progress: Progress } : never;
export type ParamsOf<M> = TypesOf<M>['params'];
export type ReplyOf<M> = TypesOf<M>['reply'];
export type ProgressOf<M> = TypesOf<M>['progress'];

/** `method<Reply, Progress>()(schema)`: the types of answers are named, those of params are the schema's. */
export function method<Reply, Progress = never>(): <Params>(schema: ZodType<Params>) => Method<Params, Reply, Progress> {
  return schema => ({ schema });
}

export type CallMessage =
  | { type: 'request'; id: number; method: string; params: unknown }
  | { type: 'cancel'; id: number };

export type AnswerMessage =
  | { type: 'reply'; id: number; value: unknown }
  | { type: 'progress'; id: number; value: unknown }
  | { type: 'failed'; id: number; problems: Problem[] };

export interface CallOptions<Progress> {
  /** Tells the other side to break off; the promise is rejected at once. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  onProgress: ((progress: never) => void) | undefined;
}

/** The asking side. */
export class Caller<C extends Contract> {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed: Error | undefined;

  constructor(private readonly post: (message: CallMessage) => void) {}

  /** Rejects with ProblemError where the other side could not, with an AbortError where `signal` said so, with close()'s error. */
  call<Name extends keyof C & string>(
    name: Name, params: ParamsOf<C[Name]>, { signal, onProgress }: CallOptions<ProgressOf<C[Name]>> = {},
  ): Promise<ReplyOf<C[Name]>> {
    if (this.closed) return Promise.reject(this.closed);
    if (signal?.aborted) return Promise.reject(aborted(signal));
    const id = ++this.lastId;
    const answer = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject, onProgress }));
    const abort = (): void => {
      const waiting = this.take(id);
      if (!waiting) return;
      this.post({ type: 'cancel', id });
      waiting.reject(aborted(signal!));
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.post({ type: 'request', id, method: name, params });
    return answer.finally(() => signal?.removeEventListener('abort', abort)) as Promise<ReplyOf<C[Name]>>;
  }

  /** Whether the message was an answer; one that nobody waits for any more is dropped. */
  receive(message: unknown): boolean {
    if (!isAnswer(message)) return false;
    if (message.type === 'progress') {
      this.waiting.get(message.id)?.onProgress?.(message.value as never);
      return true;
    }
    const waiting = this.take(message.id);
    if (message.type === 'reply') waiting?.resolve(message.value);
    else waiting?.reject(new ProblemError(message.problems));
    return true;
  }

  /** Every request that waits is rejected, and every later one. */
  close(reason: Error): void {
    this.closed = reason;
    for (const id of [...this.waiting.keys()]) this.take(id)?.reject(reason);
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}

export interface HandlerContext<Progress> {
  signal: AbortSignal;
  progress: (value: Progress) => void;
}

export type Handlers<C extends Contract> = {
  [Name in keyof C]: (params: ParamsOf<C[Name]>, context: HandlerContext<ProgressOf<C[Name]>>) => ReplyOf<C[Name]> | Promise<ReplyOf<C[Name]>>;
};

/** The answering side: parses what comes in, and never throws for it. */
export class Answerer<C extends Contract> {
  private readonly running = new Map<number, AbortController>();

  /** `onError` is told of what is no Problem: bugs, and messages that nobody who speaks this protocol sends. */
  constructor(
    private readonly contract: C,
    private readonly handlers: Handlers<C>,
    private readonly post: (message: AnswerMessage) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Whether the message was a request or a cancellation. */
  receive(message: unknown): boolean {
    if (!isCall(message)) return false;
    if (message.type === 'cancel') this.running.get(message.id)?.abort();
    else void this.answer(message.id, message.method, message.params);
    return true;
  }

  /** Breaks off everything that runs; nothing is posted any more. */
  close(): void {
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
  }

  private async answer(id: number, name: string, input: unknown): Promise<void> {
    const fail = (problems: Problem[]): void => this.post({ type: 'failed', id, problems });
    const wanted = Object.hasOwn(this.contract, name) ? this.contract[name] : undefined;
    const params = wanted?.schema.safeParse(input);
    if (!wanted || !params?.success) {
      const why = wanted ? `The request "${name}" is malformed: ${params?.error?.message ?? ''}` : `There is no request "${name}".`;
      this.onError(new Error(why));
      return fail([{ id: 'calls/malformed', severity: 'error', text: why }]);
    }
    if (this.running.has(id)) return this.onError(new Error(`Request ${id} came twice.`));
    const controller = new AbortController();
    this.running.set(id, controller);
    const isWanted = (): boolean => this.running.get(id) === controller && !controller.signal.aborted;
    try {
      const value = await this.handlers[name as keyof C](params.data as never, {
        signal: controller.signal,
        progress: value => { if (isWanted()) this.post({ type: 'progress', id, value }); },
      });
      if (isWanted()) this.post({ type: 'reply', id, value });
    } catch (error) {
      if (!isWanted()) return;
      if (!(error instanceof ProblemError)) this.onError(error);
      fail(error instanceof ProblemError ? error.problems : [unexpected(error)]);
    } finally {
      this.running.delete(id);
    }
  }
}

/** What a person reads when a bug, or the outside world, got in the way. */
export function unexpected(error: unknown): Problem {
  const text = error instanceof Error ? error.message : String(error);
  return { id: 'calls/unexpected', severity: 'error', text, fix: { text: 'Merlina: Show Log has the details.' } };
}

/** The Problems an error stands for. */
export function problemsOf(error: unknown): Problem[] {
  return error instanceof ProblemError ? error.problems : [unexpected(error)];
}

export function isAbort(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError';
}

function aborted({ reason }: AbortSignal): Error {
  return isAbort(reason) ? reason : Object.assign(new Error('The request was broken off.'), { name: 'AbortError' });
}

function isCall(message: unknown): message is CallMessage {
  if (!hasId(message)) return false;
  return message.type === 'cancel' || (message.type === 'request' && 'method' in message && typeof message.method === 'string');
}

function isAnswer(message: unknown): message is AnswerMessage {
  return hasId(message) && (message.type === 'reply' || message.type === 'progress' || message.type === 'failed');
}

function hasId(message: unknown): message is { type: unknown; id: number } {
  return typeof message === 'object' && message !== null && 'type' in message && 'id' in message && Number.isInteger(message.id);
}
