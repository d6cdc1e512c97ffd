/** Panels of points with their least-squares lines, side by side as one SVG. */
import { leastSquares, type Point } from './leastSquares';

export interface Panel {
  title: string;
  xLabel: string;
  yLabel: string;
  series: readonly { name: string; points: readonly Point[] }[];
}

const COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd'];
const [WIDTH, HEIGHT] = [560, 420];
/** Inside a panel, pixels. */
const BOX = { left: 70, right: 540, top: 40, bottom: 360 };
const TICKS = 5;

export function linePlot(panels: readonly Panel[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${panels.length * WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...panels.map((panel, i) => `<g transform="translate(${i * WIDTH} 0)">\n${panelOf(panel).join('\n')}\n</g>`),
    '</svg>\n',
  ].join('\n');
}

function panelOf({ title, xLabel, yLabel, series }: Panel): string[] {
  const points = series.flatMap(one => one.points);
  const [maxX, maxY] = [roundUp(Math.max(0, ...points.map(({ x }) => x))), roundUp(Math.max(0, ...points.map(({ y }) => y)))];
  const x = (value: number): string => (BOX.left + (value / maxX) * (BOX.right - BOX.left)).toFixed(1);
  const y = (value: number): string => (BOX.bottom - (value / maxY) * (BOX.bottom - BOX.top)).toFixed(1);
  const steps = Array.from({ length: TICKS + 1 }, (_, i) => i / TICKS);
  return [
    text(WIDTH / 2, 22, title, 'text-anchor="middle" font-size="14"'),
    text(WIDTH / 2, HEIGHT - 18, xLabel, 'text-anchor="middle"'),
    text(0, 0, yLabel, `text-anchor="middle" transform="translate(18 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)"`),
    ...steps.flatMap(step => [
      `<path d="M${BOX.left} ${y(step * maxY)}H${BOX.right}M${x(step * maxX)} ${BOX.top}V${BOX.bottom}" stroke="#ddd" fill="none"/>`,
      text(BOX.left - 6, Number(y(step * maxY)) + 4, shown(step * maxY), 'text-anchor="end"'),
      text(Number(x(step * maxX)), BOX.bottom + 18, shown(step * maxX), 'text-anchor="middle"'),
    ]),
    ...series.flatMap(({ name, points: own }, i) => {
      const colour = COLOURS[i % COLOURS.length]!;
      const line = leastSquares(own);
      const xs = own.map(point => point.x);
      const [from, to] = [Math.min(...xs), Math.max(...xs)];
      return [
        ...(line ? [`<path d="M${x(from)} ${y(line.intercept + line.slope * from)}L${x(to)} ${y(line.intercept + line.slope * to)}" stroke="${colour}" fill="none"/>`] : []),
        ...own.map(point => `<circle cx="${x(point.x)}" cy="${y(point.y)}" r="4" fill="${colour}"/>`),
        `<circle cx="${BOX.left + 16}" cy="${BOX.top + 16 + 18 * i}" r="4" fill="${colour}"/>`,
        text(BOX.left + 28, BOX.top + 20 + 18 * i, line ? `${name}: ${line.intercept.toPrecision(3)} + ${line.slope.toPrecision(3)} x, R² ${line.r2.toFixed(4)}` : name, ''),
      ];
    }),
  ];
}

/** The next of 1, 2, 2.5, 5 and 10 times a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 2.5, 5, 10].find(factor => factor * power >= value)!;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function text(x: number, y: number, words: string, attributes: string): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}
