import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DatasetInspector, DatasetPipeline, fittingMethod, openSources } from '../../src/datasets';
import type { InspectSettings, SourceTables } from '../../src/datasets';
import { CELL_CHARACTERS } from '../../src/shared/datasetPreview';
import type { DatasetStatistics, FormattedPage, PreviewPage, RawPage, TokenPage } from '../../src/shared/datasetPreview';
import { renderProblem } from '../../src/shared/problem';
import { fileOf, smollm2, smollm2Template } from './helpers';

const MODEL = { name: 'smollm2', tokenizer: smollm2, chatTemplate: smollm2Template };
const PAIRS = Array.from({ length: 40 }, (_, i) => ({ question: `What is ${i} plus one?`, chosen: `It is ${i + 1}.`, rejected: 'I do not know.' }));
const SETTINGS: InspectSettings = {
  dataset: { format: { format_type: 'tokenizer' }, test_size: 0.1 }, method: 'orpo', seed: 1, maxLength: 512, maxPromptLength: 256, trainOnPrompt: true,
  evalWanted: true, batchSize: 2, accumulationSteps: 4, model: MODEL,
};

let tables: SourceTables[] = [];
async function inspect(rows: readonly unknown[] | string, change: Partial<InspectSettings> = {}, ...more: (readonly unknown[])[]): Promise<DatasetInspector> {
  const sources = [rows, ...more].map(list => ({ source_type: 'local_file', file_path: fileOf(list) }));
  tables = await openSources(sources, { baseDir: '.' });
  return DatasetInspector.open(tables, { ...SETTINGS, ...change });
}
const page = async <View extends PreviewPage['view']>(inspector: DatasetInspector, view: View, offset = 0, count = 1): Promise<Extract<PreviewPage, { view: View }>> =>
  await inspector.page(view, offset, count) as Extract<PreviewPage, { view: View }>;

