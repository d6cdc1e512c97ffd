/** The lines of a plot on a canvas. */
import { placementOf, type Frame } from './frame';
import type { Plot } from './plot';

/** `frame` in the canvas's own pixels, of which `pixelRatio` make one of CSS. */
export function drawLines(context: CanvasRenderingContext2D, plot: Plot, frame: Frame, pixelRatio: number): void {
  const { xOf, yOf } = placementOf(plot, frame);
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  context.lineJoin = 'bevel';
  for (const { shown: { xs, ys }, color, dash, width, alpha, isPoints } of plot.lines) {
    context.globalAlpha = alpha;
    context.strokeStyle = context.fillStyle = color;
    context.lineWidth = width * pixelRatio;
    context.setLineDash(dash.map(length => length * pixelRatio));
    context.beginPath();
    let isPenDown = false;
    for (let i = 0; i < xs.length; i++) {
      const isPlaced = Number.isFinite(ys[i]!) && (!plot.isLog || ys[i]! > 0);
      if (!isPlaced) {
        isPenDown = false;
        continue;
      }
      const [x, y] = [xOf(xs[i]!), yOf(ys[i]!)];
      // A point between two breaks has no line to be part of.
      const isAlone = !isPenDown && !(i + 1 < xs.length && Number.isFinite(ys[i + 1]!));
      if (isPoints || isAlone) {
        const radius = (isPoints ? POINT_RADIUS : width) * pixelRatio;
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      } else if (isPenDown) {
        context.lineTo(x, y);
      } else {
        context.moveTo(x, y);
      }
      isPenDown = !isPoints;
    }
    if (isPoints) context.fill();
    else context.stroke();
  }
  context.restore();
}

const POINT_RADIUS = 3;
