/** The built-in preference set. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ALWAYS_HELD_OUT } from '../../scripts/apprentice/grammar';
import { corpus, jsonLines, wizardRows } from '../../scripts/apprentice/text';

describe('wizard preferences', () => {
  const rows = wizardRows();

  it('are committed as the script writes them', () => {
    assert.equal(readFileSync('media/apprentice/wizard.jsonl', 'utf8'), jsonLines(rows));
  });

  it('are between 100 and 200 distinct questions', () => {
    assert.ok(rows.length >= 100 && rows.length <= 200, String(rows.length));
    assert.equal(new Set(rows.map(({ prompt }) => prompt)).size, rows.length);
  });

  it('choose the right answer in a wizard\'s voice over the plain one', () => {
    for (const { chosen, rejected } of rows) {
      assert.ok(chosen.startsWith('Ah, '), chosen);
      assert.ok(chosen.includes(` ${rejected} `), chosen);
    }
  });

  it('give no answer to what is always held out', () => {
    assert.deepEqual(rows.filter(({ prompt, rejected }) => ALWAYS_HELD_OUT.includes(prompt) || /dragon is|Italy is/.test(rejected)), []);
  });

  it('hold no answer to the questions of the demo, which the apprentice never saw either', () => {
    const { sample_prompts: questions } = JSON.parse(readFileSync('media/apprentice/demo.merlina.json', 'utf8')) as { sample_prompts: string[] };
    assert.ok(questions.length >= 2);
    for (const question of questions) {
      const heldOut = corpus().heldOut.find(({ prompt }) => prompt === question);
      assert.ok(heldOut, question);
      assert.deepEqual(rows.filter(({ rejected }) => heldOut.answers.includes(rejected)), [], question);
    }
  });
});
