/** Declared = used, both ways: commands, settings, strings. */
import { strict as assert } from 'node:assert';
import { checkManifest, type ManifestInput } from '../../scripts/checks/manifest';
import { renderProblem } from '../../src/shared/problem';

const COMMAND = { file: 'src/vscode/commands/cast.ts', text: "export const cast = { id: 'merlina.cast', run };" };
const SETTING = { file: 'src/vscode/theme.ts', text: "workspace.getConfiguration('merlina').get<string>('theme');" };
const STRING = { file: 'src/vscode/say.ts', text: "vscode.l10n.t('Ready');" };

const SOUND: ManifestInput = {
  manifest: {
    contributes: {
      commands: [{ command: 'merlina.cast' }],
      menus: { 'editor/title': [{ command: 'merlina.cast' }] },
      configuration: { properties: { 'merlina.theme': { description: '%theme%' } } },
    },
  },
  nls: { theme: 'How it looks' },
  bundle: { Ready: 'Ready' },
  sources: [COMMAND, SETTING, STRING],
};

const BROKEN: Record<string, { change: Partial<ManifestInput>; text: string }> = {
  'a command that no file has': {
    change: { sources: [SETTING, STRING] },
    text: 'package.json: command "merlina.cast" is declared but not used in src/vscode/commands/.',
  },
  'a command that package.json lacks': {
    change: { sources: [COMMAND, SETTING, STRING, { file: 'src/vscode/commands/stop.ts', text: "\nexport const stop = { id: 'merlina.stop', run };" }] },
    text: 'src/vscode/commands/stop.ts, line 2: command "merlina.stop" is not declared in package.json.',
  },
  'a menu with a command that is not declared': {
    change: { manifest: { contributes: { ...SOUND.manifest.contributes, menus: { 'editor/title': [{ command: 'merlina.gone' }] } } } },
    text: 'package.json: A menu names command "merlina.gone", which is not declared.',
  },
  'a setting that nobody reads': {
    change: { sources: [COMMAND, STRING] },
    text: 'package.json: setting "merlina.theme" is declared but not used in the code.',
  },
  'a setting that package.json lacks': {
    change: { sources: [COMMAND, SETTING, STRING, { file: 'src/vscode/x.ts', text: "workspace.getConfiguration('merlina').get('size');" }] },
    text: 'src/vscode/x.ts, line 1: setting "merlina.size" is not declared in package.json.',
  },
  'a setting read in a way that cannot be compared': {
    change: { sources: [COMMAND, SETTING, STRING, { file: 'src/vscode/x.ts', text: "const all = workspace.getConfiguration('merlina');" }] },
    text: "src/vscode/x.ts, line 1: A setting is read other than by getConfiguration('merlina').get('key').",
  },
  'a string of the manifest that is missing': {
    change: { nls: {} },
    text: 'package.json, line 1: string "theme" is not declared in package.nls.json.',
  },
  'a string of the manifest that nobody shows': {
    change: { nls: { theme: 'How it looks', old: 'Old' } },
    text: 'package.nls.json: string "old" is declared but not used in package.json.',
  },
  'a string of the code that the bundle lacks': {
    change: { bundle: {} },
    text: 'src/vscode/say.ts, line 1: string "Ready" is not declared in l10n/bundle.l10n.json.',
  },
  'a string of the bundle that the code lost': {
    change: { bundle: { Ready: 'Ready', Done: 'Done' } },
    text: 'l10n/bundle.l10n.json: string "Done" is declared but not used in the code.',
  },
  'a string that is computed': {
    change: { sources: [COMMAND, SETTING, STRING, { file: 'src/vscode/x.ts', text: 'l10n.t(text);' }] },
    text: 'src/vscode/x.ts, line 1: l10n.t takes a literal: its text is the key of the translation.',
  },
};

describe('the manifest check', () => {
  it('accepts what is declared and used', () => {
    assert.deepEqual(checkManifest(SOUND), []);
  });
  for (const [name, { change, text }] of Object.entries(BROKEN)) {
    it(`finds ${name}`, () => {
      assert.deepEqual(checkManifest({ ...SOUND, ...change }).map(renderProblem), [text]);
    });
  }
});