describe('DatasetInspector', function () {
  this.timeout(20_000);
  afterEach(async () => {
    for (const table of tables) await table.close();
  });

  it('says what a source is: shape, columns with their roles, rows', async () => {
    const inspector = await inspect(PAIRS);
    const [{ shape, columns, format, rows }] = inspector.previews as [DatasetInspector['previews'][number]];
    assert.deepEqual({ name: shape.name, confidence: shape.confidence, format, rows }, { name: 'columns', confidence: 1, format: 'jsonl', rows: { value: 40, isExact: true } });
    assert.deepEqual(columns.map(({ name, role, isMapped }) => [name, role, isMapped]), [['question', 'prompt', false], ['chosen', 'chosen', false], ['rejected', 'rejected', false]]);
    assert.equal(fittingMethod(inspector.previews[0]!), 'orpo');
  });

  it('shows a mapping as the user\'s, and what is missing without one', async () => {
    const rows = [{ q: 'a?', good: 'b', bad: 'c' }];
    const mapped = await inspect(rows, { dataset: { ...SETTINGS.dataset, column_mapping: { q: 'prompt', good: 'chosen', bad: 'rejected' } } });
    assert.deepEqual(mapped.previews[0]!.columns.map(({ name, role, isMapped }) => [name, role, isMapped]), [['q', 'prompt', true], ['good', 'chosen', true], ['bad', 'rejected', true]]);
    assert.deepEqual(mapped.problems, []);
    const bare = await inspect(rows);
    assert.match(bare.problems.map(renderProblem).join('\n'), /missing required columns: prompt, chosen, rejected/);
  });

  it('gives any row at once, over all sources, as it is in its file', async () => {
    const inspector = await inspect(PAIRS, {}, [{ prompt: 'x', chosen: 'y', rejected: 'z' }]);
    const { rows, total }: RawPage = await page(inspector, 'raw', 39, 5);
    assert.deepEqual(rows.map(({ cells, place }) => [Object.values(cells)[0]!.text, place.row, place.line]), [['What is 39 plus one?', 39, 40], ['x', 0, 1]]);
    assert.deepEqual(total, { value: 41, isExact: true });
  });

  it('keeps the place of a row that cannot be read, and says why', async () => {
    const lines = PAIRS.slice(0, 3).map(row => JSON.stringify(row));
    lines[1] = '{"question": ';
    const { rows } = await page(await inspect(lines.join('\n')), 'raw', 0, 3);
    assert.deepEqual(rows.map(({ place, problems }) => [place.row, problems.map(({ id }) => id)]), [[0, []], [1, ['dataset/broken-json']], [2, []]]);
  });

  it('cuts what no view can show, never through a character', async () => {
    const long = `${'a'.repeat(CELL_CHARACTERS - 1)}👩‍🚀 and more`;
    const { rows } = await page(await inspect([{ prompt: long, chosen: 'b', rejected: 'c', score: 3, tags: ['x'] }]), 'raw');
    assert.deepEqual({ ...rows[0]!.cells.prompt, text: rows[0]!.cells.prompt!.text.length }, { kind: 'text', text: CELL_CHARACTERS - 1, length: long.length });
    assert.deepEqual([rows[0]!.cells.score, rows[0]!.cells.tags], [{ kind: 'number', text: '3', length: 1 }, { kind: 'list', text: '["x"]', length: 5 }]);
  });

  it('shows formatted text in parts, both answers after the same prompt', async () => {
    const { rows, format }: FormattedPage = await page(await inspect(PAIRS), 'formatted', 1);
    assert.equal(format, 'tokenizer');
    const prompt = '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nWhat is 1 plus one?<|im_end|>\n<|im_start|>assistant\n';
    assert.deepEqual(rows[0]!.sequences.map(({ response, parts }) => [response, parts.map(({ kind, text }) => [kind, text])]), [
      ['chosen', [['prompt', prompt], ['response', 'It is 2.<|im_end|>\n']]],
      ['rejected', [['prompt', prompt], ['response', 'I do not know.<|im_end|>\n']]],
    ]);
  });

  it('marks the earlier answers of a conversation', async () => {
    const messages = ['user', 'assistant', 'user', 'assistant'].map((role, i) => ({ role, content: `turn ${i}` }));
    const inspector = await inspect([{ messages }], { method: 'sft', trainOnPrompt: false });
    const { rows } = await page(inspector, 'formatted');
    assert.deepEqual(rows[0]!.sequences[0]!.parts.filter(({ kind }) => kind === 'response').map(({ text }) => text.trim()), ['turn 1<|im_end|>', 'turn 3<|im_end|>']);
    const tokens = await page(inspector, 'tokens');
    assert.equal(tokens.rows[0]!.sequences[0]!.tokens.filter(({ isTrained }) => isTrained).map(({ text }) => text).join(''), 'turn 1<|im_end|>turn 3<|im_end|>');
  });

  it('shows the tokens that the pipeline trains on, row by row', async () => {
    const inspector = await inspect(PAIRS, { maxLength: 42, maxPromptLength: 34 });
    const { rows }: TokenPage = await page(inspector, 'tokens', 0, 40);
    const pipeline = new DatasetPipeline({
      ...SETTINGS, ...MODEL, maxLength: 42, maxPromptLength: 34, dataset: { ...SETTINGS.dataset, source: tables[0]!.source }, shuffle: false, evalWanted: false, baseDir: '.',
    });
    const { train } = await pipeline.prepare();
    const seen = rows.filter(({ isKept }) => isKept).map(({ sequences }) => {
      const [chosen, rejected] = sequences.map(({ tokens }) => tokens.filter(({ isCut }) => !isCut)) as [TokenPage['rows'][number]['sequences'][number]['tokens'], TokenPage['rows'][number]['sequences'][number]['tokens']];
      const ids = (tokens: typeof chosen, part: string): number[] => tokens.filter(token => token.part === part).map(({ id }) => id);
      return { prompt: ids(chosen, 'prompt'), chosen: ids(chosen, 'response'), rejected: ids(rejected, 'response') };
    });
    assert.deepEqual(seen, train);
  });

  it('tells stop token, cut tokens and trained tokens of each answer', async () => {
    const { rows } = await page(await inspect(PAIRS, { maxPromptLength: 20, maxLength: 26 }), 'tokens');
    const [chosen, rejected] = rows[0]!.sequences;
    assert.equal(chosen!.promptTokensCut, chosen!.promptTokens - 20);
    assert.deepEqual([chosen!.stop, chosen!.responseTokensCut, chosen!.trainedTokens], ['<|im_end|>', 0, 26]);
    assert.deepEqual([rejected!.stop, rejected!.responseTokensCut, rejected!.trainedTokens], ['<|im_end|>', 0, 6]);
    assert.deepEqual(rows[0]!.problems.map(({ id }) => id), ['dataset/prompt-cut']);
    const long = await page(await inspect([{ prompt: 'Hi', chosen: 'word '.repeat(600), rejected: 'no' }]), 'tokens');
    assert.deepEqual([long.rows[0]!.sequences[0]!.stop, long.rows[0]!.sequences[0]!.responseTokensCut > 0], [null, true]);
  });

  it('without a model formats by a named format only', async () => {
    const chatml = await inspect(PAIRS, { model: undefined, dataset: { format: { format_type: 'chatml' } } });
    assert.match((await page(chatml, 'formatted')).rows[0]!.sequences[0]!.parts[0]!.text, /^<\|im_start\|>user\nWhat is 0/);
    assert.deepEqual((await page(chatml, 'tokens')).rows[0]!.sequences, []);
    const template = await inspect(PAIRS, { model: undefined });
    const { rows, problems } = await page(template, 'formatted');
    assert.deepEqual([rows[0]!.sequences, problems.map(({ id }) => id)], [[], ['dataset/no-model']]);
  });

  describe('statistics', () => {
    const statisticsOf = async (rows: readonly unknown[] | string, change: Partial<InspectSettings> = {}): Promise<DatasetStatistics> => (await inspect(rows, change)).statistics();

    it('count what is wrong with rows, by reason and with the first of each', async () => {
      const rows = [
        ...PAIRS, PAIRS[3], { question: 'x', chosen: '', rejected: 'b' }, { question: 'x', chosen: ' ', rejected: 'b' }, { question: 'y', chosen: 'a' },
        { question: 'z', chosen: 'same', rejected: 'same ' }, { question: 'bell \u0007', chosen: 'a', rejected: 'b' }, { question: 'bidi \u202e', chosen: 'a', rejected: 'b' },
      ];
      const { rows: counts, text, problems, progress } = await statisticsOf(rows);
      assert.deepEqual(progress, { phase: 'done', rowsDone: 47, rowsTotal: { value: 47, isExact: true } });
      assert.deepEqual(counts.leftOut.map(({ problemId, rows: { value }, first }) => [problemId, value, first.row]), [['dataset/empty-chosen', 2, 41], ['dataset/no-rejected', 1, 43]]);
      assert.deepEqual([counts.read.value, counts.usable.value, counts.duplicates.value, counts.sameAnswers?.value, counts.empty.value], [47, 44, 1, 1, 3]);
      assert.deepEqual([text.controlCharacters.value, text.controlCharacterRows.map(({ row }) => row)], [2, [45, 46]]);
      assert.equal(problems[0]!.severity, 'error');
    });

    it('agree with the lengths of the tokens shown', async () => {
      const inspector = await inspect(PAIRS);
      const { tokens } = await inspector.statistics();
      const { rows } = await page(inspector, 'tokens', 0, 40);
      const lengths = rows.map(({ sequences }) => Math.max(...sequences.map(one => one.promptTokens + one.responseTokens))).sort((a, b) => a - b);
      assert.deepEqual([tokens!.lengths.min, tokens!.lengths.p50, tokens!.lengths.p95, tokens!.lengths.max], [lengths[0], lengths[19], lengths[37], lengths[39]]);
      assert.equal(tokens!.lengths.histogram.counts.reduce((sum, count) => sum + count, 0), 40);
      assert.equal(tokens!.trained.value, rows.flatMap(({ sequences }) => sequences).reduce((sum, { trainedTokens }) => sum + trainedTokens, 0));
      assert.deepEqual([tokens!.withoutStop.value, tokens!.severalBos.value, tokens!.truncatedFraction.value], [0, 0, 0]);
    });

    it('say what a step holds, and how many there are', async () => {
      const { tokens } = await statisticsOf(PAIRS);
      const { rows, microBatchRows, accumulationSteps, meanTokens, largestTokens, stepsPerEpoch } = tokens!.step;
      assert.deepEqual([rows, microBatchRows, accumulationSteps], [8, 2, 4]);
      // 40 rows, a tenth to evaluate on: 36 in micro-batches of 2, 4 of these a step.
      assert.equal(stepsPerEpoch.value, 5);
      assert.equal(meanTokens.value, Math.round((tokens!.total.value / 40) * 8));
      assert.ok(largestTokens.value >= meanTokens.value);
    });

    it('estimate from a seeded sample first, then count all', async () => {
      const rows = Array.from({ length: 3000 }, (_, i) => ({ prompt: `row ${i}`, chosen: i % 3 === 0 ? '' : 'a', rejected: 'b' }));
      const seen: DatasetStatistics[] = [];
      const last = await (await inspect(rows)).statistics({ onUpdate: one => seen.push(one) });
      const [first] = seen as [DatasetStatistics];
      assert.deepEqual([first.progress.phase, first.rows.empty.isExact, first.tokens?.lengths.isExact], ['sample', false, false]);
      assert.ok(Math.abs(first.rows.empty.value - 1000) < 150, String(first.rows.empty.value));
      assert.deepEqual([last.progress.phase, last.rows.empty, last.tokens?.lengths.isExact], ['done', { value: 1000, isExact: true }, true]);
      const again: DatasetStatistics[] = [];
      await (await inspect(rows)).statistics({ onUpdate: one => again.push(one) });
      assert.deepEqual(again[0]!.tokens, first.tokens);
    });

    it('end with the signal\'s reason', async () => {
      const rows = Array.from({ length: 3000 }, (_, i) => ({ prompt: `row ${i}`, chosen: 'a', rejected: 'b' }));
      const abort = new AbortController();
      const reason = new Error('the view was closed');
      await assert.rejects((await inspect(rows)).statistics({ signal: abort.signal, onUpdate: () => abort.abort(reason) }), reason);
    });

    it('go without tokens where there is no model', async () => {
      const { tokens, rows } = await statisticsOf(PAIRS, { model: undefined });
      assert.deepEqual([tokens, rows.usable.value], [null, 40]);
    });
  });

  it('finds the next row with a problem', async () => {
    const inspector = await inspect([...PAIRS, { question: 'x', chosen: '', rejected: 'b' }, ...PAIRS, { question: 'y', chosen: '', rejected: 'b' }]);
    assert.deepEqual([await inspector.nextProblem(-1), await inspector.nextProblem(40), await inspector.nextProblem(81)], [40, 81, null]);
  });
});

