/** Reads a recipe from text: a recipe file, a configuration that Merlina saved, or a share code. */
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Problem } from '../shared/problem';
import { importMerlinaConfig, isMerlinaConfig } from './importMerlinaConfig';
import { type ParsedRecipe, parseRecipe } from './parseRecipe';
import { decodeShareCode } from './shareCode';
import { placeAt } from './sourceText';

const byteOrderMark = '\ufeff';

/** Comments and trailing commas are allowed, as in VS Code's own settings. `file` is how Problems name the text. */
export function readRecipe(text: string, file?: string): ParsedRecipe {
  const plain = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  if (/^\s*merlina-config-v\d+:/.test(plain)) return readShareCode(plain, file);

  const errors: ParseError[] = [];
  const root = parseTree(plain, errors, { allowTrailingComma: true });
  if (errors[0] || !root) return { problems: [syntaxProblem(plain, errors[0], file)] };
  const json: unknown = getNodeValue(root);
  const where = { ...(file === undefined ? {} : { file }), text: plain };
  const parsed = isMerlinaConfig(json) ? importMerlinaConfig(json, where) : parseRecipe(json, where);
  return { ...parsed, problems: [...keysWrittenTwice(root, plain, file), ...parsed.problems] };
}

/** A share code as a recipe, or the reasons why it is none. */
export function readShareCode(text: string, file?: string): ParsedRecipe {
  const where = file === undefined ? {} : { file };
  const decoded = decodeShareCode(text);
  if (!decoded.ok) return { problems: [{ ...decoded.problem, ...(file === undefined ? {} : { where }) }] };
  return importMerlinaConfig(decoded.envelope, where);
}

/** JSON lets a key stand twice and the last one wins, which is never what was meant. */
function keysWrittenTwice(node: Node, text: string, file: string | undefined, path = ''): Problem[] {
  const seen = new Set<string>();
  return (node.children ?? []).flatMap((child, place): Problem[] => {
    const [key, value] = child.type === 'property' ? child.children ?? [] : [undefined, child];
    const name: unknown = key?.value ?? place;
    const field = `${path}${String(name)}`;
    const isTwice = key !== undefined && seen.has(String(name));
    seen.add(String(name));
    const inner = value ? keysWrittenTwice(value, text, file, `${field}.`) : [];
    return !isTwice ? inner : [{
      id: 'recipe/key-twice', severity: 'warning', text: 'The key is written twice; the last value counts.',
      where: { ...(file === undefined ? {} : { file }), ...placeAt(text, key.offset), field }, fix: { text: 'Remove one of them.' },
    }, ...inner];
  });
}

/** The first error only: those after it mostly follow from it. */
function syntaxProblem(text: string, error: ParseError | undefined, file: string | undefined): Problem {
  const isEmpty = text.trim() === '';
  const words = error ? printParseErrorCode(error.error).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase() : 'value expected';
  return {
    id: 'recipe/not-json', severity: 'error',
    text: isEmpty ? 'The file is empty.' : `Not valid JSON: ${words}.`,
    where: { ...(file === undefined ? {} : { file }), ...(error && !isEmpty ? placeAt(text, error.offset) : {}) },
    fix: { text: isEmpty ? 'Write a recipe: { "output_name": "my-adapter" } and what else it needs.' : 'Correct the text there.' },
  };
}
