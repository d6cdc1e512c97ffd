import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ggufParity, modelParity, runParity } from '../../src/training/parity';
import type { ParityCase } from '../../src/shared/parity';

const REFERENCE = path.join(import.meta.dirname, '../fixtures/reference/training');
const entries = (folder: string) => readdirSync(path.join(REFERENCE, folder)).sort();

function agrees({ ok, detail }: ParityCase): void {
  assert.ok(ok, detail);
}

describe('training agrees with the reference', function () {
  this.timeout(120_000);
  for (const name of entries('models'))
    it(`${name}: logits, greedy tokens, loss and LoRA gradients of transformers and PEFT`, async () => agrees(await modelParity(path.join(REFERENCE, 'models', name))));
  for (const name of entries('runs'))
    it(`${name}: losses, norms, figures and final weights of TRL`, async () => agrees(await runParity(path.join(REFERENCE, 'runs', name), path.join(REFERENCE, 'models'))));
  for (const name of entries('gguf').filter(file => file.endsWith('.gguf')))
    it(`${name}: logits and greedy tokens of transformers reading the file`, async () => agrees(await ggufParity(path.join(REFERENCE, 'gguf', name))));
});
