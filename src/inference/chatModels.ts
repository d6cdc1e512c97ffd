/** Models that are talked to: opened when first asked, the ones used last kept in memory, base and tuned over the same weights. */
import { InferenceSession, type SessionOptions } from './session';
import { Turns } from './turns';

/** Which model. */
export interface ChatModelId {
  /** Folder, GGUF file or hub id; undefined takes the adapter's base. */
  readonly model: string | undefined;
  /** PEFT folder. */
  readonly adapter: string | undefined;
}

type Opener = (options: SessionOptions) => Promise<InferenceSession>;

interface Opened {
  readonly tuned: Promise<InferenceSession>;
  base: Promise<InferenceSession> | undefined;
  /** A session holds the tokens of one answer. */
  readonly answering: { readonly tuned: Turns; readonly base: Turns };
  /** Who works with it now; it is not released before. */
  users: number;
  isDropped: boolean;
}

/** What work gets: a session for itself until it is done. */
export type SessionWork<T> = (session: InferenceSession) => Promise<T>;

export class ChatModels {
  /** In order of use, the latest last. */
  private readonly opened = new Map<string, Opened>();

  constructor(private readonly capacity = 2, private readonly open: Opener = options => InferenceSession.open(options)) {}

  /** Throws what opening throws; the next use tries again. */
  async use<T>(id: ChatModelId, isBase: boolean, work: SessionWork<T>, options: Pick<SessionOptions, 'onProgress' | 'signal' | 'threads'> = {}): Promise<T> {
    const opened = this.take(id, options);
    opened.users++;
    try {
      const tuned = await opened.tuned;
      const session = isBase && id.adapter !== undefined ? await (opened.base ??= tuned.withoutAdapter()) : tuned;
      return await opened.answering[session === tuned ? 'tuned' : 'base'].take(() => work(session));
    } finally {
      opened.users--;
      void releaseUnused(opened);
    }
  }

  /** Lets everything go; what is in use is released when it is done. */
  close(): void {
    for (const key of [...this.opened.keys()]) this.drop(key);
  }

  private take(id: ChatModelId, options: Pick<SessionOptions, 'onProgress' | 'signal' | 'threads'>): Opened {
    const key = JSON.stringify([id.model, id.adapter]);
    const opened: Opened = this.opened.get(key) ?? {
      tuned: this.open({ ...id, ...options }), base: undefined, answering: { tuned: new Turns(), base: new Turns() }, users: 0, isDropped: false,
    };
    this.opened.delete(key);
    this.opened.set(key, opened);
    opened.tuned.catch(() => { if (this.opened.get(key) === opened) this.opened.delete(key); });
    for (const oldest of [...this.opened.keys()].slice(0, -this.capacity)) this.drop(oldest);
    return opened;
  }

  private drop(key: string): void {
    const opened = this.opened.get(key)!;
    this.opened.delete(key);
    opened.isDropped = true;
    void releaseUnused(opened);
  }
}

async function releaseUnused(opened: Opened): Promise<void> {
  if (opened.isDropped && opened.users === 0) await opened.tuned.then(session => session.release(), () => {});
}
