/** How often a view draws, with a clock of the test's. */
import { strict as assert } from 'node:assert';
import { paced } from '../../../webview/ui/pace';

/** Frames every 16 ms; a drawing keeps the thread for `costMs`. */
function simulated(costMs: number) {
  let time = 0;
  let drawings = 0;
  const tasks: { at: number; then: () => void }[] = [];
  const wait = (ms: number, then: () => void): void => void tasks.push({ at: time + ms, then });
  const ask = paced(() => {
    drawings++;
    time += costMs;
  }, { now: () => time, frame: then => wait(16 - (time % 16), then), wait });
  /** Runs what is due until `end`. */
  const runUntil = (end: number): void => {
    for (;;) {
      tasks.sort((a, b) => a.at - b.at);
      const next = tasks[0];
      if (!next || next.at > end) break;
      tasks.shift();
      time = Math.max(time, next.at);
      next.then();
    }
    time = Math.max(time, end);
  };
  return { ask, runUntil, drawings: () => drawings };
}

describe('paced', () => {
  const inTenSeconds = (costMs: number): number => {
    const view = simulated(costMs);
    for (let at = 0; at < 10_000; at += 100) {
      view.ask();
      view.runUntil(at + 100);
    }
    return view.drawings();
  };

  it('draws as often as it is asked to while that is quick', () => assert.equal(inTenSeconds(10), 100));

  it('takes a quarter of the thread, about, where it is slow', () => {
    const drawings = inTenSeconds(400);
    assert.ok(drawings * 400 > 2000 && drawings * 400 <= 3200, String(drawings));
  });

  it('draws once for many requests, and once more for those that came meanwhile', () => {
    const view = simulated(400);
    for (let i = 0; i < 5; i++) view.ask();
    view.runUntil(300);
    for (let i = 0; i < 5; i++) view.ask();
    view.runUntil(10_000);
    assert.equal(view.drawings(), 2);
  });

  it('is at rest where nobody asks, and begins again', () => {
    const view = simulated(10);
    view.ask();
    view.runUntil(5000);
    assert.equal(view.drawings(), 1);
    view.ask();
    view.runUntil(5100);
    assert.equal(view.drawings(), 2);
  });
});
