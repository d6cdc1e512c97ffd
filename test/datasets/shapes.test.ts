import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { columnMappingOf, detectShape } from '../../src/datasets';
import type { RawRow, ShapeName, TextRow } from '../../src/datasets';
import type { PairRow, SequenceRow, UnpairedRow } from '../../src/shared/rows';
import { loadPackage, pipelineOf, problemsOf, shown, smollm2 } from './helpers';
import type { Choices } from './helpers';

const fileOf = (name: string): string => readFileSync(`test/fixtures/shapes/${name}.jsonl`, 'utf8');
const rowsOf = (name: string): RawRow[] => fileOf(name).trim().split('\n').map((line, row) => ({ cells: JSON.parse(line) as Record<string, unknown>, origin: { file: name, row } }));
const first = async (name: string, choices: Choices): Promise<Omit<TextRow, 'origin'>> => {
  const { origin: _, ...row } = (await pipelineOf(fileOf(name), choices).preview(1)).rows[0]!;
  return row;
};
const [question, good, bad] = ['How far is the moon?', 'About 384,000 km.', 'Ten metres.'];
const earlier = (asked: string, answered: string): TextRow['history'] => [{ role: 'user', content: asked }, { role: 'assistant', content: answered }];
const call = { type: 'function', function: { name: 'distance', arguments: { to: 'the moon' } } };

