import assert from 'node:assert/strict';
import { exactRows, partsOf } from '../bench/exactRows';
import { leastSquares } from '../bench/leastSquares';
import { linePlot } from '../bench/linePlot';
import { count, names, oneOf } from '../bench/options';
import { ourSettings } from '../bench/settings';

describe('bench, scaling', () => {
  it('puts the line of least squares through points, and tells how much of them it explains', () => {
    assert.deepEqual(leastSquares([{ x: 1, y: 5 }, { x: 2, y: 7 }, { x: 4, y: 11 }]), { slope: 2, intercept: 3, r2: 1 });
    const bent = leastSquares([{ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 2, y: 4 }])!;
    assert.equal(bent.slope, 2);
    assert.ok(Math.abs(bent.intercept + 1 / 3) < 1e-12);
    assert.ok(Math.abs(bent.r2 - (1 - (6 / 9) / (26 / 3))) < 1e-12);
    assert.equal(leastSquares([{ x: 1, y: 2 }]), undefined);
    assert.equal(leastSquares([{ x: 1, y: 2 }, { x: 1, y: 3 }]), undefined);
  });

  it('draws a circle a point and its line with R², and no line where there is none', () => {
    const svg = linePlot([{ title: 'a < b', xLabel: 'x', yLabel: 'y', series: [
      { name: 'two', points: [{ x: 0, y: 1 }, { x: 10, y: 2 }] }, { name: 'one', points: [{ x: 5, y: 1 }] }, { name: 'none', points: [] },
    ] }]);
    assert.equal(svg.match(/<circle [^>]*r="4"/g)?.length, 3 + 3); // points and the legend
    assert.match(svg, /two: 1\.00 \+ 0\.100 x, R² 1\.0000/);
    assert.match(svg, />one</);
    assert.match(svg, /a &lt; b/);
    assert.doesNotMatch(svg, /NaN|Infinity/);
  });

  it('makes rows whose parts are the tokens asked for, with texts that no tokenizer makes shorter', () => {
    for (const mode of ['sft', 'orpo'] as const) {
      const { rows, maxLength, lengths, changes } = exactRows(mode, partsOf(mode, 256), 3);
      assert.equal(rows.length, 3);
      assert.equal(lengths.prompt + lengths.chosen + lengths.rejected, 256);
      assert.equal(maxLength, lengths.prompt + lengths.chosen);
      assert.equal(changes.max_prompt_length, lengths.prompt);
      assert.ok(rows[0]!.prompt.trim().split(' ').length > lengths.prompt);
      assert.ok(rows[0]!.rejected.trim().split(' ').length > lengths.rejected);
    }
    assert.throws(() => partsOf('sft', 100), /^Error: 100 tokens: a multiple of 8 from 16 is needed\.$/);
  });

  it('names the option whose value is wrong', () => {
    assert.throws(() => count('--steps', '0'), /^Error: --steps 0: a whole number from 1 is needed\.$/);
    assert.throws(() => oneOf('--mode', 'dpo', ['sft', 'orpo']), /^Error: --mode dpo: there is sft, orpo\.$/);
    assert.deepEqual(names('a,,b'), ['a', 'b']);
    assert.deepEqual(ourSettings(['float32', 'trl-float32']).map(({ name }) => name), ['float32']);
  });
});
