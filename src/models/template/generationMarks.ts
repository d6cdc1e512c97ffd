/** {% generation %} blocks, by which a template says what the assistant writes. The library drops the tags; here they print marks instead. */

/** Half-open, in UTF-16 units. */
export interface TextRange { start: number; end: number }

/** Variables that the marks print. Unicode keeps these characters out of any text. */
export const GENERATION_MARKS = { __generation_start: '\ufdd0', __generation_end: '\ufdd1' } as const;

const TAG = /(^[ \t]*)?\{%(-?)\s*(end)?generation\s*(-?)%\}\n?/gm;

/** The template with its tags replaced; blanks around them go where lstrip_blocks and trim_blocks take them. The same text where it has none. */
export function withMarks(template: string): string {
  return template.replace(TAG, (_, _indent, before: string, end: string | undefined, after: string) =>
    `{{${before} ${end === undefined ? '__generation_start' : '__generation_end'} ${after}}}`);
}

export function cutMarks(marked: string): { text: string; generated: TextRange[] } {
  const { __generation_start: start, __generation_end: end } = GENERATION_MARKS;
  const generated: TextRange[] = [];
  let text = '';
  for (const part of marked.split(new RegExp(`([${start}${end}])`))) {
    if (part === start) generated.push({ start: text.length, end: text.length });
    else if (part === end) generated.at(-1)!.end = text.length;
    else text += part;
  }
  return { text, generated };
}
