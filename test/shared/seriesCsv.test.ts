/** Metrics as CSV: what a spreadsheet, or another program, reads back. */
import { strict as assert } from 'node:assert';
import { parse } from 'csv-parse/sync';
import { seriesCsv } from '../../src/shared/seriesCsv';

describe('seriesCsv', () => {
  const series = { loss: { steps: [1, 2, 3], values: [2.5, null, 1e-7] }, eval_loss: { steps: [2], values: [2.25] } };

  it('has a line a step and a column a metric', () => {
    assert.equal(seriesCsv([{ name: 'a', series }]), 'step,eval_loss,loss\r\n1,,2.5\r\n2,2.25,\r\n3,,1e-7\r\n');
  });

  it('names the run where there are several', () => {
    assert.equal(seriesCsv([{ name: 'a', series: { loss: series.loss } }, { name: 'b', series: { loss: { steps: [1], values: [0] } } }]),
      'run,step,loss\r\na,1,2.5\r\na,2,\r\na,3,1e-7\r\nb,1,0\r\n');
  });

  it('keeps a name whole that holds quotes, commas and lines, and harmless one that begins as a formula', () => {
    const text = seriesCsv([{ name: 'a "b",\nc', series }, { name: '=HYPERLINK("x")', series }]);
    const rows = parse(text, { columns: true }) as { run: string }[];
    assert.deepEqual([...new Set(rows.map(({ run }) => run))], ['a "b",\nc', '\'=HYPERLINK("x")']);
  });

  it('loses no digit', () => {
    const values = [0.1 + 0.2, 1 / 3, 5e-324];
    const rows = parse(seriesCsv([{ name: 'a', series: { loss: { steps: [1, 2, 3], values } } }]), { columns: true }) as { loss: string }[];
    assert.deepEqual(rows.map(({ loss }) => Number(loss)), values);
  });
});
