/** The seam between where a model lies (folder, hub, GGUF) and everything that uses it. */
import type { TensorInfo } from '../shared/tensors';

/** config.json as parsed; `Architecture`s read it, nothing else does. */
export type ModelConfig = Record<string, unknown> & { model_type?: string };

/** One model, opened. Reading a tensor's bytes never copies the file; `info` says where they lie. */
export interface ModelSource {
  /** What the user named: an id or path. */
  readonly id: string;
  /** SHA-256 over config and the sorted tensor table (name, type, shape, file size); identifies the weights for resume. */
  readonly fingerprint: string;
  /** Commit of the hub's repository that was opened; absent for local files. */
  readonly revision?: string;
  readonly config: ModelConfig;
  /** All tensors under their Hugging Face names ("model.layers.0.self_attn.q_proj.weight"), whatever the file calls them. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Text of tokenizer.json and tokenizer_config.json (made from the metadata for GGUF); undefined where the model has none. */
  readonly tokenizer: { tokenizerJson: string; tokenizerConfig: string } | undefined;
  /** Jinja source, from chat_template.jinja, tokenizer_config.json or GGUF metadata; undefined where the model has none. */
  readonly chatTemplate: string | undefined;
  /** generation_config.json where present. */
  readonly generationConfig: Record<string, unknown> | undefined;
}
