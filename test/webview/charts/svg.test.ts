/** The exported picture: real vectors at the right places, and text that stays text. */
import { strict as assert } from 'node:assert';
import { plotOf, type Line } from '../../../webview/charts/plot';
import { pictureSize, svgOf, type Picture } from '../../../webview/charts/svg';

const look = { color: '#123456', dash: [4, 2], width: 1.5, alpha: 0.3, isPoints: false };
const line = (ys: number[], rest: Partial<Line> = {}): Line => ({
  ...look, curve: { xs: Float64Array.from(ys, (_, i) => i), ys: Float64Array.from(ys) }, limits: () => undefined, ...rest,
});
const picture = (lines: Line[], rest: Partial<Picture> = {}): Picture => ({
  title: 'my-tune', xLabel: 'Step', style: { text: '#000', line: '#ccc', background: '#fff', fontFamily: 'serif' },
  charts: [{
    title: 'Loss', plot: plotOf(lines, { min: 0, max: 4 }, { columns: 100, wantsLog: false, ignoresOutliers: false }),
    legend: [{ label: 'Training', look }], note: undefined, formatX: String, formatY: String,
  }],
  ...rest,
});

describe('svgOf', () => {
  it('draws a line from corner to corner of the frame, with its colour, dash and strength', () => {
    // 0 … 10 with room above only: 10 of 10.5 is 212 · 10 / 10.5 pixels above the bottom at 300.
    const svg = svgOf(picture([line([0, 10], { curve: { xs: Float64Array.of(0, 4), ys: Float64Array.of(0, 10) } })]));
    assert.match(svg, /<path d="M64 300L464 98\.1" clip-path="url\(#frame-0\)" stroke="#123456" stroke-width="1\.5" stroke-opacity="0\.3" stroke-dasharray="4 2"\/>/);
  });

  it('lifts the pen where a value is missing', () => {
    const path = /<path d="([^"]*)"/.exec(svgOf(picture([line([1, 2, NaN, 2, 1])])))![1]!;
    assert.deepEqual(path.match(/[ML]/g), ['M', 'L', 'M', 'L']);
  });

  it('draws evaluations as dots', () => {
    assert.equal(svgOf(picture([line([1, NaN, 3], { isPoints: true })])).match(/<circle cx="[\d.]+" cy="[\d.]+" r="3"\/>/g)!.length, 2);
  });

  it('draws a dot whole at the edge of the frame, and none beyond it', () => {
    const svg = svgOf(picture([line([1, 2, 3, 2, 1, 3], { isPoints: true })]));
    const dots = svg.match(/<circle cx="[\d.]+" cy="[\d.]+" r="3"\/>/g)!;
    assert.deepEqual([dots.length, /cx="464"/.test(dots[4]!)], [5, true]);
    assert.ok(!svg.slice(0, svg.indexOf(dots[0]!)).includes('<g clip-path'));
  });

  it('keeps hostile names as text', () => {
    const svg = svgOf(picture([line([1, 2])], { title: '</svg><script>alert(1)</script>\u0000"&' }));
    assert.ok(!svg.includes('<script'));
    assert.ok(svg.includes('&lt;/svg&gt;&lt;script&gt;alert(1)&lt;/script&gt;\ufffd&quot;&amp;'));
  });

  it('is as large as its charts need', () => {
    assert.deepEqual([1, 2, 5].map(pictureSize), [{ width: 480, height: 340 }, { width: 960, height: 340 }, { width: 960, height: 940 }]);
  });
});
