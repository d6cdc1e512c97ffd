/** From values to places on a picture: the same for the screen, the overview and the exported file. */
import type { Plot } from './plot';

/** Where the lines go, in pixels from the top left. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Placement {
  xOf(x: number): number;
  yOf(y: number): number;
}

export function placementOf({ x, y, isLog }: Pick<Plot, 'x' | 'y' | 'isLog'>, { left, top, width, height }: Frame): Placement {
  const level = isLog ? Math.log10 : (value: number): number => value;
  const [low, high] = [level(y.min), level(y.max)];
  const [perX, perY] = [width / (x.max - x.min), height / (high - low)];
  return {
    xOf: value => left + (value - x.min) * perX,
    yOf: value => top + height - (level(value) - low) * perY,
  };
}
