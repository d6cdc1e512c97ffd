/** How long the charts take a frame while a run of 100,000 steps is panned and zoomed in a browser.
 *  `npx tsx test/bench/charts.ts [--points N]`, after `npm run build`. */
import { parseArgs } from 'node:util';
import { closeViews, openView } from '../views/harness';
import { RECIPE_ROWS, runOf } from '../views/support/runs';

const { values } = parseArgs({ options: { points: { type: 'string', default: '100000' }, frames: { type: 'string', default: '120' } } });
const [points, frames] = [Number(values.points), Number(values.frames)];

interface Frames {
  /** From the key to the end of drawing, milliseconds of the page's own thread, a frame each. */
  script: number[];
  /** From the first frame to the last. */
  wallMs: number;
}

/** Presses a key of the overview in every frame: all charts in sight are drawn anew. */
function pressInEveryFrame([keys, count]: readonly [readonly string[], number]): Promise<Frames> {
  const strip = document.querySelector('.overview-window')!;
  const script: number[] = [];
  return new Promise(resolve => {
    let start = 0;
    const frame = (now: number): void => {
      start ||= now;
      if (script.length === count) return resolve({ script, wallMs: now - start });
      const before = performance.now();
      strip.dispatchEvent(new KeyboardEvent('keydown', { key: keys[script.length % keys.length]!, bubbles: true }));
      script.push(performance.now() - before);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

const share = (sorted: number[], fraction: number): string => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))]!.toFixed(1);

for (const { width, height } of [{ width: 1000, height: 800 }, { width: 1600, height: 1200 }]) {
  const run = runOf({ steps: points });
  const view = await openView('run', { width, height, state: { run, recipe: RECIPE_ROWS, isReconnecting: false }, host: { series: () => ({}) } });
  // tsx marks the names of functions with a helper that the page lacks.
  await view.page.addScriptTag({ content: 'globalThis.__name = one => one' });
  const cdp = await view.page.context().newCDPSession(view.page);
  await cdp.send('Performance.enable');
  const taskMs = async (): Promise<number> => (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;

  await view.page.locator('.overview-window').focus();
  for (let i = 0; i < 8; i++) await view.page.keyboard.press('+');
  for (let i = 0; i < 8; i++) await view.page.keyboard.press('ArrowLeft');
  await view.page.waitForTimeout(1000);
  const charts = await view.page.locator('.chart').count();
  console.log(`${points.toLocaleString('en')} points a series, ${Object.keys(run.series).length} series, ${charts} charts, ${width} × ${height}`);
  for (const [name, keys] of [['pan', ['ArrowRight', 'ArrowLeft']], ['zoom', ['+', '+', '+', '-', '-', '-']]] as const) {
    const before = await taskMs();
    const { script, wallMs } = await view.page.evaluate(pressInEveryFrame, [keys, frames] as const);
    const mainThread = ((await taskMs()) - before) / frames;
    const sorted = script.sort((a, b) => a - b);
    console.log(`  ${name.padEnd(5)} script ${share(sorted, 0.5)} ms median, ${share(sorted, 0.95)} ms p95; main thread ${mainThread.toFixed(1)} ms a frame; ${((1000 * frames) / wallMs).toFixed(0)} frames/s`);
  }
  if (view.crashes.length > 0) console.log(view.crashes.join('\n'));
  await view.close();
}
await closeViews();
