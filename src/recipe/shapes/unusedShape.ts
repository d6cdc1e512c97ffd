/** Merlina's keys that nothing here acts on: any value is accepted and kept, so that its files survive being opened here. */
import { z } from 'zod';
import { fieldsOf } from './field';

export const unusedField = (title: string, description: string) => fieldsOf('unused')(z.unknown().optional(), title, description);

const vision = (title: string) => unusedField(title, 'Kept for Merlina; vision models are not trained here.');
const diffusion = (title: string) => unusedField(title, 'Kept for Merlina; diffusion models are not trained here.');

export const unusedShape = {
  model_type: unusedField('Model type', 'Kept for Merlina; the model\'s own config.json decides here.'),
  lora_task_type: unusedField('LoRA task type', 'Kept for Merlina; always CAUSAL_LM here.'),
  use_liger: unusedField('Liger kernels', 'Kept for Merlina; the engine has its own kernels.'),
  torch_compile: unusedField('torch.compile', 'Kept for Merlina; nothing is compiled by torch here.'),
  gpu_ids: unusedField('GPU ids', 'Kept for Merlina; a run here uses one device.'),
  multi_gpu_strategy: unusedField('Multi-GPU strategy', 'Kept for Merlina; a run here uses one device.'),
  keep_gguf_fp16: unusedField('Keep the F16 GGUF', 'Kept for Merlina; ask for F16 in gguf_quant_types instead.'),
  share_config: unusedField('Share the configuration', 'Kept for Merlina.'),
  share_config_image: unusedField('Share as a picture', 'Kept for Merlina.'),
  vision_model_id: vision('Vision model'),
  stage: vision('Stage'),
  unfreeze_vision_top_n: vision('Unfrozen vision layers'),
  image_token_id: vision('Image token'),
  min_pixels: vision('Fewest pixels'),
  max_pixels: vision('Most pixels'),
  image_column: vision('Image column'),
  caption_column: vision('Caption column'),
  instruction: vision('Instruction'),
  streaming: vision('Streaming'),
  model_name: diffusion('Model name'),
  image_resolution: diffusion('Image resolution'),
  lora_rank: diffusion('Diffusion LoRA rank'),
  lora_target_modules: diffusion('Diffusion LoRA modules'),
  lora_use_dora: diffusion('DoRA'),
  mid_training_samples: diffusion('Samples while training'),
  dataset_jsonl_path: diffusion('Dataset path'),
  dataset_name: unusedField('Dataset name', 'Kept for Merlina; dataset.source.repo_id names the dataset here.'),
  dataset_split: unusedField('Dataset split', 'Kept for Merlina; dataset.source.split names the split here.'),
  sample_num_steps: diffusion('Sample steps'),
};
