/** The straight line through points that has the least squared distances in y. */

export interface Point { x: number; y: number }

export interface Line {
  slope: number;
  intercept: number;
  /** Share of the variance of y that the line explains; 1 where all y are equal. */
  r2: number;
}

/** Undefined for fewer than two different x. */
export function leastSquares(points: readonly Point[]): Line | undefined {
  const mean = (of: (point: Point) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(point => point.x), mean(point => point.y)];
  const sum = (of: (dx: number, dy: number) => number): number => points.reduce((all, point) => all + of(point.x - x, point.y - y), 0);
  const squares = sum(dx => dx * dx);
  if (points.length < 2 || squares === 0) return undefined;
  const slope = sum((dx, dy) => dx * dy) / squares;
  const total = sum((_, dy) => dy * dy);
  return { slope, intercept: y - slope * x, r2: total === 0 ? 1 : 1 - sum((dx, dy) => (dy - slope * dx) ** 2) / total };
}
