/** `npm run generate`: writes every file of generatedFiles.ts that is missing or stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { place } from './checks/generated';
import { generatedFiles } from './generatedFiles';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

for (const generated of generatedFiles()) {
  const file = path.join(ROOT, generated.file);
  const current = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const next = place(generated, current);
  if (next === current) continue;
  writeFileSync(file, next);
  console.log(`wrote ${generated.file}`);
}
