/** Charts as an SVG file: lines, axes and legends as vectors and text, in the colours of the theme that they were seen in. */
import { placementOf, type Frame, type Placement } from './frame';
import type { LineLook, Plot } from './plot';
import { linearTicks, logTicks } from './ticks';

export interface PictureChart {
  title: string;
  plot: Plot;
  /** In order; a smoothed line and its raw one are one entry. */
  legend: { label: string; look: LineLook }[];
  /** Below the chart: what was left out of it. */
  note: string | undefined;
  formatX: (value: number) => string;
  formatY: (value: number) => string;
}

export interface PictureStyle {
  text: string;
  line: string;
  background: string;
  fontFamily: string;
}

export interface Picture {
  title: string;
  xLabel: string;
  charts: readonly PictureChart[];
  style: PictureStyle;
}

const CHART_WIDTH = 480;
const CHART_HEIGHT = 300;
const HEAD_HEIGHT = 40;
/** Inside a chart's cell, around its frame: title and legend above, numbers left and below. */
const MARGIN = { left: 64, right: 16, top: 48, bottom: 40 } as const;
const FONT_SIZE = 11;
/** About how wide a character is, for placing what stands in a row. */
const CHARACTER_WIDTH = 6.2;

/** Pixels of a picture of so many charts, two in a row. */
export function pictureSize(charts: number): { width: number; height: number } {
  return { width: CHART_WIDTH * Math.min(2, Math.max(1, charts)), height: HEAD_HEIGHT + CHART_HEIGHT * Math.ceil(charts / 2) };
}

export function svgOf({ title, xLabel, charts, style }: Picture): string {
  const { width, height } = pictureSize(charts.length);
  const cells = charts.map((chart, i) => {
    const frame: Frame = {
      left: (i % 2) * CHART_WIDTH + MARGIN.left, top: HEAD_HEIGHT + Math.floor(i / 2) * CHART_HEIGHT + MARGIN.top,
      width: CHART_WIDTH - MARGIN.left - MARGIN.right, height: CHART_HEIGHT - MARGIN.top - MARGIN.bottom,
    };
    return svgChart(chart, frame, i, xLabel, style);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escape(style.fontFamily)}" font-size="${FONT_SIZE}" fill="${escape(style.text)}">`,
    `<title>${escape(title)}</title>`,
    `<rect width="100%" height="100%" fill="${escape(style.background)}"/>`,
    text(16, 26, title, 'font-size="15" font-weight="600"'),
    ...cells,
    '</svg>', '',
  ].join('\n');
}

function svgChart({ title, plot, legend, note, formatX, formatY }: PictureChart, frame: Frame, index: number, xLabel: string, style: PictureStyle): string {
  const { left, top, width, height } = frame;
  const place = placementOf(plot, frame);
  const [right, bottom] = [left + width, top + height];
  const grid = (x1: number, y1: number, x2: number, y2: number): string =>
    `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${escape(style.line)}" stroke-width="0.5"/>`;
  const ysTicks = plot.isLog ? logTicks(plot.y, 5) : linearTicks(plot.y, 5);
  return [
    '<g>',
    text(left, top - 30, title, 'font-size="13" font-weight="600"'),
    ...legendOf(legend, left, top - 12),
    ...linearTicks(plot.x, 6).flatMap(x => [
      grid(place.xOf(x), top, place.xOf(x), bottom), text(place.xOf(x), bottom + 14, formatX(x), 'text-anchor="middle"'),
    ]),
    ...ysTicks.flatMap(y => [grid(left, place.yOf(y), right, place.yOf(y)), text(left - 6, place.yOf(y) + 4, formatY(y), 'text-anchor="end"')]),
    text(right, bottom + 28, xLabel, 'text-anchor="end"'),
    ...(note === undefined ? [] : [text(left, bottom + 28, note, '')]),
    `<clipPath id="frame-${index}"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>`,
    '<g fill="none" stroke-linejoin="round">',
    ...plot.lines.map(line => svgLine(line, place, plot.isLog, `url(#frame-${index})`)),
    '</g>', '</g>',
  ].join('\n');
}

function svgLine(line: Plot['lines'][number], { xOf, yOf }: Placement, isLog: boolean, clip: string): string {
  const { xs, ys } = line.shown;
  const isPlaced = (i: number): boolean => Number.isFinite(ys[i]!) && (!isLog || ys[i]! > 0);
  if (line.isPoints) {
    const dots = Array.from(xs, (x, i) => isPlaced(i) ? `<circle cx="${at(xOf(x))}" cy="${at(yOf(ys[i]!))}" r="3"/>` : '');
    return `<g fill="${escape(line.color)}" stroke="none">${dots.join('')}</g>`;
  }
  let path = '';
  let isPenDown = false;
  for (let i = 0; i < xs.length; i++) {
    if (isPlaced(i)) path += `${isPenDown ? 'L' : 'M'}${at(xOf(xs[i]!))} ${at(yOf(ys[i]!))}`;
    isPenDown = isPlaced(i);
  }
  return `<path d="${path}" clip-path="${clip}" ${strokeOf(line)}/>`;
}

function legendOf(legend: PictureChart['legend'], left: number, y: number): string[] {
  let x = left;
  return legend.flatMap(({ label, look }) => {
    const start = x;
    x += 32 + label.length * CHARACTER_WIDTH;
    const swatch = look.isPoints
      ? `<circle cx="${at(start + 8)}" cy="${at(y - 4)}" r="3" fill="${escape(look.color)}"/>`
      : `<line x1="${at(start)}" y1="${at(y - 4)}" x2="${at(start + 16)}" y2="${at(y - 4)}" ${strokeOf(look)}/>`;
    return [swatch, text(start + 20, y, label, '')];
  });
}

function strokeOf({ color, width, alpha, dash }: LineLook): string {
  return [
    `stroke="${escape(color)}" stroke-width="${width}"`,
    ...(alpha < 1 ? [`stroke-opacity="${alpha}"`] : []),
    ...(dash.length > 0 ? [`stroke-dasharray="${dash.join(' ')}"`] : []),
  ].join(' ');
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${at(x)}" y="${at(y)}"${attributes === '' ? '' : ` ${attributes}`}>${escape(content)}</text>`;
}

/** A hundredth of a pixel is finer than any printer. */
const at = (value: number): string => String(Math.round(value * 100) / 100);

/** Text of a run may hold anything; characters that XML forbids become the replacement character. */
function escape(content: string): string {
  return content
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]/gu, '\ufffd');
}
