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
  return { folder: folders.join('/'), isRecursive: fixed >= 0 && (fixed < parts.length - 1 || parts[fixed]!.includes('**')) };
}

/** Of sorted names, those that the pattern takes. Names and folders that begin with "." or "__" only where the pattern names them. */
export function matching(names: readonly string[], pattern: string): string[] {
  const expression = new RegExp(`^${pattern.split('/').map(translatePart).join('')}$`, 's');
  return names.filter(name => expression.test(name) && (!IGNORED.has(lastPart(name)) || lastPart(pattern) === lastPart(name))
    && count(name, isHidden) === count(pattern, isHidden) && count(folderOf(name), isSpecial) === count(folderOf(pattern), isSpecial));
}

/** Source: fsspec 2026 utils.py, glob_translate; "**" beside other letters, which it refuses, takes folders too, as it did before. */
function translatePart(part: string, index: number, parts: readonly string[]): string {
  const isLast = index === parts.length - 1;
  if (part === '**') return isLast ? '.*' : '(?:.+/)?';
  const name = part === '*' ? '[^/]+' : part.replace(/\*\*|[*?]|\[!?\]?[^\]]*\]|./gs, translateToken);
  return isLast ? name : `${name}/`;
}

function translateToken(token: string): string {
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (token.length > 1) return `[${token.slice(1, -1).replace(/\\/g, '\\\\').replace(/^[!^]/, sign => sign === '!' ? '^' : '\\^').replace(/[[\]]/g, '\\$&')}]`;
  return token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
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
