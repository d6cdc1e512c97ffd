import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { needsGlibc } from '../needs';

const root = path.join(import.meta.dirname, '../..');

/** Megabytes of the heap's addresses and of what is resident, before and after. */
function reserving(bytes: string): { before: number; after: number; grown: number } {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', `
    import fs from 'node:fs';
    import { reserveHeap } from './src/training/reserveHeap.ts';
    const heap = () => fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter(line => line.endsWith('[heap]'))
      .map(line => line.split(' ')[0].split('-').map(address => parseInt(address, 16))).reduce((sum, [from, to]) => sum + to - from, 0) / 2 ** 20;
    const [before, resident] = [heap(), process.memoryUsage.rss()];
    reserveHeap(${bytes});
    console.log(JSON.stringify({ before, after: heap(), grown: (process.memoryUsage.rss() - resident) / 2 ** 20 }));
  `], { cwd: root, encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as { before: number; after: number; grown: number };
}

describe('training/reserveHeap', () => {
  it('makes the heap as long as a run will need, and fills none of it', function () {
    needsGlibc(this);
    const { before, after, grown } = reserving('2 * 2 ** 30');
    assert.ok(after - before > 1900, `${before} MB became ${after}`);
    assert.ok(grown < 60, `${grown} MB are resident`);
  });

  it('leaves a small run alone', function () {
    needsGlibc(this);
    const { before, after, grown } = reserving('2 ** 20');
    assert.ok(grown < 20, `${grown} MB are resident`);
    assert.ok(after - before < 100, `${before} MB became ${after}`);
  });
});
