/** Patterns of a dataset card, as Python's datasets reads them: "*" and "?" within a name, "**" any folders, [a-z] and [!a-z]. */

/** Files that a pattern takes only where it names them. Source: datasets 5.2 data_files.py. */
const IGNORED = new Set(['README.md', 'config.json', 'dataset_info.json', 'dataset_infos.json', 'dummy_data.zip', 'dataset_dict.json']);
const MAGIC = /[*?[]/;

export function hasMagic(pattern: string): boolean {
  return MAGIC.test(pattern);
}

/** The folder that all matches lie in, and whether some may lie deeper. */
export function searchedFolder(pattern: string): { folder: string; isRecursive: boolean } {
  const parts = pattern.split('/'), fixed = parts.findIndex(part => MAGIC.test(part));
  const folders = parts.slice(0, fixed < 0 ? -1 : fixed);
  return { folder: folders.join('/'), isRecursive: fixed >= 0 && (fixed < parts.length - 1 || parts[fixed] === '**') };
}

/** Of sorted names, those that the pattern takes. Names and folders that begin with "." or "__" only where the pattern names them. */
export function matching(names: readonly string[], pattern: string): string[] {
  const parts = pattern.split('/').map(part => (part === '**' ? ANY_FOLDERS : tokensOf(part)));
  return names.filter(name => takesPath(parts, name.split('/')) && (!IGNORED.has(lastPart(name)) || lastPart(pattern) === lastPart(name))
    && count(name, isHidden) === count(pattern, isHidden) && count(folderOf(name), isSpecial) === count(folderOf(pattern), isSpecial));
}

/** A test of one letter, or any letters. */
type Token = ((letter: string) => boolean) | typeof ANY;
const ANY = '*', ANY_FOLDERS = '**';

/** Not by a regular expression: whoever writes a card could make one that never ends. Source of the meaning: fsspec 2026 utils.py, glob_translate. */
function takesPath(pattern: readonly (Token[] | typeof ANY_FOLDERS)[], names: readonly string[]): boolean {
  /** Whether the parts of the pattern so far take the first so many names. */
  let taken = [true, ...names.map(() => false)];
  for (const [i, part] of pattern.entries()) {
    if (part === ANY_FOLDERS && i === pattern.length - 1) return taken.slice(0, -1).some(Boolean);
    let isAbove = false;
    taken = taken.map((isTaken, count) => {
      isAbove ||= isTaken;
      return part === ANY_FOLDERS ? isAbove : count > 0 && taken[count - 1]! && takesName(part, names[count - 1]!);
    });
  }
  return taken.at(-1)!;
}

/** Back to the last "*" where a letter does not fit: what an earlier one took never has to change. */
function takesName(tokens: readonly Token[], name: string): boolean {
  const letters = [...name];
  let at = 0, token = 0, star = -1, starAt = 0;
  while (at < letters.length) {
    const next = tokens[token];
    if (next === ANY) {
      star = token++;
      starAt = at;
    } else if (next?.(letters[at]!)) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  return tokens.slice(token).every(rest => rest === ANY);
}

function tokensOf(part: string): Token[] {
  return (part.match(/\*+|\[!?\]?[^\]]*\]|./gsu) ?? []).map((text): Token => {
    if (text.startsWith('*')) return ANY;
    if (text === '?') return () => true;
    return text.length > 1 && text.startsWith('[') ? letterSet(text) : letter => letter === text;
  });
}

/** Of "[a-z_]" or "[!a-z_]"; an empty one takes nothing. */
function letterSet(text: string): (letter: string) => boolean {
  const isNegated = text[1] === '!', ranges = text.slice(isNegated ? 2 : 1, -1).match(/.-.|./gsu) ?? [];
  if (ranges.length === 0) return () => false;
  return letter => ranges.some(range => { const [first, , last] = [...range]; return letter >= first! && letter <= (last ?? first!); }) !== isNegated;
}

const isHidden = (part: string): boolean => part.startsWith('.') && /[^.]/.test(part);
const isSpecial = (part: string): boolean => part.startsWith('__');

function count(path: string, has: (part: string) => boolean): number {
  return path.split('/').filter(has).length;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
