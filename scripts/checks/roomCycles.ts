/** Import cycles between rooms: files of each import files of the next, however deep they lie. */

export interface ImportEdge {
  from: string;
  to: string;
}

/** Each cycle once, as the rooms on it in order, beginning with the one first in the alphabet. */
export function roomCycles(edges: readonly ImportEdge[]): string[][] {
  const imports = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    const [importer, imported] = [roomOf(from), roomOf(to)];
    if (importer === undefined || imported === undefined || importer === imported) continue;
    imports.set(importer, (imports.get(importer) ?? new Set()).add(imported));
  }
  return [...imports.keys()].sort().flatMap(start => cyclesFrom(start, imports));
}

/** Cycles through `start` and rooms after it in the alphabet; those through earlier ones were found from there. */
function cyclesFrom(start: string, imports: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const found: string[][] = [];
  const follow = (path: string[]): void => {
    for (const next of imports.get(path[path.length - 1]) ?? []) {
      if (next === start) found.push(path);
      else if (next > start && !path.includes(next)) follow([...path, next]);
    }
  };
  follow([start]);
  return found;
}

/** src/engine/ops/add.ts → src/engine; files directly in src/ join rooms and are none. */
function roomOf(file: string): string | undefined {
  return /^(?:src|webview)\/[^/]+(?=\/)/.exec(file)?.[0];
}
