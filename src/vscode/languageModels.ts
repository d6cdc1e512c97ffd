/** The models of this machine in VS Code's own chat, where the running VS Code takes providers (1.104 and newer; its types are newer than the engine that is supported). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EventEmitter, l10n, LanguageModelChatMessageRole, LanguageModelTextPart, lm, type CancellationToken, type Disposable, type Event, type Progress } from 'vscode';
import { DEFAULT_SAMPLING } from '../shared/sampling';
import type { Message } from './chat/conversation';
import type { Host } from './host';
import { apprenticeItem, trainedItems, type ModelItem } from './models/modelItems';

/** As package.json's languageModelChatProviders names it. */
const VENDOR = 'merlina';

/** vscode.d.ts of 1.104, as far as it is used here. */
export interface ModelInformation {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly version: string;
  readonly detail?: string;
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
  readonly capabilities: { readonly imageInput?: boolean; readonly toolCalling?: boolean | number };
}
export interface RequestMessage {
  readonly role: number;
  readonly content: readonly unknown[];
}
export interface ModelProvider {
  readonly onDidChangeLanguageModelChatInformation: Event<void>;
  provideLanguageModelChatInformation(options: unknown, token: CancellationToken): Promise<ModelInformation[]>;
  provideLanguageModelChatResponse(model: ModelInformation, messages: readonly RequestMessage[], options: unknown, progress: Progress<LanguageModelTextPart>, token: CancellationToken): Promise<void>;
  provideTokenCount(model: ModelInformation, text: string | RequestMessage, token: CancellationToken): Promise<number>;
}
export interface ProviderRegistry {
  registerLanguageModelChatProvider?(vendor: string, provider: ModelProvider): Disposable;
}

/** Nothing where this VS Code takes none. `registry` is VS Code's own; tests pass theirs. */
export function registerLanguageModels(host: Host, registry: ProviderRegistry = lm as ProviderRegistry): Disposable[] {
  if (typeof registry.registerLanguageModelChatProvider !== 'function') return [];
  const provider = new TunedModels(host);
  return [provider, registry.registerLanguageModelChatProvider(VENDOR, provider)];
}

/** The apprentice and the newest that were trained here. */
const OFFERED_MODELS = 20;
/** A session takes no more, prompt and answer together (inference/session.ts). */
const MAX_CONTEXT_TOKENS = 4096;

class TunedModels implements ModelProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeLanguageModelChatInformation = this.changed.event;
  private readonly subscription: Disposable;

  constructor(private readonly host: Host) {
    this.subscription = host.jobs.onDidChange(() => this.changed.fire());
  }

  async provideLanguageModelChatInformation(): Promise<ModelInformation[]> {
    return (await this.items()).map(informationOf);
  }

  async provideLanguageModelChatResponse(model: ModelInformation, messages: readonly RequestMessage[], _options: unknown, progress: Progress<LanguageModelTextPart>, token: CancellationToken): Promise<void> {
    const item = await this.itemOf(model);
    const controller = new AbortController();
    const cancelling = token.onCancellationRequested(() => controller.abort());
    try {
      await this.host.service.call('answerChat', {
        model: item.model, adapter: item.adapter, isBase: false, messages: messages.map(messageOf),
        options: { ...DEFAULT_SAMPLING, maxNewTokens: model.maxOutputTokens, seed: 0 },
      }, { signal: controller.signal, onProgress: text => progress.report(new LanguageModelTextPart(text)) });
    } catch (error) {
      if (!token.isCancellationRequested) throw error;
    } finally {
      cancelling.dispose();
    }
  }

  async provideTokenCount(model: ModelInformation, text: string | RequestMessage): Promise<number> {
    const { model: id, adapter } = await this.itemOf(model);
    return this.host.service.call('countTokens', { model: id, adapter, text: typeof text === 'string' ? text : textOf(text) });
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private async items(): Promise<ModelItem[]> {
    return [apprenticeItem(this.host), ...trainedItems(await this.host.jobs.managerIfAny()).slice(0, OFFERED_MODELS)];
  }

  private async itemOf({ id, name }: ModelInformation): Promise<ModelItem> {
    const item = (await this.items()).find(one => one.path === id);
    if (!item) throw new Error(l10n.t('The model {0} is not there any more.', name));
    return item;
  }
}

function informationOf({ path: id, name, detail, model, job_id }: ModelItem): ModelInformation {
  const context = contextOf(model);
  // Half for the question and what was said before, half for the answer.
  const half = Math.floor(context / 2);
  return { id, name, family: path.basename(model ?? id), version: job_id ?? '1', detail, maxInputTokens: context - half, maxOutputTokens: half, capabilities: {} };
}

/** Of a model's folder; anything else is only known when it is opened. */
function contextOf(model: string | null): number {
  try {
    const { max_position_embeddings: positions } = JSON.parse(readFileSync(path.join(model ?? '', 'config.json'), 'utf8')) as { max_position_embeddings?: unknown };
    return typeof positions === 'number' ? Math.min(positions, MAX_CONTEXT_TOKENS) : MAX_CONTEXT_TOKENS;
  } catch {
    return MAX_CONTEXT_TOKENS; // a hub id, a GGUF file: its limit is looked at when it answers
  }
}

function messageOf(message: RequestMessage): Message {
  return { role: roleOf(message.role), content: textOf(message) };
}

/** A third role, System, is known to newer versions only. */
function roleOf(role: number): Message['role'] {
  return ROLES.get(role) ?? 'system';
}

const ROLES = new Map<number, Message['role']>([[LanguageModelChatMessageRole.User, 'user'], [LanguageModelChatMessageRole.Assistant, 'assistant']]);

/** Of its text parts; tools and pictures are not offered. */
function textOf({ content }: RequestMessage): string {
  return content.flatMap(part => (part instanceof LanguageModelTextPart ? [part.value] : [])).join('');
}
