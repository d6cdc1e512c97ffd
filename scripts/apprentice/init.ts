/** Writes a model folder with random weights, ready to be trained: `npx tsx scripts/apprentice/init.ts DIR`. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeSafetensors } from '../../src/models';
import { initialWeights, type LlamaShape } from './initialWeights';
import { writeTokenizer } from './trainTokenizer';

const WEIGHTS_SEED = 3;
export const CONFIG_FILE = fileURLToPath(new URL('config.json', import.meta.url));

/** Greedy, so that what the apprentice says can be compared before and after. */
const GENERATION_CONFIG = { do_sample: false, eos_token_id: 2, pad_token_id: 0, max_new_tokens: 128 };

export async function writeUntrainedModel(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile(CONFIG_FILE, join(folder, 'config.json'));
  await writeFile(join(folder, 'generation_config.json'), `${JSON.stringify(GENERATION_CONFIG, null, 2)}\n`);
  await writeTokenizer(folder);
  const config = JSON.parse(await readFile(CONFIG_FILE, 'utf8')) as LlamaShape;
  await writeSafetensors(join(folder, 'model.safetensors'), initialWeights(config, WEIGHTS_SEED));
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1])).href) await writeUntrainedModel(process.argv[2] ?? 'tmp/apprentice/untrained');
