/** Where a key stands in the text of a JSON file, in lines and columns that count from 1. */
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { undotted } from './jsonPath';

export interface TextPlace { line: number; column: number }

/** Line and column of an offset. */
export function placeAt(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** Gives places of keys (of entries, in lists) by their path; a key that is not there has none. The text is parsed once. */
export function keyPlaces(text: string): (path: readonly PropertyKey[]) => TextPlace | undefined {
  const root = parseTree(text);
  return path => {
    const node = root && findNodeAtLocation(root, path.map(part => typeof part === 'number' ? part : String(part)));
    return node && path.length > 0 ? placeAt(text, keyOf(node).offset) : undefined;
  };
}

/** Place of a dotted key, or of the nearest part of it that is written. */
export function placeOfKey(text: string, key: string): TextPlace | undefined {
  const find = keyPlaces(text);
  for (let path = undotted(key); path.length > 0; path = path.slice(0, -1)) {
    const place = find(path);
    if (place) return place;
  }
  return undefined;
}

function keyOf(value: Node): Node {
  return value.parent?.type === 'property' ? value.parent.children![0] : value;
}
