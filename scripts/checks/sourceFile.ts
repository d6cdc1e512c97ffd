/** A file as the checks see it, and the walk over its syntax that several of them share. */
import ts from 'typescript';

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  file: string;
  text: string;
}

export interface Place {
  file: string;
  line: number;
}

export function isTypeScript({ file }: SourceFile): boolean {
  return /\.tsx?$/.test(file);
}

/** Calls `visit` for every node of the file. */
export function walk(source: SourceFile, visit: (node: ts.Node, place: Place) => void): void {
  const tree = ts.createSourceFile(source.file, source.text, ts.ScriptTarget.Latest, true);
  const each = (node: ts.Node): void => {
    visit(node, { file: source.file, line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1 });
    ts.forEachChild(node, each);
  };
  each(tree);
}

/** Every match of `pattern` (with its line) in the file. */
export function matches({ file, text }: SourceFile, pattern: RegExp): { match: RegExpExecArray; place: Place }[] {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(new RegExp(pattern, withFlag(pattern.flags, 'g')))].map(match => ({ match, place: { file, line: index + 1 } })),
  );
}

function withFlag(flags: string, flag: string): string {
  return flags.includes(flag) ? flags : flags + flag;
}
