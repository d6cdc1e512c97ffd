/** Text from outside made harmless to look at: what would move the cursor, hide or reorder text is shown as its code. */

export interface TextPart {
  text: string;
  /** Stands for a character that cannot be shown: draw it dimmed. */
  isMark: boolean;
}

/** C0 and C1 controls, DEL; soft hyphen, zero-width space and bidi controls, line and paragraph separators, BOM, tags; halves of surrogate pairs.
 *  Not the joiners U+200C and U+200D: Persian, Indic scripts and emoji are written with them. */
const HIDDEN = /[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0', '\x1b': '\\e' };

/** In order; neighbouring marks are parts of their own. `keep` holds characters that may pass: "\n" where lines are drawn as lines. */
export function visibleParts(text: string, keep = ''): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: hidden, index } of text.matchAll(HIDDEN)) {
    if (keep.includes(hidden)) continue;
    if (index > from) parts.push({ text: text.slice(from, index), isMark: false });
    parts.push({ text: markOf(hidden), isMark: true });
    from = index + hidden.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isMark: false });
  return parts;
}

export function visibleText(text: string, keep = ''): string {
  return visibleParts(text, keep).map(part => part.text).join('');
}

function markOf(hidden: string): string {
  return SHORT[hidden] ?? `\\u{${hidden.codePointAt(0)!.toString(16)}}`;
}
