/** Dimensions of a shape: numbers, names ("T"), and sums of both ("chosen0+prompt0"), kept in one canonical form so that equal means equal. */

export type Dim = number | string;
export type Shape = readonly Dim[];

/** Sum of dimensions: names sorted, numbers added up. Zero disappears. */
export function addDims(...dims: Dim[]): Dim {
  let count = 0;
  const names: string[] = [];
  for (const dim of dims)
    if (typeof dim === 'number') count += dim;
    else for (const part of dim.split('+')) /^\d+$/.test(part) ? count += Number(part) : names.push(part);
  if (names.length === 0) return count;
  names.sort();
  return count === 0 ? names.join('+') : `${names.join('+')}+${count}`;
}

/** `count` times a dimension, for axes that are folded together. */
export function timesDim(count: number, dim: Dim): Dim {
  if (count === 1) return dim;
  return typeof dim === 'number' ? count * dim : `${count}(${dim})`;
}

/** Shape of an elementwise result, dimensions aligned at the end; undefined where two dimensions differ and neither is 1. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    out.push(x === 1 ? y : x);
  }
  return out;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** `[T,576]` */
export function showShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}