describe('DatasetInspector, whatever the rows', function () {
  this.timeout(60_000);
  const cell = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.jsonValue({ maxDepth: 2 }), fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', 'system', 'tool', 'x'), content: fc.string() }), { maxLength: 4 }));
  const rows = fc.array(fc.dictionary(fc.constantFrom('prompt', 'chosen', 'rejected', 'messages', 'conversations', 'label', 'text', 'instruction', 'output', 'tools', 'x'), cell, { maxKeys: 5 }), { minLength: 1, maxLength: 8 });

  for (const method of ['sft', 'orpo', 'kto']) {
    it(`shows every row at every stage and counts each once, for ${method}`, async () => {
      await fc.assert(fc.asyncProperty(rows, async data => {
        const inspector = await inspect(data, { method, maxLength: 64, maxPromptLength: 32 });
        for (const view of ['raw', 'formatted', 'tokens'] as const) assert.equal((await inspector.page(view, 0, 100)).rows.length, data.length);
        const { rows: counts } = await inspector.statistics();
        const leftOut = counts.leftOut.filter(({ problemId }) => problemId !== 'dataset/row-too-long').reduce((sum, one) => sum + one.rows.value, 0);
        assert.equal(counts.usable.value + leftOut, data.length);
        for (const table of tables) await table.close();
      }), { numRuns: 60 });
    });
  }
});
