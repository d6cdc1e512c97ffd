/** tokenizer.json and tokenizer_config.json made from a GGUF's metadata. */
import { problemError } from '../../shared/problem';
import type { ModelSource } from '../source';
import { bpePreTokenizer, bpeTokenizer } from './bpeTokenizer';
import type { GgufMetadata } from './metadata';
import { sentencePieceTokenizer } from './sentencePieceTokenizer';
import { readVocabulary } from './vocabulary';

/** undefined where the file carries no tokens. */
export function ggufTokenizer(metadata: GgufMetadata): ModelSource['tokenizer'] {
  const vocabulary = readVocabulary(metadata);
  if (!vocabulary) return undefined;
  const model = metadata.text('tokenizer.ggml.model');
  const addsBosByDefault = model === 'llama' || (model === 'gpt2' && bpePreTokenizer(metadata).addsBos);
  const adds = {
    bos: metadata.boolean('tokenizer.ggml.add_bos_token', addsBosByDefault),
    eos: metadata.boolean('tokenizer.ggml.add_eos_token', false),
  };
  const { bos, eos, unk, pad } = vocabulary.roles;
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast', add_bos_token: adds.bos, add_eos_token: adds.eos,
    bos_token: bos, eos_token: eos, unk_token: unk, pad_token: pad,
    clean_up_tokenization_spaces: false,
    model_max_length: metadata.optionalNumber(`${metadata.text('general.architecture') ?? ''}.context_length`),
  };
  const json = model === 'gpt2' ? bpeTokenizer(metadata, vocabulary, adds) : model === 'llama' ? sentencePieceTokenizer(metadata, vocabulary, adds) : undefined;
  if (!json)
    throw problemError('models/unknown-gguf-tokenizer', `its tokenizer is of the kind ${model === undefined ? 'none' : `"${model}"`}. Supported: gpt2 (byte-level BPE), llama (SentencePiece BPE).`,
      { where: { file: metadata.gguf.file, field: 'tokenizer.ggml.model' }, fix: { text: 'Use the original safetensors, which bring their own tokenizer.json.' } });
  return { tokenizerJson: JSON.stringify(json), tokenizerConfig: JSON.stringify(config, null, 2) };
}
