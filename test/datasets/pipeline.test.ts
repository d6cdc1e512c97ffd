import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { PairRow, SequenceRow, UnpairedRow } from '../../src/shared/rows';
import type { TokenTrace } from '../../src/datasets';
import { loadPackage, pipelineOf, problemsOf, shown, smollm2 } from './helpers';

const reference = JSON.parse(readFileSync('test/fixtures/text/trl_orpo_rows.json', 'utf8')) as
  { rows: { prompt_input_ids: number[]; chosen_input_ids: number[]; rejected_input_ids: number[] }[] };
const real = (JSON.parse(readFileSync('test/fixtures/text/rows.json', 'utf8')) as Record<string, unknown[]>);
const pair = (prompt: string, chosen = 'yes', rejected = 'no'): Record<string, string> => ({ prompt, chosen, rejected });
const text = (ids: number[]): string => smollm2.decode(ids);

describe('dataset pipeline', () => {
  it('gives TRL\'s token ids for ShareGPT rankings with SmolLM2\'s template', async () => {
    const { train } = await pipelineOf(real['dpo_en_demo']!, { format: { format_type: 'tokenizer' }, maxLength: 100_000, maxPromptLength: 100_000 }).prepare();
    const fitting = (train as PairRow[]).filter(({ prompt, chosen, rejected }) => prompt.length + Math.max(chosen.length, rejected.length) < 1024);
    assert.deepEqual(fitting.slice(0, 12).map(({ prompt, chosen, rejected }) => ({ prompt_input_ids: prompt, chosen_input_ids: [...prompt, ...chosen], rejected_input_ids: [...prompt, ...rejected] })), reference.rows);
  });

  it('trains on the stop token and not on what follows it, with one stop only', async () => {
    const { train } = await pipelineOf([pair('P', 'A', 'B')], { format: { format_type: 'chatml' } }).prepare();
    const [row] = train as PairRow[];
    assert.equal(text(row!.prompt), '<|im_start|>user\nP<|im_end|>\n<|im_start|>assistant\n');
    assert.equal(text(row!.chosen), 'A<|im_end|>');
  });
  it('adds the tokenizer\'s EOS where the format writes none', async () => {
    const { train } = await pipelineOf([pair('P:', 'A', 'B')], { format: { format_type: 'raw' } }).prepare();
    assert.equal(text((train as PairRow[])[0]!.rejected), 'B<|im_end|>');
  });
  it('begins with exactly one BOS, whether the format or the tokenizer brings it', async () => {
    const llama3 = loadPackage('llama3_1');
    for (const format_type of ['llama3', 'raw']) {
      const { train } = await pipelineOf([pair('P', 'A', 'B')], { format: { format_type }, tokenizer: llama3 }).prepare();
      const ids = (train as PairRow[])[0]!.prompt;
      assert.deepEqual(ids.map(id => id === llama3.bos!.id).filter(Boolean).length, 1, format_type);
      assert.equal(ids[0], llama3.bos!.id);
    }
  });

  it('makes sequences for sft that learn the response, or the prompt too where asked', async () => {
    const rows = [{ instruction: 'Add', input: '1+1', output: '2' }];
    const { train, report } = await pipelineOf(rows, { method: 'sft' }).prepare();
    const [{ ids, labels }] = train as [SequenceRow];
    assert.equal(text(ids), '<|im_start|>user\nAdd\n1+1<|im_end|>\n<|im_start|>assistant\n2<|im_end|>');
    assert.equal(text(labels.filter(label => label !== -100)), '2<|im_end|>');
    assert.equal(report.shape, 'alpaca');
    const [whole] = (await pipelineOf(rows, { method: 'sft', trainOnPrompt: true }).prepare()).train as SequenceRow[];
    assert.deepEqual(whole!.labels, ids);
  });
  it('makes two unpaired rows of a pair for kto, and one of a labelled answer', async () => {
    const fromPair = (await pipelineOf([pair('P', 'A', 'B')], { method: 'kto' }).prepare()).train as UnpairedRow[];
    assert.deepEqual(fromPair.map(row => [text(row.response), row.label]), [['A<|im_end|>', true], ['B<|im_end|>', false]]);
    const labelled = (await pipelineOf([{ prompt: 'P', completion: 'A', label: false }], { method: 'kto' }).prepare()).train as UnpairedRow[];
    assert.deepEqual(labelled.map(row => [text(row.response), row.label]), [['A<|im_end|>', false]]);
    const { problems } = await pipelineOf([{ prompt: 'P', completion: 'A' }], { method: 'kto' }).prepare();
    assert.deepEqual(problems.map(problem => problem.id), ['dataset/one-label']);
  });
  it('reads 40 real Alpaca rows and 40 real rankings with no mapping by hand', async () => {
    assert.equal((await pipelineOf(real['alpaca_en_demo']!, { method: 'sft' }).prepare()).report.train, 40);
    assert.equal((await pipelineOf(real['dpo_en_demo']!, { method: 'dpo' }).prepare()).report.loaded, 40);
  });

  it('shortens prompts at their beginning and responses at their end, and says which rows', async () => {
    const rows = [pair('short'), pair('long '.repeat(50)), pair('x', 'word '.repeat(80), 'no')];
    const { train, report, problems } = await pipelineOf(rows, { maxLength: 60, maxPromptLength: 30 }).prepare();
    const pairs = train as PairRow[];
    assert.deepEqual(pairs.map(row => row.prompt.length <= 30 && row.prompt.length + row.chosen.length <= 60), [true, true, true]);
    assert.ok(text(pairs[1]!.prompt).endsWith('<|im_start|>assistant\n') && text(pairs[1]!.prompt).startsWith(' long'));
    assert.ok(text(pairs[2]!.chosen).startsWith('word word') && pairs[2]!.rejected.at(-1) === smollm2.eos!.id);
    assert.deepEqual([report.promptsCut, report.responsesCut, report.dropped], [1, 1, 0]);
    assert.deepEqual(problems.map(problem => [problem.id, problem.severity, problem.where?.row]), [['dataset/prompt-cut', 'warning', 1], ['dataset/response-cut', 'warning', 2]]);
  });
  it('shows every token of a row with its part in training, those cut away included', async () => {
    const pipeline = pipelineOf([pair('long '.repeat(50), 'word '.repeat(40), 'no')], { maxLength: 40, maxPromptLength: 30 });
    const [row] = (await pipeline.preview(1)).rows;
    const { tokenised, problems } = pipeline.tokeniseRow(row!);
    const [trained] = tokenised!.rows as PairRow[];
    const [chosen, rejected] = tokenised!.traces();
    const kept = ({ ids, isCut }: TokenTrace): number[] => ids.filter((_, at) => !isCut[at]);
    assert.deepEqual(kept(chosen!), [...trained!.prompt, ...trained!.chosen]);
    assert.deepEqual(kept(rejected!), [...trained!.prompt, ...trained!.rejected]);
    assert.deepEqual(chosen!.ids.filter((_, at) => chosen!.isTrained[at]), trained!.chosen);
    assert.equal(text(chosen!.ids.slice(0, chosen!.promptTokens)), `<|im_start|>user\n${'long '.repeat(50)}<|im_end|>\n<|im_start|>assistant\n`);
    assert.deepEqual(problems.map(problem => problem.id), ['dataset/prompt-cut', 'dataset/response-cut']);
  });
  it('names at most five rows of a kind and counts the others', async () => {
    const { problems } = await pipelineOf(Array.from({ length: 9 }, (_, i) => pair(`${i} ${'long '.repeat(50)}`)), { maxPromptLength: 30 }).prepare();
    assert.equal(problems.length, 5);
    assert.deepEqual(problems[4]!.notes, ['and 4 more rows like it']);
  });

  describe('splits off rows to evaluate on', () => {
    const rows = Array.from({ length: 50 }, (_, i) => pair(`p${i % 40}`, `c${i}`));
    const prompts = (list: unknown[]): Set<string> => new Set((list as PairRow[]).map(row => text(row.prompt)));
    it('the same for the same seed, others for another, never one prompt on both sides', async () => {
      const run = (seed: number) => pipelineOf(rows, { evalWanted: true, test_size: 0.2, seed }).prepare();
      const [a, b, c] = [await run(1), await run(1), await run(2)];
      assert.deepEqual(a.eval, b.eval);
      assert.notDeepEqual(prompts(a.eval), prompts(c.eval));
      assert.ok(a.eval.length >= 10 && a.eval.length <= 11 && a.train.length + a.eval.length === 50);
      assert.ok([...prompts(a.eval)].every(prompt => !prompts(a.train).has(prompt)));
    });
    it('the last ones where rows are not shuffled', async () => {
      const { eval: last } = await pipelineOf(rows.slice(0, 40), { evalWanted: true, test_size: 0.1, shuffle: false }).prepare();
      assert.deepEqual((last as PairRow[]).map(row => text(row.chosen)), ['c36', 'c37', 'c38', 'c39'].map(answer => `${answer}<|im_end|>`));
    });
    it('from the evaluation source where there is one', async () => {
      const { train, eval: other } = await pipelineOf(rows, { evalWanted: true, evalRows: [pair('q')] }).prepare();
      assert.deepEqual([train.length, other.length], [50, 1]);
    });
    it('or says that one prompt cannot be split', async () => {
      const { eval: none, problems } = await pipelineOf([pair('p')], { evalWanted: true }).prepare();
      assert.equal(none.length, 0);
      assert.match(shown(problems[0]!), /^"dataset\.test_size": Nothing is evaluated: the 1 row\(s\) have one prompt only/);
    });
  });

  it('fingerprints what is trained', async () => {
    const print = async (rows: unknown[], choices = {}): Promise<string> => (await pipelineOf(rows, choices).prepare()).fingerprint;
    const same = await print([pair('p')]);
    assert.equal(await print([{ ...pair('p'), other: 1 }]), same);
    assert.notEqual(await print([pair('q')]), same);
    assert.notEqual(await print([pair('p')], { format: { format_type: 'raw' } }), same);
  });
  it('keeps history as turns', async () => {
    const conversations = [{ from: 'system', value: 'S' }, { from: 'human', value: 'one' }, { from: 'gpt', value: 'two' }, { from: 'human', value: 'three' }];
    const { rows } = await pipelineOf([{ conversations, chosen: { from: 'gpt', value: 'A' }, rejected: { from: 'gpt', value: 'B' } }]).previewFormatted();
    assert.equal(rows[0]!.prompt, '<|im_start|>system\nS<|im_end|>\n<|im_start|>user\none<|im_end|>\n<|im_start|>assistant\ntwo<|im_end|>\n<|im_start|>user\nthree<|im_end|>\n<|im_start|>assistant\n');
  });
  it('previews the rows asked for, with their origin', async () => {
    const { rows } = await pipelineOf(Array.from({ length: 20 }, (_, i) => pair(`p${i}`))).preview(2, 7);
    assert.deepEqual(rows.map(row => [row.prompt, row.origin.row, row.origin.line]), [['p7', 7, 8], ['p8', 8, 9]]);
  });

  describe('refuses, naming file, row, column and cure:', () => {
    const refusals: [string, () => unknown, string[]][] = [
      ['an empty file', () => pipelineOf('').prepare(), ['data.jsonl: The dataset has no rows. Choose a file with rows in it.']],
      ['a row without rejected', () => pipelineOf([pair('p'), { prompt: 'q', chosen: 'c' }]).prepare(),
        ['data.jsonl, line 2, row 1, column "rejected": The row has no text for "rejected". Add the worse answer, remove the row, or train with method sft, which needs none.']],
      ['an empty text', () => pipelineOf([pair('p', '')]).prepare(), ['data.jsonl, line 1, row 0, column "chosen": The row has empty text. Fill it in, or remove the row.']],
      ['a blank prompt', () => pipelineOf([pair(' \n')]).prepare(), ['data.jsonl, line 1, row 0, column "prompt": The row has only blanks. Fill it in, or remove the row.']],
      ['a missing column', () => pipelineOf([{ prompt: 'p', chosen: 'c' }]).prepare(),
        ['data.jsonl, "dataset.column_mapping": Dataset missing required columns: rejected. Available columns: chosen, prompt. Method orpo requires: prompt, chosen, rejected. Map the column with the worse answers to "rejected" in dataset.column_mapping, or train with method sft.']],
      ['a column name that is taken', () => pipelineOf([{ ...pair('p'), q: 'x' }], { column_mapping: { q: 'prompt' } }).prepare(),
        ['data.jsonl, line 1, row 0, column "q": Column "q" is to become "prompt", but the row already has a column of that name. Map "prompt" to another name as well, or take "q" out of dataset.column_mapping.']],
      ['an unknown role', () => pipelineOf([{ messages: [{ role: 'developer', content: 'x' }, { role: 'user', content: 'a' }, { role: 'assistant', content: 'b' }] }], { method: 'sft' }).prepare(),
        ['data.jsonl, line 1, row 0, column "messages": A message has the role "developer". Use system, user (human), assistant (gpt) and tool (observation).']],
      ['rows that are all too long', () => pipelineOf([pair('word '.repeat(100))], { maxLength: 50, maxPromptLength: 200 }).prepare(),
        ['"max_length": All 1 rows are longer than max_length 50; the longest has 112 tokens. Raise max_length to 112, or lower max_prompt_length.',
          'data.jsonl, line 1, row 0: The row is left out: its prompt of 110 tokens leaves no room for a response within max_length 50. Raise max_length, or lower max_prompt_length below it.']],
      ['a template that refuses the conversation', () => pipelineOf([pair('p')], { format: { format_type: 'tokenizer' }, chatTemplate: '{{ raise_exception("No, thanks") }}' }).prepare(),
        ['data.jsonl, line 1, row 0: No, thanks The chat template refuses this conversation; change it or leave the row out.']],
    ];
    for (const [what, act, want] of refusals) it(what, async () => assert.deepEqual(await problemsOf(act), want));
    it('the tokenizer format without a chat template', async () => {
      assert.match((await problemsOf(() => pipelineOf([pair('p')], { format: { format_type: 'tokenizer' }, chatTemplate: undefined })))[0]!,
        /^"dataset\.format\.format_type": The model's tokenizer has no chat template, which format "tokenizer" needs\. Use a named format/);
    });
  });
});
