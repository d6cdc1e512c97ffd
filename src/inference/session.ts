/** A model, ready to answer: weights, adapter, tokenizer and template opened together. */
import path from 'node:path';
import { createGenerator } from '../engine';
import type { Generator } from '../engine';
import { mappableTensors, readAdapter } from '../models';
import type { DownloadProgress } from '../models';
import { readArchitecture } from '../models/architectures';
import { ChatTemplate } from '../models/chatTemplate';
import type { ChatMessage } from '../models/chatTemplate';
import { openModel } from '../models/openModel';
import { loadTokenizer } from '../models/tokenizer';
import type { Tokenizer } from '../models/tokenizer';
import { problemError } from '../shared/problem';
import { generate } from './generate';
import type { GenerationEnd, GenerationOptions } from './generate';
import { stopIdsOf } from './stopIds';

export interface SessionOptions {
  /** Folder, GGUF file or hub id. Undefined takes the adapter's base. */
  readonly model: string | undefined;
  /** PEFT folder. */
  readonly adapter: string | undefined;
  /** Tokens, prompt and answer together; the model's own limit where that is lower. */
  readonly maxLength?: number;
  readonly threads?: number;
  /** Of a model that comes from the hub. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

const DEFAULT_MAX_LENGTH = 4096;

export class InferenceSession {
  private constructor(
    readonly tokenizer: Tokenizer,
    /** Undefined where the model has none: only raw prompts then. */
    private readonly template: ChatTemplate | undefined,
    private readonly generator: Generator,
    private readonly stopIds: ReadonlySet<number>,
    /** Tokens, prompt and answer together. */
    readonly maxLength: number,
    private readonly modelId: string,
  ) {}

  /** Throws ProblemError where model or adapter cannot be used. */
  static async open({ model: id, adapter: folder, maxLength = DEFAULT_MAX_LENGTH, threads, onProgress, signal }: SessionOptions): Promise<InferenceSession> {
    const adapter = folder === undefined ? undefined : await readAdapter(path.resolve(folder));
    const modelId = id ?? adapter?.baseModel;
    if (modelId === undefined) {
      throw problemError('inference/no-model', 'No model is named, and there is no adapter that names its base.', { fix: { text: 'Give --model.' } });
    }
    const model = await openModel(modelId, { ...(onProgress && { onProgress }), ...(signal && { signal }) });
    if (!model.tokenizer) {
      throw problemError('inference/no-tokenizer', `The model ${modelId} has no tokenizer.json.`, { fix: { text: 'Choose a model folder that has one.' } });
    }
    const tokenizer = loadTokenizer(model.tokenizer);
    const spec = readArchitecture(model.config);
    const length = Math.min(maxLength, spec.maxPositions);
    const generator = await createGenerator({
      spec,
      tensors: await mappableTensors(model),
      adapter: adapter ? { ...adapter.settings, dropout: 0, seed: 0, initial: adapter.tensors } : null,
      maxLength: length,
      ...(threads !== undefined && { threads }),
    });
    const template = model.chatTemplate === undefined ? undefined : new ChatTemplate(model.chatTemplate);
    return new InferenceSession(tokenizer, template, generator, stopIdsOf(model, tokenizer), length, modelId);
  }

  /** Ids of a conversation with the answer's header open. */
  promptOf(messages: ChatMessage[]): number[] {
    if (!this.template) {
      throw problemError('inference/no-template', `The model ${this.modelId} has no chat template.`, { fix: { text: 'Give the text as it is, with --raw.' } });
    }
    return this.tokenizer.encode(this.template.render(messages, { addGenerationPrompt: true, specialTokens: this.tokenizer.specialTokens }));
  }

  /** Ids of a text that the model goes on from. */
  rawPromptOf(text: string): number[] {
    return this.tokenizer.encode(text, { addSpecialTokens: true });
  }

  /** Answers one prompt; nothing is kept from earlier ones. `forward` runs each pass through the model, at once where not given.
   *  Throws ProblemError for a prompt that fills the context. */
  answer(
    promptIds: readonly number[], { forward = work => work(), ...options }: Omit<GenerationOptions, 'stopIds'> & { forward?: <T>(work: () => Promise<T>) => Promise<T> },
  ): AsyncGenerator<string, GenerationEnd, undefined> {
    const room = this.maxLength - promptIds.length;
    if (promptIds.length === 0 || room < 1) {
      throw problemError('inference/prompt-length', `The prompt has ${promptIds.length} tokens; from 1 to ${this.maxLength - 1} are possible.`, {
        fix: { text: promptIds.length === 0 ? 'Give a text.' : 'Shorten the prompt.' },
      });
    }
    this.generator.reset();
    const generator = { next: (ids: readonly number[]) => forward(() => this.generator.next(ids)) };
    return generate(generator, this.tokenizer, promptIds, { ...options, maxNewTokens: Math.min(options.maxNewTokens, room), stopIds: this.stopIds });
  }

  /** The same model as it is without the adapter, over the same weights in memory; released with this one. */
  async withoutAdapter(): Promise<InferenceSession> {
    return new InferenceSession(this.tokenizer, this.template, await this.generator.withoutAdapter(), this.stopIds, this.maxLength, this.modelId);
  }

  get hasTemplate(): boolean {
    return this.template !== undefined;
  }

  release(): Promise<void> {
    return this.generator.release();
  }
}
