/** Answers to the recipe's sample prompts with the weights as they are now, to read how the model changes. */
import { createGenerator } from '../engine';
import type { AdapterOptions, Parameter } from '../engine';
import { generate, stopIdsOf } from '../inference';
import { ChatTemplate } from '../models/chatTemplate';
import type { ModelSource } from '../models/source';
import { loadTokenizer } from '../models/tokenizer';
import type { DecoderSpec } from '../shared/decoderSpec';
import { GREEDY } from '../shared/sampling';
import type { MappableTensor } from '../shared/tensors';

export interface SampleOptions {
  readonly prompts: readonly string[];
  readonly model: ModelSource;
  readonly spec: DecoderSpec;
  readonly tensors: ReadonlyMap<string, MappableTensor>;
  /** Null for the model before any training. */
  readonly adapter: AdapterOptions | null;
  readonly parameters: readonly Parameter[];
  readonly threads: number;
  /** Asked before each prompt: what is answered so far is given. */
  readonly isStopRequested: () => boolean;
}

const ANSWER_TOKENS = 96;
/** The likeliest answer, so that two evaluations can be compared. */
const SAMPLING = { ...GREEDY, maxNewTokens: ANSWER_TOKENS, seed: 0 };

/** The model is opened for this and released after it: its memory is needed beside the trainer's only for so long. */
export async function answerSamples({ prompts, model, spec, tensors, adapter, parameters, threads, isStopRequested }: SampleOptions): Promise<{ prompt: string; text: string }[]> {
  if (!model.tokenizer) return [];
  const tokenizer = loadTokenizer(model.tokenizer);
  const template = model.chatTemplate === undefined ? undefined : new ChatTemplate(model.chatTemplate);
  const idsOf = (prompt: string): number[] => tokenizer.encode(template
    ? template.render([{ role: 'user', content: prompt }], { addGenerationPrompt: true, specialTokens: tokenizer.specialTokens })
    : prompt, { addSpecialTokens: !template });
  const inputs = prompts.map(prompt => ({ prompt, ids: idsOf(prompt) })).filter(({ ids }) => ids.length > 0 && ids.length < spec.maxPositions);
  if (inputs.length === 0) return [];
  const generator = await createGenerator({
    spec, tensors, threads,
    adapter: adapter && { ...adapter, initial: new Map(parameters.map(({ name, data }) => [name, data])) },
    maxLength: Math.min(spec.maxPositions, Math.max(...inputs.map(({ ids }) => ids.length)) + ANSWER_TOKENS),
  });
  try {
    const stopIds = stopIdsOf(model, tokenizer);
    const samples: { prompt: string; text: string }[] = [];
    for (const { prompt, ids } of inputs) {
      if (isStopRequested()) break;
      generator.reset();
      let text = '';
      for await (const piece of generate(generator, tokenizer, ids, { ...SAMPLING, stopIds })) text += piece;
      samples.push({ prompt, text: text.trim() });
    }
    return samples;
  } finally {
    await generator.release();
  }
}
