/** A GGUF file as a model: config, tensors under Hugging Face names, tokenizer and chat template, all from the one file. */
import { fingerprint } from '../fingerprint';
import type { ModelSource } from '../source';
import { ggufArchitecture, ggufConfig } from './ggufConfig';
import { ggufTensors } from './ggufTensors';
import { ggufTokenizer } from './ggufTokenizer';
import { GgufMetadata } from './metadata';
import { readGguf } from './readGguf';

/** `id` is what the user named. Reads the header only. Throws a ProblemError for a file that is not sound or not supported. */
export function openGguf(path: string, id = path): ModelSource {
  const gguf = readGguf(path), metadata = new GgufMetadata(gguf);
  const config = ggufConfig(metadata), { architecture } = ggufArchitecture(metadata);
  const tensors = ggufTensors(gguf, architecture, Number(config.num_attention_heads), Number(config.num_key_value_heads));
  return {
    id, config, tensors,
    fingerprint: fingerprint(config, tensors.values(), new Map([[gguf.file, gguf.fileSize]])),
    tokenizer: ggufTokenizer(metadata),
    chatTemplate: metadata.text('tokenizer.chat_template'),
    generationConfig: undefined,
  };
}
