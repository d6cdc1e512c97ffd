import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readRow } from '../../src/datasets/columns';
import { getFormatter } from '../../src/datasets/formatters/getFormatter';
import { detectShape } from '../../src/datasets/shape';
import { rowMaker } from '../../src/datasets/trainingRows';
import type { Tokenizer } from '../../src/models';
import type { SequenceRow } from '../../src/shared/rows';
import { loadPackage } from './helpers';

interface Case { id: string; messages: unknown[]; tools?: unknown[]; native_is_same: boolean; ids: number[]; assistant_runs: [number, number][] }
interface Template { name: string; tokenizer: string; special_tokens: Record<string, string>; native: string; training: string; cases: Case[] }
/** transformers' return_assistant_tokens_mask with trl's training templates; beside them the models' own, which say nothing of generation. */
const { templates } = JSON.parse(readFileSync('test/fixtures/text/turns.json', 'utf8')) as { templates: Template[] };

function sequenceOf({ messages, tools }: Case, chatTemplate: string, specialTokens: Record<string, string>, tokenizer: Tokenizer, trainOnTurns: 'all' | 'last' = 'all'): SequenceRow & { unplaced: number } {
  const raw = { cells: { messages, ...(tools ? { tools } : {}) }, origin: { file: 'f', row: 0 } };
  const formatter = getFormatter('tokenizer', { chatTemplate, specialTokens, autoDetectThinking: false });
  const text = formatter.format(readRow(raw, detectShape([raw]), () => undefined));
  const make = rowMaker(tokenizer, formatter, { kind: 'sequence', maxLength: 4096, maxPromptLength: 4096, trainOnPrompt: false, trainOnTurns });
  const [row] = make(text, { rejected: false }).rows as SequenceRow[];
  return { ...row!, unplaced: text.unplacedAnswers ?? 0 };
}

const runsOf = (labels: readonly number[]): number[][] => labels.flatMap((label, at) => (label !== -100 && (at === 0 || labels[at - 1] === -100)
  ? [[at, (labels.findIndex((next, after) => after > at && next === -100) + labels.length + 1) % (labels.length + 1)]] : []));

describe('conversations with several answers', () => {
  for (const { name, tokenizer: packageName, special_tokens, native, training, cases } of templates) {
    describe(name, () => {
      let tokenizer: Tokenizer;
      before(() => { tokenizer = loadPackage(packageName); });
      for (const one of cases) {
        it(`${one.id}: ids and mask are transformers' where the template marks generation`, () => {
          const { ids, labels } = sequenceOf(one, training, special_tokens, tokenizer);
          const end = one.assistant_runs.at(-1)![1];
          assert.deepEqual(ids.slice(0, end), one.ids.slice(0, end));
          assert.deepEqual(runsOf(labels.slice(0, end)).map(([from, to]) => [from, to === 0 ? end : to]), one.assistant_runs);
        });
        it(`${one.id}: the same answers are found in the model's own template, up to their stop and without a line break that trl lets them begin with`, () => {
          const { ids, labels, unplaced } = sequenceOf(one, native, special_tokens, tokenizer);
          assert.equal(unplaced, 0);
          const learnt = runsOf(labels).map(([from, to]) => tokenizer.decode(ids.slice(from, to === 0 ? undefined : to)));
          const wanted = one.assistant_runs.map(([from, to]) => tokenizer.decode(one.ids.slice(from, to)).replace(/^\n/, '').trimEnd());
          const bare = (text: string): string => text.replace(/<think>\n\n<\/think>\n\n/, '');
          assert.deepEqual(learnt.map(bare), wanted.map(bare));
        });
      }
      it('learns the last answer alone where asked', () => {
        const conversation = cases.find(({ id }) => id === 'two_turns')!;
        const { ids, labels } = sequenceOf(conversation, native, special_tokens, tokenizer, 'last');
        const learnt = ids.filter((_, at) => labels[at] !== -100);
        assert.match(tokenizer.decode(learnt), /Goodbye\./);
        assert.doesNotMatch(tokenizer.decode(learnt), /Hello/);
      });
    });
  }
});
