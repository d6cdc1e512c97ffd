/** Dimensions of a shape: numbers, names ("T"), and sums of both ("chosen0+3(prompt0)+1"), kept in one canonical form so that equal means equal. */

export type Dim = number | string;
export type Shape = readonly Dim[];

/** Sum of dimensions: names sorted, numbers added up. Zero disappears. */
export function addDims(...dims: Dim[]): Dim {
  return sumOf(dims.map(dim => ({ dim, times: 1 })));
}

/** `count` times a dimension, for axes that are folded together. */
export function timesDim(count: number, dim: Dim): Dim {
  return sumOf([{ dim, times: count }]);
}

function sumOf(parts: readonly { dim: Dim; times: number }[]): Dim {
  let count = 0;
  const names = new Map<string, number>();
  for (const { dim, times } of parts)
    for (const term of String(dim).split('+')) {
      const [, factor = '1', name = term] = /^(\d+)\((.*)\)$/.exec(term) ?? [];
      if (/^\d+$/.test(name)) count += times * Number(name);
      else names.set(name, (names.get(name) ?? 0) + times * Number(factor));
    }
  const terms = [...names].filter(([, times]) => times > 0).sort(([a], [b]) => a < b ? -1 : 1).map(([name, times]) => times === 1 ? name : `${times}(${name})`);
  if (terms.length === 0) return count;
  return count === 0 ? terms.join('+') : `${terms.join('+')}+${count}`;
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
