import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { NearDuplicates } from '../../src/datasets/nearDuplicates';
import { pipelineOf } from './helpers';

const { alpaca_en_demo: alpaca } = JSON.parse(readFileSync('test/fixtures/text/rows.json', 'utf8')) as { alpaca_en_demo: { instruction: string; output: string }[] };
const words = (count: number, from = 0): string => Array.from({ length: count }, (_, i) => `word${from + i}`).join(' ');
/** Share of runs of three words that two texts have in common. */
function jaccard(a: string, b: string): number {
  const runs = (text: string): Set<string> => new Set(text.split(' ').flatMap((_, at, all) => (at + 3 <= all.length ? [all.slice(at, at + 3).join(' ')] : [])));
  const [one, two] = [runs(a), runs(b)];
  const both = [...one].filter(run => two.has(run)).length;
  return both / (one.size + two.size - both);
}

describe('near duplicates', () => {
  it('finds a text again whatever its case, punctuation and blanks', () => {
    const seen = new NearDuplicates(0.9, 1);
    assert.equal(seen.repeats('The quick brown fox, it jumps.'), false);
    assert.equal(seen.repeats('the QUICK  brown fox it jumps!\n'), true);
    assert.equal(seen.repeats('A text that has nothing to do with it'), false);
  });
  it('knows words of scripts that write no blanks', () => {
    const seen = new NearDuplicates(0.6, 1);
    assert.equal(seen.repeats('我喜欢在早上喝一杯咖啡然后去公园散步'), false);
    assert.equal(seen.repeats('我喜欢在早上喝一杯咖啡然后去公园跑步'), true);
    assert.equal(seen.repeats('明天的天气预报说会下很大的雨'), false);
  });
  it('takes for duplicates what is well over the threshold, and nothing that is well under it', () => {
    fc.assert(fc.property(fc.integer({ min: 60, max: 200 }), fc.integer({ min: 0, max: 60 }), fc.nat(1000), (length, changed, seed) => {
      const text = words(length);
      const other = `${words(length - changed)} ${words(changed, 10_000)}`.trim();
      const likeness = jaccard(text, other);
      const seen = new NearDuplicates(0.7, seed);
      seen.repeats(text);
      // The estimate of a signature has a standard error of 0.04; five of them are never met.
      if (likeness > 0.9) assert.ok(seen.repeats(other), `${likeness}`);
      if (likeness < 0.5) assert.ok(!seen.repeats(other), `${likeness}`);
    }), { seed: 6, numRuns: 200 });
  });
  it('finds none among real rows, and each of them again with a word changed', () => {
    const seen = new NearDuplicates(0.8, 42);
    const texts = alpaca.map(({ instruction, output }) => `${instruction}\n${output}`).filter(text => text.split(' ').length > 60);
    assert.ok(texts.length > 10);
    assert.deepEqual(texts.filter(text => seen.repeats(text)), []);
    assert.deepEqual(texts.filter(text => !seen.repeats(text.replace(/\w+\.?$/, 'otherwise'))), []);
  });
  it('empty texts are alike', () => {
    const seen = new NearDuplicates(0.8, 1);
    assert.deepEqual([seen.repeats(''), seen.repeats(' …')], [false, true]);
  });
  it('is a strategy of the pipeline, with a threshold', async () => {
    const text = words(50);
    const rows = [{ prompt: 'p', chosen: text }, { prompt: 'p', chosen: `${text} more` }, { prompt: 'p', chosen: words(50, 500) }];
    const prepare = async (threshold: number) => (await pipelineOf(rows, { method: 'sft', deduplicate: true, dedupe_strategy: 'near', near_duplicate_threshold: threshold }).prepare()).report;
    assert.deepEqual([(await prepare(0.8)).duplicates, (await prepare(1)).duplicates], [1, 0]);
  });
});