describe('shapes of datasets', () => {
  const shapes: [string, ShapeName, string, Partial<TextRow>][] = [
    ['columns', 'columns', 'dpo', { system: 'Be brief.', prompt: question, chosen: good, rejected: bad }],
    ['input_output', 'columns', 'sft', { prompt: question, chosen: good }],
    ['alpaca', 'alpaca', 'sft', { prompt: `${question}\nIn kilometres.`, chosen: good }],
    ['sharegpt', 'sharegpt', 'sft', { system: 'Be kind.', history: earlier(question, good), prompt: 'Sure?', chosen: 'Yes.' }],
    ['sharegpt_ranking', 'sharegpt_ranking', 'dpo', { prompt: question, chosen: good, rejected: bad }],
    ['messages', 'messages', 'sft', { system: 'Be kind.', history: earlier(question, good), prompt: 'Sure?', chosen: 'Yes.' }],
    ['conversational', 'conversational', 'dpo', { prompt: question, chosen: good, rejected: bad }],
    ['conversational_implicit', 'conversational', 'dpo', { prompt: question, chosen: good, rejected: bad }],
    ['transcript', 'transcript', 'dpo', { history: earlier('Hello', 'Hi.'), prompt: question, chosen: good, rejected: bad }],
    ['unpaired', 'unpaired', 'kto', { prompt: question, chosen: good, label: true }],
    ['unpaired_conversational', 'messages', 'kto', { prompt: question, chosen: good, label: true }],
    ['text', 'text', 'sft', { chosen: `${question} ${good}`, isPlainText: true, prompt: '' }],
    ['reasoning', 'columns', 'sft', { prompt: question, chosen: good, reasoning: `It is ${good}` }],
    ['tools', 'messages', 'sft', { prompt: question, steps: [{ role: 'assistant', content: '', calls: [{ id: 'call_1', ...call } as never] }, { role: 'tool', content: '384000', callId: 'call_1' }], chosen: '384,000 km.' }],
    ['sharegpt_tools', 'sharegpt', 'sft', { prompt: question, steps: [{ role: 'assistant', content: '', calls: [call as never] }, { role: 'tool', content: '384000' }], chosen: '384,000 km.' }],
  ];
  for (const [name, shape, method, want] of shapes) {
    it(`${name}: read with no mapping by hand, sure of its shape`, async () => {
      const found = detectShape(rowsOf(name));
      assert.deepEqual([found.name, found.confidence, found.others], [shape, 1, []]);
      const { tools, ...read } = await first(name, { method });
      assert.deepEqual(read, { system: '', history: [], ...want });
      assert.equal(tools !== undefined, name.includes('tools'));
    });
    it(`${name}: trained by ${method}`, async () => {
      const qwen = name.includes('tools');
      const template = JSON.parse(readFileSync('test/fixtures/text/turns.json', 'utf8')) as { templates: { name: string; native: string }[] };
      const choices: Choices = qwen ? { tokenizer: loadPackage('qwen3'), chatTemplate: template.templates.find(one => one.name === 'qwen2_5')!.native, format: { format_type: 'tokenizer' } } : {};
      const { train, problems } = await pipelineOf(fileOf(name), { method, ...choices }).prepare();
      assert.equal(train.length, fileOf(name).trim().split('\n').length);
      assert.deepEqual(problems, []);
    });
  }

  it('say the mapping in words of the recipe, and a changed one is followed', async () => {
    const mapping = columnMappingOf(detectShape(rowsOf('columns')));
    assert.deepEqual(mapping, { Answer: 'chosen', 'Rejected Response': 'rejected', 'System Prompt': 'system', Question: 'prompt' });
    const swapped = await first('columns', { method: 'dpo', column_mapping: { ...mapping, Answer: 'rejected', 'Rejected Response': 'chosen' } });
    assert.deepEqual([swapped.chosen, swapped.rejected], [bad, good]);
  });
  it('are told from rows spread over the first thousand, with what the others look like', () => {
    const rows = Array.from({ length: 3000 }, (_, row): RawRow => ({ cells: row < 100 ? { text: 'x' } : { prompt: 'p', chosen: 'c' }, origin: { file: 'f', row } }));
    const shape = detectShape(rows);
    assert.equal(shape.name, 'columns');
    assert.ok(Math.abs(shape.confidence - 0.9) < 0.01, String(shape.confidence));
    assert.deepEqual(shape.others.map(({ name, first: origin }) => [name, origin.row]), [['text', 0]]);
  });
  it('of a mixed file: a row that is whole is read by its own shape and said, any other is named', async () => {
    assert.deepEqual((await problemsOf(() => pipelineOf(fileOf('mixed'), { method: 'dpo' }).prepare())).map(text => text.slice(0, 110)), [
      'data.jsonl, line 5, row 4, column "prompt": The row has empty text. Fill it in, or remove the row.',
      'data.jsonl, line 5, row 4, column "chosen": The row has empty text. Fill it in, or remove the row.',
      'data.jsonl, line 5, row 4, column "rejected": The row has no text for "rejected". Add the worse answer, remove',
      'data.jsonl, line 4, row 3: The row is of another shape than most: prompt, chosen and rejected as lists of mess',
    ]);
    const { train, problems, report } = await pipelineOf(fileOf('mixed'), { method: 'dpo', bad_rows: 'skip' }).prepare();
    assert.equal(train.length, 4);
    assert.ok(problems.every(({ severity }) => severity === 'warning'));
    assert.deepEqual(report.problemCounts, { 'dataset/other-shape': 1, 'dataset/empty-prompt': 1, 'dataset/empty-chosen': 1, 'dataset/no-rejected': 1 });
  });
  it('of several sources are each their own, the evaluation source\'s too', async () => {
    const lines = (name: string): unknown[] => rowsOf(name).map(({ cells }) => cells);
    const { train, eval: evaluation } = await pipelineOf(lines('alpaca'), { method: 'sft', additional: [lines('messages'), lines('sharegpt')], evalRows: lines('reasoning'), evalWanted: true }).prepare();
    assert.deepEqual([train.length, evaluation.length], [9, 3]);
  });
  it('refuse a pair whose conversations part before the answers', async () => {
    const pair = { chosen: '\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: d', rejected: '\n\nHuman: a\n\nAssistant: x\n\nHuman: c\n\nAssistant: d' };
    assert.match((await problemsOf(() => pipelineOf([pair], { method: 'dpo' }).prepare()))[0]!, /column "rejected": The chosen and the rejected conversation part at message 2, before their last answers/);
  });
  it('with tools are refused by a format or a template that would lose them', async () => {
    assert.match((await problemsOf(() => pipelineOf(fileOf('tools'), { method: 'sft' }).prepare()))[0]!, /line 1, row 0: The row calls tools, and format "chatml" has no way to write that/);
    assert.match((await problemsOf(() => pipelineOf(fileOf('tools'), { method: 'sft', format: { format_type: 'tokenizer' } }).prepare()))[0]!, /leaves the tool "distance" out: it does not know tools/);
  });
  it('with labels are read for kto alone', async () => {
    const rows = [{ prompt: 'p', completion: 'c', label: 7 }];
    assert.equal((await pipelineOf(rows, { method: 'sft' }).prepare()).train.length, 1);
    assert.match((await problemsOf(() => pipelineOf(rows, { method: 'kto' }).prepare()))[0]!, /The label is 7, neither true nor false/);
    const { train } = await pipelineOf(fileOf('unpaired'), { method: 'kto' }).prepare();
    assert.deepEqual((train as UnpairedRow[]).map(({ label }) => label), [true, false, true]);
  });

  describe('plain text', () => {
    it('is learnt whole, whatever the format, with one BOS and one stop', async () => {
      const llama3 = loadPackage('llama3_1');
      const [row] = (await pipelineOf([{ text: 'Once upon a time' }], { method: 'sft', tokenizer: llama3 }).prepare()).train as SequenceRow[];
      assert.equal(llama3.decode(row!.ids), '<|begin_of_text|>Once upon a time<|eot_id|>');
      assert.deepEqual(row!.labels, row!.ids);
    });
    it('goes on in further rows where it is longer than max_length; nothing is lost, and parts can be evaluated on', async () => {
      const text = 'word '.repeat(100).trim();
      const { train, eval: evaluation, report } = await pipelineOf([{ text }], { method: 'sft', maxLength: 20, evalWanted: true, test_size: 0.2 }).prepare();
      const predicted = [...train, ...evaluation].reduce((sum, row) => sum + (row as SequenceRow).ids.length - 1, 0);
      assert.equal(predicted, smollm2.encode(text).length);
      assert.deepEqual([train.length, evaluation.length, report.responsesCut], [4, 2, 0]);
    });
    it('cannot be preferred', async () => {
      assert.match((await problemsOf(() => pipelineOf(fileOf('text'), { method: 'dpo' }).prepare()))[0]!, /Plain text has no answers to prefer; train with method sft/);
    });
  });

  describe('conversations', () => {
    it('teach every answer, or the last alone', async () => {
      const learnt = async (trainOnTurns: 'all' | 'last'): Promise<string> => {
        const [row] = (await pipelineOf(fileOf('messages'), { method: 'sft', trainOnTurns }).prepare()).train as SequenceRow[];
        return smollm2.decode(row!.labels.filter(label => label !== -100));
      };
      assert.equal(await learnt('all'), `${good}<|im_end|>Yes.<|im_end|>`);
      assert.equal(await learnt('last'), 'Yes.<|im_end|>');
    });
    it('are cut as one: what stands before the first answer loses its beginning, the rest its end', async () => {
      const messages = [{ role: 'user', content: 'long '.repeat(40) }, { role: 'assistant', content: 'one' }, { role: 'user', content: 'more' }, { role: 'assistant', content: 'two '.repeat(40) }];
      const pipeline = pipelineOf([{ messages }], { method: 'sft', maxLength: 60, maxPromptLength: 30 });
      const { train, report } = await pipeline.prepare();
      const [{ ids, labels }] = train as [SequenceRow];
      assert.equal(ids.length, 60);
      assert.match(smollm2.decode(labels.filter(label => label !== -100)), /^one<\|im_end\|>two two/);
      assert.deepEqual([report.promptsCut, report.responsesCut], [1, 1]);
      const [trace] = pipeline.tokeniseRow((await pipeline.preview(1)).rows[0]!).tokenised!.traces();
      assert.deepEqual(trace!.ids.filter((_, at) => trace!.isTrained[at]), labels.filter(label => label !== -100));
    });
    it('lose turns in no format: raw and custom refuse them', async () => {
      const [problem] = await problemsOf(() => pipelineOf(fileOf('messages'), { method: 'sft', format: { format_type: 'raw' } }).prepare());
      assert.match(problem!, /line 1, row 0: The row has 2 earlier turns, and format "raw" writes the last prompt only\. Use format "tokenizer"/);
    });
    it('whose answers a template hides are said, and their last answer is learnt', async () => {
      const chatTemplate = "{% for m in messages %}{{ m['role'][0] }}:{{ m['content'] | upper }}\n{% endfor %}{% if add_generation_prompt %}a:{% endif %}";
      const { train, problems } = await pipelineOf(fileOf('messages'), { method: 'sft', chatTemplate, format: { format_type: 'tokenizer' } }).prepare();
      assert.equal(train.length, 3);
      assert.match(shown(problems[0]!), /line 1, row 0: 1 earlier answer\(s\) of the conversation are not learnt: the chat template does not show where/);
    });
  });

  it('give pairs whose prompt is the transcript\'s common beginning', async () => {
    const [row] = (await pipelineOf(fileOf('transcript'), { method: 'dpo' }).prepare()).train as PairRow[];
    assert.equal(smollm2.decode(row!.prompt), `<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nHi.<|im_end|>\n<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`);
    assert.equal(smollm2.decode(row!.rejected), `${bad}<|im_end|>`);
  });
});
