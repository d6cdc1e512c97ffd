import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeRows, encodeRow } from '../../src/datasets/cache/rowCodec';
import { TokenCache } from '../../src/datasets/cache/tokenCache';
import { Pace } from '../../src/datasets/pace';
import type { DatasetPipeline, PrepareProgress } from '../../src/datasets';
import type { TrainingRow } from '../../src/shared/rows';
import { pipelineOf } from './helpers';
import type { Choices } from './helpers';

const ids = fc.array(fc.nat(200_000), { maxLength: 8 });
const rowKinds = {
  sequence: ids.map((list): TrainingRow => ({ ids: list, labels: list.map((id, at) => (at % 2 === 0 ? -100 : id)) })),
  pair: fc.record({ prompt: ids, chosen: ids, rejected: ids }, { noNullPrototype: true }),
  unpaired: fc.record({ prompt: ids, response: ids, label: fc.boolean() }, { noNullPrototype: true }),
};
const numbered = (count: number): unknown[] => Array.from({ length: count }, (_, i) => ({ prompt: `p${i}`, chosen: `c${i}`, rejected: `r${i}` }));

describe('preparation of a dataset', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'merlina-rows-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  describe('rows as integers', () => {
    for (const kind of ['sequence', 'pair', 'unpaired'] as const) {
      it(`come back as they were: ${kind}`, () => {
        fc.assert(fc.property(fc.array(rowKinds[kind], { maxLength: 5 }), rows => {
          const integers = Int32Array.from(rows.flatMap(row => [...encodeRow(row)]));
          assert.deepEqual(decodeRows(kind, integers, rows.length), rows);
        }), { seed: 7 });
      });
    }
    it('that end too early are no rows', () => assert.throws(() => decodeRows('pair', Int32Array.of(1, 1, 1, 5), 1), RangeError));
  });

  describe('tokenised rows are kept', () => {
    const cached = (rows: readonly unknown[], choices: Choices = {}, tokenizer = 'smollm2'): DatasetPipeline => pipelineOf(rows, { cache: { folder, tokenizer }, ...choices });
    const files = (): string[] => readdirSync(folder).sort();
    const counted = (pipeline: DatasetPipeline): { tokenised: () => number } => {
      let calls = 0;
      const options = (pipeline as unknown as { options: { tokenizer: { encode: (text: string) => number[] } } }).options;
      const { tokenizer } = options;
      options.tokenizer = new Proxy(tokenizer, { get: (target, key) => { if (key === 'encode') calls++; return Reflect.get(target, key) as unknown; } });
      return { tokenised: () => calls };
    };

    it('and read the second time, the same in everything', async () => {
      const rows = numbered(20);
      const file = cached(rows, { evalWanted: true, test_size: 0.2 });
      const made = await file.prepare();
      assert.equal(files().length, 1);
      const { tokenised } = counted(file);
      assert.deepEqual(await file.prepare(), made);
      assert.equal(tokenised(), 0);
    });
    it('for the content, not the time: another content of the same size and time is made anew', async () => {
      const file = cached(numbered(3));
      const { train } = await file.prepare();
      const path = (file as unknown as { options: { dataset: { source: { file_path: string } } } }).options.dataset.source.file_path;
      const { mtime } = statSync(path);
      writeFileSync(path, readFileSync(path, 'utf8').replace('c0', 'd0'));
      utimesSync(path, mtime, mtime);
      assert.notDeepEqual((await file.prepare()).train, train);
      assert.equal(files().length, 2);
    });
    const differences: [string, Choices, string?][] = [
      ['max_length', { maxLength: 100 }], ['format', { format: { format_type: 'raw' } }], ['seed', { seed: 1 }], ['method', { method: 'sft' }], ['turns', { trainOnTurns: 'last' }],
      ['system prompt', { system_prompt: 'S' }], ['chat template', { chatTemplate: 'x' }], ['tokenizer', {}, 'another'], ['mapping', { column_mapping: { prompt: 'prompt' } }],
    ];
    for (const [what, choices, tokenizer] of differences) {
      it(`apart for another ${what}`, async () => {
        const rows = numbered(3);
        const first = cached(rows);
        await first.prepare();
        const { dataset } = (first as unknown as { options: { dataset: { source: { source_type: string } } } }).options;
        await cached(rows, { source: dataset.source, ...choices }, tokenizer).prepare();
        assert.equal(files().length, 2);
      });
    }
    it('never from a file that is cut off or changed', async () => {
      const file = cached(numbered(5));
      const made = await file.prepare();
      const path = join(folder, files()[0]!);
      for (const damage of [() => truncateSync(path, statSync(path).size - 4), () => appendFileSync(path, 'more'), () => writeFileSync(path, ''), () => writeFileSync(path, Buffer.alloc(99, 7))]) {
        damage();
        assert.deepEqual(await file.prepare(), made);
      }
    });
    it('by two at once, and never half', async () => {
      const rows = numbered(200);
      const file = cached(rows);
      const [one, two] = await Promise.all([file.prepare(), file.prepare()]);
      assert.deepEqual(one, two);
      assert.equal(files().length, 1);
    });
    it('not where they cannot be written: the run goes on', async () => {
      writeFileSync(join(folder, 'file'), '');
      const { train } = await pipelineOf(numbered(2), { cache: { folder: join(folder, 'file'), tokenizer: 't' } }).prepare();
      assert.equal(train.length, 2);
    });
    it('no more of them than the folder may hold: the longest unused go first', async () => {
      const cache = new TokenCache<string>(folder, 4000);
      const pace = new Pace({});
      const rows = [new Int32Array(300)];
      const sha256 = 'not looked at when writing';
      mkdirSync(folder, { recursive: true });
      for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) {
        await cache.write(key, 'head', rows, sha256, pace);
        utimesSync(join(folder, `${key}.rows`), at, at);
      }
      assert.deepEqual(files(), ['b.rows', 'c.rows', 'd.rows']);
      await cache.write('huge', 'head', [new Int32Array(2000)], sha256, pace);
      assert.equal(files().includes('huge.rows'), false);
    });
  });

  describe('says how far it is and can be stopped:', () => {
    const rows = numbered(12_000);
    it('progress in rows that grows', async () => {
      const seen: PrepareProgress[] = [];
      await pipelineOf(rows).prepare({ onProgress: progress => seen.push(progress) });
      assert.ok(seen.length > 0 && seen.every(({ stage, total }) => stage === 'rows' && total === undefined));
      assert.deepEqual(seen.map(({ done }) => done), seen.map(({ done }) => done).sort((a, b) => a - b));
      assert.equal(new Set(seen.map(({ done }) => done)).size, seen.length);
    });
    it('with the number of rows where the recipe limits it', async () => {
      const seen: PrepareProgress[] = [];
      await pipelineOf(rows, { max_samples: 10_000 }).prepare({ onProgress: progress => seen.push(progress) });
      assert.ok(seen.length > 0 && seen.every(({ total }) => total === 10_000));
    });
    for (const [name, act] of [
      ['prepare', (pipeline: DatasetPipeline, signal: AbortSignal) => pipeline.prepare({ signal })],
      ['preview', (pipeline: DatasetPipeline, signal: AbortSignal) => pipeline.preview(12_000, 0, { signal })],
      ['previewFormatted', (pipeline: DatasetPipeline, signal: AbortSignal) => pipeline.previewFormatted(12_000, 0, { signal })],
    ] as const) {
      it(`${name}() ends with the reason it was stopped for, and keeps nothing`, async () => {
        const stop = new AbortController();
        const pipeline = pipelineOf(rows, { cache: { folder, tokenizer: 't' } });
        stop.abort(new Error('enough'));
        await assert.rejects(act(pipeline, stop.signal), /enough/);
        assert.deepEqual(readdirSync(folder), []);
      });
    }
    it('while it works, too', async () => {
      const stop = new AbortController();
      const told: number[] = [];
      await assert.rejects(pipelineOf(rows).prepare({ signal: stop.signal, onProgress: ({ done }) => { told.push(done); stop.abort(new Error('enough')); } }), /enough/);
      assert.equal(told.length, 1);
      assert.ok(told[0]! < rows.length);
    });
  });
});
