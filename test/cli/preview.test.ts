import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Terminal } from '../../src/cli/command';
import { runCommandLine } from '../../src/cli/commandLine';
import { temporaryFolders } from '../training/runFixture';
import { TINY_MODEL, tinyRecipe } from '../training/tinyRun';

const SMOLLM2 = 'test/fixtures/text/tokenizers/smollm2';
const folder = temporaryFolders();

interface Result { exit: number; out: string; error: string }

async function preview(args: readonly string[], terminal: Partial<Terminal> = {}): Promise<Result> {
  const result: Result = { exit: 0, out: '', error: '' };
  result.exit = await runCommandLine(['preview', ...args], { out: text => void (result.out += text), error: text => void (result.error += text), isInteractive: false, columns: 80, ...terminal });
  return result;
}

function fileOf(rows: readonly unknown[], name = 'pairs.jsonl'): string {
  const file = path.join(folder(), name);
  fs.writeFileSync(file, rows.map(row => JSON.stringify(row)).join('\n'));
  return file;
}

const PAIRS = [{ prompt: 'Who are you?', chosen: 'A wizard.', rejected: 'Go away.' }, { prompt: 'And who am I?', chosen: '', rejected: 'Nobody.' }];

describe('cli/preview', function () {
  this.timeout(20_000);

  it('shows source, shape, columns and rows as they are, and hints at the model', async () => {
    const { exit, out } = await preview([fileOf(PAIRS), '--rows', '1']);
    assert.equal(exit, 0);
    assert.match(out, /pairs\.jsonl: jsonl, 128 bytes, 2 rows\none column each for prompt, chosen and the others \(100 % of the first 2\)\n {2}prompt {4}→ prompt {17}text\n/);
    assert.match(out, /\nRow 0, line 1\nprompt:\n {2}Who are you\?\nchosen:\n {2}A wizard\.\nrejected:\n {2}Go away\.\n/);
    assert.match(out, /Statistics of all rows\n {2}rows {15}2, usable 1\n {2}left out {11}1: The row has empty text\. First in row 1 \(dataset\/empty-chosen\)\n/);
    assert.match(out, /With --model MODEL/);
  });

  it('shows rows as the model meets them', async () => {
    const { out } = await preview([fileOf(PAIRS), '--rows', '1', '--model', SMOLLM2]);
    assert.match(out, /prompt:\n {2}<\|im_start\|>system\n[^]*<\|im_start\|>assistant\n {2}\nchosen:\n {2}A wizard\.<\|im_end\|>\n {2}\nrejected:\n {2}Go away\.<\|im_end\|>\n/);
    assert.match(out, /tokens a row {7}p50 39, p95 39, max 39/);
  });

  it('shows tokens with a mask below them where there are no colours', async () => {
    const { out } = await preview([fileOf(PAIRS), '--rows', '1', '--model', SMOLLM2, '--tokens', '--method', 'dpo']);
    assert.match(out, /Below them: \. read, \^ learnt, x cut away\./);
    assert.match(out, /\nchosen: 34 prompt \+ 5 response tokens, 5 learnt; ends with <\|im_end\|>\n/);
    assert.match(out, /\|A\| w\|izard\|\.\|<\|im_end\|>\n/);
    assert.match(out, / \.\. \^ \^\^ \^{5} \^ \^{10}\n/);
    assert.doesNotMatch(out, /\x1b/);
  });

  it('colours tokens on a terminal', async () => {
    const { out } = await preview([fileOf(PAIRS), '--rows', '1', '--model', SMOLLM2, '--tokens'], { hasColours: true });
    assert.ok(out.includes('\x1b[32mizard\x1b[0m'));
    assert.ok(out.includes('\x1b[33m<|im_end|>\x1b[0m'));
  });

  it('never lets through control characters of the data', async () => {
    const evil = fileOf([{ 'prompt': 'a\u001b[31mred\u202e\u0007', 'chosen': '\u001b]0;title\u0007', 'rejected': 'b\r', '\u001b[2Jcolumn': 1 }]);
    for (const args of [[], ['--model', SMOLLM2], ['--model', SMOLLM2, '--tokens']]) {
      const { out, error } = await preview([evil, ...args]);
      assert.doesNotMatch(out + error, /[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });

  it('gives one JSON object a line', async () => {
    const { exit, out } = await preview([fileOf(PAIRS), '--rows', '2', '--model', SMOLLM2, '--tokens', '--json']);
    const lines = out.trimEnd().split('\n').map(line => JSON.parse(line) as { type: string; view?: string; index?: number; isKept?: boolean; problems?: { id: string }[]; tokens?: { rows: { value: number } } });
    assert.equal(exit, 0);
    assert.deepEqual(lines.map(({ type, view, index }) => [type, view, index]), [['source', undefined, undefined], ['row', 'tokens', 0], ['row', 'tokens', 1], ['statistics', undefined, undefined]]);
    assert.deepEqual([lines[1]!.isKept, lines[2]!.isKept, lines[2]!.problems![0]!.id, lines[3]!.tokens!.rows.value], [true, false, 'dataset/empty-chosen', 1]);
  });

  it('samples a large set and says so, or counts all', async () => {
    const file = fileOf(Array.from({ length: 2000 }, (_, i) => ({ prompt: `q ${i}`, chosen: 'a' })));
    assert.match((await preview([file])).out, /Statistics of a sample of 1,000 rows \(≈; --exact counts all\)\n {2}rows {15}2,000, usable ≈ 2,000\n/);
    assert.match((await preview([file, '--exact'])).out, /Statistics of all rows\n {2}rows {15}2,000, usable 2,000\n/);
  });

  it('previews a recipe: its format, mapping, limits and model', async () => {
    const dataset = { source: { source_type: 'local_file' as const, file_path: fileOf([{ q: 'Who are you?', good: 'A wizard.', bad: 'Go away.' }]) }, column_mapping: { q: 'prompt', good: 'chosen', bad: 'rejected' }, format: { format_type: 'chatml' as const } };
    const file = path.join(folder(), 'recipe.json');
    fs.writeFileSync(file, JSON.stringify({ ...tinyRecipe(folder(), { max_prompt_length: 8 }), base_model: TINY_MODEL, dataset }));
    const { exit, out } = await preview([file, '--tokens']);
    assert.equal(exit, 0, out);
    assert.match(out, /q {5}→ prompt \(mapped\)/);
    assert.match(out, /and 8 a prompt\./);
    assert.match(out, /the prompt lost \d+/);
  });

  it('shows the rows of a recipe whose model is not here as they are, and says so', async () => {
    const file = path.join(folder(), 'recipe.json');
    fs.writeFileSync(file, JSON.stringify({ base_model: './nowhere', output_name: 'x', dataset: { source: { source_type: 'local_file', file_path: fileOf(PAIRS) } } }));
    const { exit, out, error } = await preview([file, '--rows', '1']);
    assert.deepEqual([exit, error.match(/^warning: .*no such model/)?.length], [0, 1]);
    assert.match(out, /prompt:\n {2}Who are you\?\n/);
  });

  const mistakes: [string, string[], RegExp][] = [
    ['no file', ['nowhere.jsonl'], /^error: .*nowhere\.jsonl.*There is no such dataset file/],
    ['nothing named', [], /One FILE, DATASET or RECIPE\.json is needed/],
    ['tokens of no model', ['FILE', '--tokens'], /--tokens needs --model/],
    ['a format that is none', ['FILE', '--format', 'chatlm'], /Invalid format_type: chatlm/],
    ['a model that is none', ['FILE', '--model', './nowhere'], /no such model/],
  ];
  for (const [name, args, text] of mistakes) {
    it(`answers ${name} with a Problem and exit code 2`, async () => {
      const { exit, error } = await preview(args.map(arg => (arg === 'FILE' ? fileOf(PAIRS) : arg)));
      assert.equal(exit, 2, error);
      assert.match(error, text);
    });
  }

  it('shows rows that cannot be trained, says why, and exits with 2', async () => {
    const { exit, out, error } = await preview([fileOf([{ a: 1, b: 'x' }])]);
    assert.equal(exit, 2);
    assert.match(out, /\na:\n {2}1\nb:\n {2}x\n/);
    assert.match(error, /missing required columns: prompt, chosen/);
  });
});
