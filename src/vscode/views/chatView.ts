/** The chat: base and tuned beside one another, in a panel. The conversation is kept here, and by the page over a reload. */
import { commands, l10n, Uri, ViewColumn, window, workspace, type WebviewPanel } from 'vscode';
import { isAbort, problemsOf, type Handlers } from '../../shared/calls';
import { chatMethods, savedChat, type ChatIncrement, type ChatMethods, type ChatState, type SavedChat, type Side } from '../../shared/panels/chat';
import { problemError } from '../../shared/problem';
import { visibleText } from '../../shared/visibleText';
import { chatSubjectSchema, type ChatSubject, type SubjectSide } from '../chat/chatSubject';
import { Conversation, type Ask } from '../chat/conversation';
import { addPair } from '../chat/pairFile';
import { pickChatSubject } from '../chat/pickChatSubject';
import { pickPairFile } from '../chat/pickPairFile';
import type { Host } from '../host';
import { attachView, type View } from './attachView';
import { CHAT_PANEL } from './chatViews';

/** File that pairs of this workspace were last added to. */
const PAIR_FILE = 'merlina.pairFile';

/** Chats that are open, by whom they are with. */
const panels = new Map<string, WebviewPanel>();

/** A chat with the same models is shown again. */
export function openChat(host: Host, subject: ChatSubject): void {
  const open = panels.get(keyOf(subject));
  if (open) return open.reveal();
  showChat(host, window.createWebviewPanel(CHAT_PANEL, titleOf(subject), ViewColumn.Active), subject);
}

/** `kept` is what the page had: `{ subject, saved }`. One that nobody can read is closed. */
export function restoreChat(host: Host, panel: WebviewPanel, kept: unknown): void {
  const { subject, saved } = (typeof kept === 'object' && kept !== null ? kept : {}) as { subject?: unknown; saved?: unknown };
  const about = chatSubjectSchema.safeParse(subject);
  if (about.success) showChat(host, panel, about.data, savedChat.safeParse(saved).data);
  else panel.dispose();
}

function showChat(host: Host, panel: WebviewPanel, subject: ChatSubject, saved?: SavedChat): void {
  const key = keyOf(subject);
  panels.set(key, panel);
  panel.iconPath = Uri.joinPath(host.context.extensionUri, 'media', 'icon.svg');
  const chat = new Chat(host, subject, increment => view.send(increment), saved);
  const view: View<ChatIncrement> = attachView(panel, changed => panel.onDidChangeViewState(changed), {
    name: 'chat', extension: host.context.extensionUri, log: host.log, subject, contract: chatMethods, handlers: chat.handlers(), snapshot: () => chat.state,
  });
  panel.onDidDispose(() => {
    if (panels.get(key) === panel) panels.delete(key);
    chat.close();
  });
  void chat.open();
}

class Chat {
  private readonly conversation: Conversation;
  private readonly closing = new AbortController();

  constructor(private readonly host: Host, private readonly subject: ChatSubject, tell: (increment: ChatIncrement) => void, saved: SavedChat | undefined) {
    const { title, sides, isApprentice } = subject;
    this.conversation = new Conversation({
      title, invitesData: isApprentice, pairFile: host.context.workspaceState.get<string>(PAIR_FILE) ?? null,
      sides: sides.map(({ side, name, detail }) => ({ side, name, detail })),
    }, this.ask, tell, saved);
  }

  get state(): ChatState {
    return this.conversation.state;
  }

  /** Loads the models before the first message. Never fails: what went wrong is shown. */
  async open(): Promise<void> {
    this.conversation.change({ model: { status: 'opening', file: null, fraction: null } });
    try {
      let opened;
      for (const { model, adapter } of this.subject.sides) {
        opened = await this.host.service.call('openChatModel', { model, adapter }, {
          signal: this.closing.signal, onProgress: ({ file, fraction }) => this.conversation.change({ model: { status: 'opening', file, fraction } }),
        });
      }
      if (opened) this.conversation.change({ model: { status: 'ready', ...opened } });
    } catch (error) {
      if (!isAbort(error)) this.conversation.change({ model: { status: 'failed', problems: problemsOf(error) } });
    }
  }

  close(): void {
    this.closing.abort();
    this.conversation.stop();
  }

  handlers(): Handlers<ChatMethods> {
    const done = <Args extends unknown[]>(work: (...args: Args) => unknown) => async (...args: Args): Promise<null> => {
      await work(...args);
      return null;
    };
    const { conversation } = this;
    return {
      // Answers come as increments; the request is done when it is taken.
      send: ({ prompt }) => { void conversation.send(prompt); return null; },
      regenerate: () => { void conversation.regenerate(); return null; },
      stop: done(() => conversation.stop()),
      clear: done(() => conversation.clear()),
      configure: done(settings => conversation.configure(settings)),
      addPair: done(({ turn, better }) => this.addPair(turn, better)),
      openPairs: done(() => this.openPairs()),
      open: done(() => void this.open()),
      chooseModel: done(async () => {
        const subject = await pickChatSubject(this.host);
        if (subject) openChat(this.host, subject);
      }),
      openDataset: done(({ uri }) => openDataset(uri)),
    };
  }

  private readonly ask: Ask = (side, messages, options, signal, onText) => {
    const { model, adapter, isBase } = this.sideOf(side);
    const { temperature, topP, topK, minP, repetitionPenalty, maxNewTokens, seed } = options;
    return this.host.service.call('answerChat', { model, adapter, isBase, messages, options: { temperature, topP, topK, minP, repetitionPenalty, maxNewTokens, seed } }, { signal, onProgress: onText });
  };

  private sideOf(side: Side): SubjectSide {
    return this.subject.sides.find(one => one.side === side)!;
  }

  private async addPair(turn: number, better: Side): Promise<void> {
    const { turns, settings, pairFile } = this.state;
    const { prompt, answers } = turns[turn] ?? {};
    const [chosen, rejected] = [answers?.[better]?.text, answers?.[better === 'base' ? 'tuned' : 'base']?.text];
    if (prompt === undefined || !chosen || !rejected) throw problemError('chat/no-pair', 'A pair needs an answer of both sides.', { fix: { text: 'Let both answer, then choose.' } });
    const file = await pickPairFile(pairFile);
    if (file === undefined) return;
    await addPair(file, { ...(settings.system === '' ? {} : { system: settings.system }), prompt, chosen, rejected });
    await this.host.context.workspaceState.update(PAIR_FILE, file);
    this.conversation.change({ pairFile: file });
  }

  private async openPairs(): Promise<void> {
    const { pairFile } = this.state;
    if (pairFile !== null) await window.showTextDocument(Uri.file(pairFile), { preview: false });
  }
}

async function openDataset(text: string | undefined): Promise<void> {
  const uri = text === undefined ? (await window.showOpenDialog({ canSelectMany: false, filters: { [l10n.t('Datasets')]: DATASETS } }))?.[0] : Uri.parse(text);
  if (uri === undefined) return;
  await workspace.fs.stat(uri).then(undefined, (cause: unknown) => {
    throw problemError('chat/no-file', 'What was dropped is no file that can be read.', { where: { file: uri.fsPath }, fix: { text: 'Choose the file with the button.' } }, cause);
  });
  await commands.executeCommand('merlina.previewDataset', uri);
}

const DATASETS = ['json', 'jsonl', 'csv', 'parquet'];

function titleOf({ title }: ChatSubject): string {
  return visibleText(l10n.t('Chat: {0}', title));
}

function keyOf({ sides }: ChatSubject): string {
  return JSON.stringify(sides.map(({ model, adapter, isBase }) => [model, adapter, isBase]));
}
