import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { detectShape, mapColumns, readRow } from '../../src/datasets';
import type { RawRow, TextRow } from '../../src/datasets';
import { columnsParity } from '../../src/datasets/columnsParity';
import type { Problem } from '../../src/shared/problem';
import { problemsOf } from './helpers';

const raw = (...rows: Record<string, unknown>[]): RawRow[] => rows.map((cells, row) => ({ cells, origin: { file: 'data.jsonl', line: row + 1, row } }));
function read(cells: Record<string, unknown>, notes: Problem[] = []): Omit<TextRow, 'origin'> {
  const rows = raw(cells);
  const { origin: _, ...row } = readRow(rows[0]!, detectShape(rows), problem => notes.push(problem));
  return row;
}
const user = (content: string): Record<string, string> => ({ role: 'user', content });
const assistant = (content: string): Record<string, string> => ({ role: 'assistant', content });

describe('columns', () => {
  it('agree with the reference on conversations, required columns, row checks and the pipeline', async () => {
    const cases = await columnsParity(JSON.parse(readFileSync('test/fixtures/text/columns.json', 'utf8')));
    assert.deepEqual(cases.filter(one => !one.ok), []);
    assert.ok(cases.filter(one => one.skipped === undefined).length >= 65);
  });

  const shapes: [string, Record<string, unknown>, Partial<TextRow>][] = [
    ['columns', { question: 'q', answer: 'a', rejected: 'r', system_prompt: 's', thought: 't' }, { prompt: 'q', chosen: 'a', rejected: 'r', system: 's', reasoning: 't' }],
    ['alpaca', { instruction: 'i', input: 'x', output: 'o' }, { prompt: 'i\nx', chosen: 'o' }],
    ['alpaca', { instruction: 'i', input: '', output: 'o' }, { prompt: 'i', chosen: 'o' }],
    ['sharegpt', { conversations: [{ from: 'human', value: 'h' }, { from: 'gpt', value: 'g' }] }, { prompt: 'h', chosen: 'g' }],
    ['sharegpt_ranking', { conversations: [{ from: 'system', value: 's' }, { from: 'human', value: 'h' }], chosen: { from: 'gpt', value: 'c' }, rejected: { from: 'gpt', value: 'r' } },
      { system: 's', prompt: 'h', chosen: 'c', rejected: 'r' }],
    ['messages', { messages: [user('a'), assistant('b'), user('c'), assistant('d')] }, { history: [{ role: 'user', content: 'a' }, { role: 'assistant', content: 'b' }], prompt: 'c', chosen: 'd' }],
    ['conversational', { prompt: [user('p')], chosen: [assistant('c')], rejected: [assistant('r')] }, { prompt: 'p', chosen: 'c', rejected: 'r' }],
    ['conversational', { chosen: [user('p'), assistant('c')], rejected: [user('p'), assistant('r')] }, { prompt: 'p', chosen: 'c', rejected: 'r' }],
    ['conversational', { prompt: 'p', messages: [user('p'), assistant('c')], chosen: [{ role: 'system', content: 's' }, user('p'), assistant('c')], rejected: [user('p'), assistant('r')] },
      { system: 's', prompt: 'p', chosen: 'c', rejected: 'r' }],
    ['unpaired', { prompt: 'p', completion: 'c', label: 'False' }, { prompt: 'p', chosen: 'c', label: false }],
  ];
  for (const [name, cells, want] of shapes) {
    it(`reads ${name}: ${Object.keys(cells).join(', ')}`, () => {
      assert.equal(detectShape(raw(cells)).name, name);
      assert.deepEqual(read(cells), { system: '', history: [], ...want });
    });
  }

  it('looks at many rows, not the first', () => {
    const shape = detectShape(raw({ messages: [] }, { messages: [user('a'), assistant('b')] }));
    assert.equal(shape.columns.conversation, 'messages');
  });
  it('states the share of rows that have all columns', () => {
    assert.equal(detectShape(raw({ prompt: 'a', chosen: 'b' }, { prompt: 'a' })).confidence, 0.5);
  });
  it('leaves lists of messages alone where conversion is off', () => {
    assert.equal(detectShape(raw({ messages: [user('a')], prompt: 'p', chosen: 'c' }), false).columns.conversation, undefined);
  });
  it('swaps two columns by mapping', () => {
    assert.deepEqual(mapColumns(raw({ a: 1, b: 2 })[0]!, { a: 'b', b: 'a' }).cells, { b: 1, a: 2 });
  });
  it('warns of a question without an answer and of a prompt that is not used', () => {
    const notes: Problem[] = [];
    assert.equal(read({ messages: [user('a'), assistant('b'), user('c')], prompt: 'x' }, notes).prompt, 'a');
    assert.deepEqual(notes.map(note => note.id), ['dataset/column-overwritten', 'dataset/unanswered']);
  });
  const refusals: [string, Record<string, unknown>, RegExp][] = [
    ['a label that is neither true nor false', { prompt: 'p', completion: 'c', label: 'maybe' }, /line 1, row 0, column "label": The label is "maybe", neither true nor false\. Write true/],
    ['a nested object where text is needed', { prompt: { a: 1 }, chosen: 'c' }, /column "prompt": A nested object stands where text is needed/],
    ['a call without a name', { messages: [user('a'), { role: 'assistant', content: null, tool_calls: [{}] }] }, /column "messages": A call of a tool has no name: \{\}\. Write it as/],
    ['a system message in the middle', { messages: [user('a'), { role: 'system', content: 's' }, user('b'), assistant('c')] }, /A system message stands after the first turn/],
  ];
  for (const [what, cells, want] of refusals) it(`refuses ${what}`, async () => assert.match((await problemsOf(() => read(cells)))[0]!, want));
});
