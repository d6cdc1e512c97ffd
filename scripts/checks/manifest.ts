/** What package.json declares is what the code uses: commands, settings, and the strings that are shown. */
import ts from 'typescript';
import type { Problem } from '../../src/shared/problem';
import { isTypeScript, walk, type Place, type SourceFile } from './sourceFile';

export interface ManifestInput {
  /** package.json, parsed. */
  manifest: Manifest;
  /** package.nls.json, parsed: the manifest's strings. */
  nls: Record<string, string>;
  /** l10n/bundle.l10n.json, parsed: the strings of the code. */
  bundle: Record<string, string>;
  sources: readonly SourceFile[];
}

export interface Manifest {
  contributes?: {
    commands?: { command: string }[];
    menus?: Record<string, { command?: string }[]>;
    configuration?: { properties?: Record<string, unknown> };
  };
}

export function checkManifest(input: ManifestInput): Problem[] {
  const used = usedInCode(input.sources);
  return [...checkCommands(input.manifest, used), ...checkSettings(input.manifest, used), ...checkStrings(input, used)];
}

/** Id or text → where it stands first. */
type Uses = Map<string, Place>;

interface CodeUses {
  commands: Uses;
  settings: Uses;
  strings: Uses;
  problems: Problem[];
}

function usedInCode(sources: readonly SourceFile[]): CodeUses {
  const uses: CodeUses = { commands: new Map(), settings: new Map(), strings: new Map(), problems: [] };
  for (const source of sources.filter(isTypeScript)) {
    const isCommandFile = source.file.startsWith('src/vscode/commands/');
    walk(source, (node, place) => {
      if (isCommandFile) noteCommand(node, place, uses);
      if (ts.isCallExpression(node)) {
        noteSetting(node, place, uses);
        noteString(node, place, uses);
      }
    });
  }
  return uses;
}

/** `id: 'merlina.train'` of the object that a command file exports. */
function noteCommand(node: ts.Node, place: Place, { commands }: CodeUses): void {
  if (!ts.isPropertyAssignment(node) || node.name.getText() !== 'id' || !ts.isStringLiteral(node.initializer)) return;
  if (node.initializer.text.startsWith('merlina.')) remember(commands, node.initializer.text, place);
}

/** `getConfiguration('merlina').get<string>('nodePath')`; any other use of the section could not be compared. */
function noteSetting(call: ts.CallExpression, place: Place, { settings, problems }: CodeUses): void {
  if (calledName(call) !== 'getConfiguration') return;
  const section = call.arguments[0];
  if (section && ts.isStringLiteral(section) && section.text !== 'merlina') return;
  const access = call.parent;
  const get = ts.isPropertyAccessExpression(access) && access.name.text === 'get' ? access.parent : undefined;
  const key = get && ts.isCallExpression(get) ? get.arguments[0] : undefined;
  if (key && ts.isStringLiteral(key)) remember(settings, `merlina.${key.text}`, place);
  else problems.push(problem('settings', "A setting is read other than by getConfiguration('merlina').get('key').", place));
}

/** `l10n.t('…')`: the text is the key, so it must be a literal. */
function noteString(call: ts.CallExpression, place: Place, { strings, problems }: CodeUses): void {
  const called = call.expression;
  if (!ts.isPropertyAccessExpression(called) || called.name.text !== 't' || !/\bl10n$/.test(called.expression.getText())) return;
  const text = call.arguments[0];
  if (text && ts.isStringLiteralLike(text)) remember(strings, text.text, place);
  else problems.push(problem('strings', 'l10n.t takes a literal: its text is the key of the translation.', place));
}

function checkCommands({ contributes }: Manifest, { commands }: CodeUses): Problem[] {
  const declared = new Set((contributes?.commands ?? []).map(({ command }) => command));
  const inMenus = Object.values(contributes?.menus ?? {}).flatMap(items => items.flatMap(({ command }) => command ?? []));
  return [
    ...compare('commands', 'command', declared, commands, 'package.json', 'src/vscode/commands/'),
    ...[...new Set(inMenus)]
      .filter(command => command.startsWith('merlina.') && !declared.has(command))
      .map(command => problem('commands', `A menu names command "${command}", which is not declared.`, { file: 'package.json' })),
  ];
}

function checkSettings({ contributes }: Manifest, { settings, problems }: CodeUses): Problem[] {
  const declared = new Set(Object.keys(contributes?.configuration?.properties ?? {}));
  return [...problems, ...compare('settings', 'setting', declared, settings, 'package.json', 'the code')];
}

function checkStrings({ manifest, nls, bundle }: ManifestInput, { strings }: CodeUses): Problem[] {
  const keys = [...JSON.stringify(manifest).matchAll(/"%([\w.-]+)%"/g)].map(match => match[1]);
  const inManifest: Uses = new Map(keys.map(key => [key, { file: 'package.json', line: 1 }]));
  return [
    ...compare('strings', 'string', new Set(Object.keys(nls)), inManifest, 'package.nls.json', 'package.json'),
    ...compare('strings', 'string', new Set(Object.keys(bundle)), strings, 'l10n/bundle.l10n.json', 'the code'),
  ];
}

/** Both ways: declared but unused, used but undeclared. */
function compare(rule: string, what: string, declared: ReadonlySet<string>, used: Uses, declaredIn: string, usedIn: string): Problem[] {
  return [
    ...[...declared].filter(id => !used.has(id)).map(id => problem(rule, `${what} "${id}" is declared but not used in ${usedIn}.`, { file: declaredIn })),
    ...[...used].filter(([id]) => !declared.has(id)).map(([id, place]) => problem(rule, `${what} "${id}" is not declared in ${declaredIn}.`, place)),
  ];
}

function problem(rule: string, text: string, where: { file: string; line?: number }): Problem {
  return { id: `check/${rule}`, severity: 'error', text, where };
}

function remember(uses: Uses, id: string, place: Place): void {
  if (!uses.has(id)) uses.set(id, place);
}

function calledName({ expression }: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}
