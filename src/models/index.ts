/** Door of models: where weights, tokenizers and chat templates come from. */
export { architectures, findArchitecture, readArchitecture } from './architectures';
export type { Architecture } from './architectures';
export { ChatTemplate, TemplateRefusal, renderChat } from './chatTemplate';
export type { ChatMessage, RenderOptions } from './chatTemplate';
export { chatTemplateParity } from './chatTemplateParity';
export { decodeTensor, decodeToScratch, ggufBlockParity, needsDecoding, readTensor } from './decode';
export type { BlockFixture, BlockParity, ScratchOptions } from './decode';
export { downloadModel, hubCacheDir } from './hub';
export type { DownloadProgress, DownloadedModel, HubOptions } from './hub';
export { isHubId, openModel } from './openModel';
export type { OpenModelOptions } from './openModel';
export { readSafetensors, streamSafetensors, writeSafetensors } from './safetensors';
export type { SafetensorsEntry, SafetensorsFile, TensorToWrite } from './safetensors';
export type { ModelConfig, ModelSource } from './source';
export { loadTokenizer } from './tokenizer';
export type { DecodeOptions, EncodeOptions, SpecialToken, Tokenizer } from './tokenizer';
export { tokenizerParity } from './tokenizerParity';
export type { TokenizerParityContext } from './tokenizerParity';
