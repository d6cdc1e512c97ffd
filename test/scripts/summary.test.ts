/** What `npm test` says at its end, and when it installs first. */
import { strict as assert } from 'node:assert';
import { isInstalled } from '../../scripts/ensureInstalled.mjs';
import { outcomeOfCommand, outcomeOfTests, renderSummary, skippedOutcome } from '../../scripts/testing/summary';

describe('the summary of npm test', () => {
  it('names what was skipped and what failed, and ends with one line of counts', () => {
    const outcomes = [
      outcomeOfCommand('types', 0),
      outcomeOfCommand('check', 1),
      outcomeOfTests('unit', 1, [{ title: 'a works' }, { title: 'b works', error: 'Error: 1 is not 2\n+ 1\n- 2\n    at check (test/help.ts:3:4)\n    at Context.<anonymous> (test/b.test.ts:1:2)\n    at run' }, { title: 'c works (needs a GPU)', isSkipped: true }]),
      skippedOutcome('in the workbench', ['chromium (apt-get install -y chromium)']),
    ];
    assert.equal(
      renderSummary(outcomes),
      [
        'skipped  unit: c works (needs a GPU)',
        'skipped  in the workbench: needs chromium (apt-get install -y chromium)',
        'FAILED   check: ended with 1',
        'FAILED   unit: b works',
        '         Error: 1 is not 2',
        '         at Context.<anonymous> (test/b.test.ts:1:2)',
        '2 passed, 2 failed, 2 skipped',
      ].join('\n'),
    );
  });
  it('names an attempt that failed, and counts the last one', () => {
    const outcome = outcomeOfTests('views', 0, [{ title: 'a works', error: 'Error: late\n    at x', isRetried: true }, { title: 'a works' }]);
    assert.equal(renderSummary([outcome]), 'retried  views: a works\n         Error: late\n1 passed, 0 failed, 0 skipped');
  });
  it('counts a group that ended before it reported as a failure', () => {
    assert.deepEqual(outcomeOfTests('unit', null, undefined).failed, ['unit: ended with a signal before it reported']);
  });
  it('counts a failure outside any test', () => {
    assert.deepEqual(outcomeOfTests('unit', 1, [{ title: 'a works' }]).failed, ['unit: ended with 1']);
  });
});

describe('the look at what is installed', () => {
  const wanted = { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } };
  const cases: [string, Parameters<typeof isInstalled>[1], boolean][] = [
    ['nothing', undefined, false],
    ['all but what is optional', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['another version', { 'node_modules/a': { version: '1.0.1' } }, false],
    ['another version of what is optional', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }, false],
    ['too little', { 'node_modules/b': { version: '2.0.0' } }, false],
  ];
  for (const [name, installed, expected] of cases) {
    it(`${expected ? 'is content with' : 'installs over'} ${name}`, () => assert.equal(isInstalled(wanted, installed), expected));
  }
});
