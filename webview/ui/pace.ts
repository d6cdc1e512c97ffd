/** How often a view draws: as often as it is asked to while that is quick, and where it is slow only so often that most of the thread is left to others. */

/** Of the thread, what drawing leaves free for each part that it takes. */
const FREE_FOR_EACH = 3;
/** Passes anyhow from a drawing to the frame after the next. */
const FRAMES_MS = 50;

/** The browser's, or a test's. */
export interface Clock {
  now(): number;
  /** Before the next frame. */
  frame(then: () => void): void;
  wait(ms: number, then: () => void): void;
}

const browser: Clock = {
  now: () => performance.now(),
  frame: then => void requestAnimationFrame(then),
  wait: (ms, then) => void setTimeout(then, ms),
};

/** The function to ask with: many requests, one drawing, and the last is never lost. What a drawing sets off (effects, the canvas, layout) is counted as its time. */
export function paced(draw: () => void, { now, frame, wait }: Clock = browser): () => void {
  let isWanted = false;
  let isUnderWay = false;
  const begin = (): void => {
    isUnderWay = true;
    frame(() => {
      isWanted = false;
      const start = now();
      draw();
      // Effects run after the first frame, and what they draw is there with the second.
      frame(() => wait(0, () => frame(() => wait(FREE_FOR_EACH * Math.max(0, now() - start - FRAMES_MS), () => {
        isUnderWay = false;
        if (isWanted) begin();
      }))));
    });
  };
  return () => {
    isWanted = true;
    if (!isUnderWay) begin();
  };
}
