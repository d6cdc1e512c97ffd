/** Edits of a recipe's text that change nothing else: comments, order and layout of the file stay. */
import { applyEdits, type FormattingOptions, modify, type Node, parseTree } from 'jsonc-parser';
import { undotted } from './jsonPath';

/** `value` undefined removes the key, so that its default counts again. */
export interface RecipeChange {
  /** Dotted: "dataset.source.file_path". */
  key: string;
  value?: unknown;
}

/** The one range of the old text that the new one replaces. */
export interface TextChange {
  offset: number;
  length: number;
  content: string;
}

/** The text with the changes made, in their order. The text must hold a JSON object (comments and trailing commas are fine). */
export function editRecipeText(text: string, changes: readonly RecipeChange[]): string {
  return changes.reduce((current, change) => change.value === undefined ? withoutKey(current, undotted(change.key)) : withKey(current, undotted(change.key), change.value), text);
}

/** What differs between two texts, as one replacement; undefined where nothing does. */
export function textChange(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { offset: start, length: before.length - end - start, content: after.slice(start, after.length - end) };
}

/** Where a part on the way is missing, null or of another kind, it is made anew, since nothing can be set inside it. */
function withKey(text: string, path: readonly PropertyKey[], value: unknown): string {
  const solid = solidDepth(parseTree(text), path);
  const inner = path.slice(solid + 1).reduceRight<unknown>((nested, key) => typeof key === 'number' ? [nested] : { [String(key)]: nested }, value);
  return applied(text, path.slice(0, solid + 1), inner);
}

/** A part that holds nothing any more goes with its last key. */
function withoutKey(text: string, path: readonly PropertyKey[]): string {
  const nodes = nodesOn(parseTree(text), path);
  if (nodes.length <= path.length) return text;
  let depth = path.length;
  while (depth > 1 && nodes[depth - 1]!.children?.length === 1) depth--;
  return applied(text, path.slice(0, depth), undefined);
}

function applied(text: string, path: readonly PropertyKey[], value: unknown): string {
  return applyEdits(text, modify(text, path.map(part => typeof part === 'number' ? part : String(part)), value, { formattingOptions: layoutOf(text) }));
}

/** How many of the path's keys lead through objects and lists that are there. */
function solidDepth(root: Node | undefined, path: readonly PropertyKey[]): number {
  const nodes = nodesOn(root, path.slice(0, -1));
  const containers = nodes.findIndex(({ type }) => type !== 'object' && type !== 'array');
  return Math.max(0, (containers === -1 ? nodes.length : containers) - 1);
}

/** The root and the value of each key of the path, as far as they are there. Of a key that stands twice, the last one counts. */
function nodesOn(root: Node | undefined, path: readonly PropertyKey[]): Node[] {
  const nodes: Node[] = [];
  for (let node = root, depth = 0; node; depth++) {
    nodes.push(node);
    if (depth === path.length) break;
    const key = path[depth];
    node = typeof key === 'number' ? node.children?.[key] : node.children?.findLast(({ children }) => children?.[0]?.value === key)?.children?.[1];
  }
  return nodes;
}

/** As the file is laid out: by the first indented line, else two spaces. */
function layoutOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 1 : indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
