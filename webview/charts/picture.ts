/** The charts in sight as a picture to keep. */
import type { ChartSpec } from './chartList';
import type { ChartControls } from './controls';
import type { Entry } from './entries';
import { axisLabel, formatTick, formatValue } from './numbers';
import type { Palette } from './palette';
import { plotOf } from './plot';
import { pictureSize, svgOf, type Picture } from './svg';
import { l10n } from '../ui/l10n';

interface Shown {
  title: string;
  controls: ChartControls;
  palette: Palette;
}

/** Finer than on the screen, since a picture may be printed large. */
const COLUMNS = 1200;

export function pictureOf(charts: readonly { spec: ChartSpec; entries: readonly Entry[] }[], { title, controls, palette }: Shown): Picture {
  const { range, whole, settings } = controls;
  return {
    title, xLabel: axisLabel(settings.axis),
    style: { text: palette.text, line: palette.grid, background: palette.background, fontFamily: palette.fontFamily },
    charts: charts.map(({ spec, entries }) => {
      const plot = plotOf(entries.flatMap(({ lines }) => lines), range.get() ?? whole, {
        columns: COLUMNS, wantsLog: settings.isLog, ignoresOutliers: settings.ignoresOutliers,
      });
      return {
        title: spec.title, plot,
        legend: entries.map(({ label, look }) => ({ label, look })),
        note: plot.hidden > 0 ? l10n.t('{0} points are outside of the axis', plot.hidden) : undefined,
        formatX: x => formatTick(x, settings.axis),
        formatY: y => formatValue(y, spec.numbers),
      };
    }),
  };
}

/** Pixels of the file for one of the picture. */
const PNG_SCALE = 2;

/** The same picture as pixels: a PNG file in base64. */
export async function picturePng(picture: Picture): Promise<string> {
  const { width, height } = pictureSize(picture.charts.length);
  const image = new Image(width * PNG_SCALE, height * PNG_SCALE);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(picture))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: width * PNG_SCALE, height: height * PNG_SCALE });
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').slice('data:image/png;base64,'.length);
}
