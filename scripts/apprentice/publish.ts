/** Puts a trained model where the extension ships it, with weights as BF16: half the size, and as exact as a chat needs. */
import { copyFile, mkdir } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors, type TensorToWrite } from '../../src/models';

const COPIED = ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'generation_config.json'];

export async function publish(model: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of COPIED) await copyFile(join(model, name), join(folder, name));
  const config = JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')) as Record<string, unknown>;
  const { torch_dtype: _older, ...kept } = config;
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify({ ...kept, dtype: 'bfloat16' }, null, 2)}\n`);

  const trained = await readSafetensors(join(model, 'model.safetensors'));
  const tensors: TensorToWrite[] = [];
  for (const { name, shape } of trained.entries.values()) tensors.push({ name, shape, type: 'BF16', data: await trained.read(name) });
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' });
}
