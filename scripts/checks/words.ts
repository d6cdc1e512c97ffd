/** The project's words (ARCHITECTURE.md, "Words"): the same thing has the same name everywhere. */
import type { Problem } from '../../src/shared/problem';
import { matches, type SourceFile } from './sourceFile';

interface Word {
  /** What is not written … */
  wrong: RegExp;
  /** … and what is, or why not. */
  right: string;
  /** Prose: what people read (Markdown and the strings files). Everywhere: code and its comments too. */
  in: 'prose' | 'everywhere';
}

export const WORDS: readonly Word[] = [
  { wrong: /\b[Mm]icro batch|\b[Mm]icrobatch/, right: 'micro-batch', in: 'everywhere' },
  { wrong: /\bckpt|\bcheck-?pt\b|\bcheck-point/i, right: 'checkpoint', in: 'everywhere' },
  { wrong: /\bfine ?tun(?:e|ing)/i, right: 'fine-tune', in: 'everywhere' },
  { wrong: /\b(?:training|train) config(?:uration)?\b/i, right: 'recipe', in: 'prose' },
  { wrong: /\brecipe config/i, right: 'recipe', in: 'everywhere' },
  { wrong: /\btraining (?:worker|subprocess|child)\b|\btrainer worker\b/i, right: 'trainer', in: 'everywhere' },
  { wrong: /\bLora\b|\bLORA\b/, right: 'LoRA', in: 'prose' },
  { wrong: /\bhyper[- ]parameter/i, right: 'hyperparameter', in: 'everywhere' },
  { wrong: /\bvs ?code\b/, right: 'VS Code', in: 'prose' },
  { wrong: /\bTypescript\b|\bJavascript\b|\bGithub\b|\bHuggingface\b/, right: 'the name as its owners write it', in: 'prose' },
  { wrong: /\b(?:TODO|FIXME|HACK|XXX)\b|@ts-(?:ignore|nocheck)|eslint-disable/, right: 'the finished thing', in: 'everywhere' },
];

/** The file that names the wrong words, and the one that tests that they are found. */
const EXEMPT = /^scripts\/checks\/words\.ts$|^test\/scripts\//;

export function checkWords(sources: readonly SourceFile[]): Problem[] {
  return sources.filter(({ file }) => isWritten(file)).flatMap(checkFile);
}

function checkFile(source: SourceFile): Problem[] {
  return WORDS.filter(word => word.in === 'everywhere' || isProse(source.file)).flatMap(({ wrong, right }) =>
    matches(withoutCode(source), wrong).map(({ match, place }): Problem => ({
      id: 'check/words',
      severity: 'error',
      text: `"${match[0]}".`,
      where: place,
      fix: { text: `Write ${right}.` },
    })),
  );
}

function isWritten(file: string): boolean {
  return /\.(?:tsx?|mjs|cjs|md|nls\.json|l10n\.json|sh)$/.test(file) && !file.startsWith('test/fixtures/') && !EXEMPT.test(file);
}

function isProse(file: string): boolean {
  return /\.(?:md|nls\.json|l10n\.json)$/.test(file);
}

/** Prose quotes code between backticks: keys, packages and paths are spelled as they are. */
function withoutCode(source: SourceFile): SourceFile {
  if (!source.file.endsWith('.md')) return source;
  let isFenced = false;
  const lines = source.text.split('\n').map(line => {
    if (line.startsWith('```')) isFenced = !isFenced;
    return isFenced ? '' : line.replace(/`[^`]*`/g, '').replace(/\]\([^)]*\)/g, ']');
  });
  return { ...source, text: lines.join('\n') };
}
