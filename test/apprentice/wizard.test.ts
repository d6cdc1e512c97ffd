/** The built-in preference set. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DEMO_QUESTIONS } from '../../scripts/apprentice/grammar';
import { jsonLines, wizardRows } from '../../scripts/apprentice/text';

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

  it('give no answer to a question of the demo', () => {
    assert.deepEqual(rows.filter(({ prompt, rejected }) => DEMO_QUESTIONS.includes(prompt) || /dragon is|Italy is/.test(rejected)), []);
  });
});
