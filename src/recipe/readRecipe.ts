/** Reads a recipe from text: a recipe file, a configuration that Merlina saved, or a share code. */
import { getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
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
  return isMerlinaConfig(json) ? importMerlinaConfig(json, where) : parseRecipe(json, where);
}

/** A share code as a recipe, or the reasons why it is none. */
export function readShareCode(text: string, file?: string): ParsedRecipe {
  const where = file === undefined ? {} : { file };
  const decoded = decodeShareCode(text);
  if (!decoded.ok) return { problems: [{ ...decoded.problem, ...(file === undefined ? {} : { where }) }] };
  return importMerlinaConfig(decoded.envelope, where);
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
