import assert from 'node:assert/strict';
import { editDistance, isSlip, nearest } from '../../src/shared/nearest';

describe('nearest', () => {
  const table: [string, string, number][] = [
    ['', '', 0], ['beta', 'beta', 0], ['bta', 'beta', 1], ['beeta', 'beta', 1], ['bota', 'beta', 1], ['btea', 'beta', 1], ['kitten', 'sitting', 3], ['', 'abc', 3],
  ];
  for (const [a, b, distance] of table) it(`"${a}" is ${distance} from "${b}"`, () => assert.equal(editDistance(a, b), distance));

  it('takes the first of equals, whatever the capitals', () => assert.deepEqual(nearest('BETA', ['bets', 'beta', 'Beta']), { word: 'beta', distance: 0 }));
  it('knows a slip from another word', () => {
    assert.equal(isSlip('lora_rnk', 'lora_rank', 1), true);
    assert.equal(isSlip('repo', 'repo_id', 3), true);
    assert.equal(isSlip('flux', 'beta', 4), false);
  });
  it('has nothing near among nothing', () => assert.equal(nearest('beta', []), undefined));
});
