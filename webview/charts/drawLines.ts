/** The lines of a plot on a canvas. */
import { placementOf, type Frame, type Placement } from './frame';
import type { Plot } from './plot';

/** `frame` in the canvas's own pixels, of which `pixelRatio` make one of CSS. */
export function drawLines(context: CanvasRenderingContext2D, plot: Plot, frame: Frame, pixelRatio: number): void {
  const placement = placementOf(plot, frame);
  for (const line of plot.lines) {
    context.save();
    context.globalAlpha = line.alpha;
    context.strokeStyle = context.fillStyle = line.color;
    if (line.isPoints) drawPoints(context, line, placement, plot.isLog, POINT_RADIUS * pixelRatio);
    else {
      context.beginPath();
      context.rect(frame.left, frame.top, frame.width, frame.height);
      context.clip();
      context.lineJoin = 'round';
      context.lineWidth = line.width * pixelRatio;
      drawLine(context, line, placement, plot.isLog, pixelRatio);
    }
    context.restore();
  }
}

type PlotLine = Plot['lines'][number];

/** CSS pixels. */
const POINT_RADIUS = 3;

function drawPoints(context: CanvasRenderingContext2D, { shown: { xs, ys } }: PlotLine, { xOf, yOf }: Placement, isLog: boolean, radius: number): void {
  context.beginPath();
  for (let i = 0; i < xs.length; i++) if (isPlaced(ys[i]!, isLog)) addDot(context, xOf(xs[i]!), yOf(ys[i]!), radius);
  context.fill();
}

/** A path that is wider than a pixel is stroked in pieces of so many segments: Skia, without a GPU, needs up to 3 times as long for one path of 2,000
 *  (test/bench/charts.ts); a hairline it draws at once. */
const PIECE_SEGMENTS = 16;

function drawLine(context: CanvasRenderingContext2D, { shown: { xs, ys }, width, dash, alpha }: PlotLine, { xOf, yOf }: Placement, isLog: boolean, pixelRatio: number): void {
  context.setLineDash(dash.map(length => length * pixelRatio));
  // Round ends close the seams between pieces; where dashes or what lies beneath would show them, they stay open.
  context.lineCap = dash.length === 0 && alpha === 1 ? 'round' : 'butt';
  const pieceSegments = width * pixelRatio <= 1 ? Infinity : PIECE_SEGMENTS;
  let [lastX, lastY, length, segments] = [NaN, NaN, 0, 0];
  context.lineDashOffset = 0;
  context.beginPath();
  for (let i = 0; i < xs.length; i++) {
    if (!isPlaced(ys[i]!, isLog)) {
      lastX = NaN;
      continue;
    }
    const [x, y] = [xOf(xs[i]!), yOf(ys[i]!)];
    if (Number.isNaN(lastX)) {
      context.moveTo(x, y);
      // A point between two breaks has no line to be part of.
      if (i + 1 === xs.length || !isPlaced(ys[i + 1]!, isLog)) addDot(context, x, y, width * pixelRatio);
    } else {
      context.lineTo(x, y);
      length += Math.hypot(x - lastX, y - lastY);
      if (++segments % pieceSegments === 0) {
        context.stroke();
        context.beginPath();
        context.moveTo(x, y);
        context.lineDashOffset = length;
      }
    }
    [lastX, lastY] = [x, y];
  }
  context.stroke();
  context.setLineDash([]);
}

function addDot(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function isPlaced(y: number, isLog: boolean): boolean {
  return Number.isFinite(y) && (!isLog || y > 0);
}
