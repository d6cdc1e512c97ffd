/** Files, and parts of files, that are made from the code: `npm run generate` writes them, the check compares. */
import type { Problem } from '../../src/shared/problem';

export interface Generated {
  /** Relative to the repository. */
  file: string;
  /** Where only a part is generated: the name between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->`. */
  part?: string;
  text: string;
}

/** The file with the generated text in its place.  Throws where the file lacks the part's markers. */
export function place({ file, part, text }: Generated, current: string | undefined): string {
  if (part === undefined) return text;
  const [open, close] = [`<!-- generated:${part} -->`, `<!-- /generated:${part} -->`];
  const [start, end] = [current?.indexOf(open) ?? -1, current?.indexOf(close) ?? -1];
  if (current === undefined || start < 0 || end < start) throw new Error(`${file} lacks the markers ${open} and ${close}.`);
  return `${current.slice(0, start + open.length)}\n${text.trim()}\n${current.slice(end)}`;
}

/** `read` gives a file's text, or undefined where there is none. */
export function checkGenerated(all: readonly Generated[], read: (file: string) => string | undefined): Problem[] {
  return all.flatMap((one): Problem[] => {
    const current = read(one.file);
    if (current !== undefined && place(one, current) === current) return [];
    const what = one.part === undefined ? '' : ` (part "${one.part}")`;
    return [
      {
        id: 'check/generated',
        severity: 'error',
        text: `${current === undefined ? 'is missing' : 'is stale'}${what}.`,
        where: { file: one.file },
        fix: { text: 'Run `npm run generate` and commit.' },
      },
    ];
  });
}
