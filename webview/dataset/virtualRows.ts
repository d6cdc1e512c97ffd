/** Which rows a scroll position shows. Browsers stop at some ten million pixels, so beyond that a pixel stands for several rows. */

/** Below the limits of all browsers. */
const MAX_PIXELS = 8_000_000;

/** Height of the canvas in pixels; the head and the last row have their place in it. */
export function scrollHeightOf(rows: number, viewport: number, rowHeight: number): number {
  return Math.max(viewport, Math.min(MAX_PIXELS, (rows + 2) * rowHeight));
}

/** The row at the top of the view. */
export function firstRowAt(scrollTop: number, rows: number, viewport: number, rowHeight: number): number {
  const range = scrollHeightOf(rows, viewport, rowHeight) - viewport;
  const last = lastTop(rows, viewport, rowHeight);
  return range <= 0 ? 0 : Math.max(0, Math.min(last, Math.round((scrollTop / range) * last)));
}

/** The position that shows `row` at the top; the nearest there is. */
export function scrollTopOf(row: number, rows: number, viewport: number, rowHeight: number): number {
  const last = lastTop(rows, viewport, rowHeight);
  return last <= 0 ? 0 : (Math.min(row, last) / last) * (scrollHeightOf(rows, viewport, rowHeight) - viewport);
}

/** The row at the top when the last one is seen whole below the head. */
function lastTop(rows: number, viewport: number, rowHeight: number): number {
  return Math.max(0, rows + 2 - Math.floor(viewport / rowHeight));
}
