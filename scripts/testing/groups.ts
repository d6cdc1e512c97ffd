/** The groups of `npm test`, in order: from fast and needing nothing to slow and needing a browser. */
import path from 'node:path';
import { findChromium } from './chromium';
import { ROOT } from '../ensureInstalled.mjs';
import { isVscodeInstalled } from './vscodeServer';

export interface Group {
  name: string;
  /** Arguments of Node. */
  command: string[];
  /** Where the command writes each test's result; without it the whole command is one test. */
  results?: string;
  /** What this machine lacks, with the line that installs it. */
  missing: string[];
}

const CHROMIUM = 'chromium (apt-get install -y chromium, or set CHROMIUM)';

/** Native addresses of tests that mocha runs outside VS Code and the browser are those of .mocharc.json. */
export function allGroups(): Group[] {
  const inVscode = [
    ...(findChromium() ? [] : [CHROMIUM]),
    ...(isVscodeInstalled() ? [] : ['VS Code (npm run setup:vscode)']),
  ];
  const module = (name: string): string => path.join(ROOT, 'node_modules', name);
  return [
    { name: 'types', command: [module('typescript/bin/tsc'), '--noEmit'], missing: [] },
    { name: 'types of the views', command: [module('typescript/bin/tsc'), '--noEmit', '-p', 'webview'], missing: [] },
    { name: 'check', command: ['--import', 'tsx', 'scripts/check.ts'], missing: [] },
    { name: 'build', command: ['esbuild.mjs'], missing: [] },
    mocha('unit, reference and engine', []),
    mocha('views in a browser', ['--config', 'test/views/.mocharc.json'], findChromium() ? [] : [CHROMIUM]),
    { name: 'inside VS Code', command: ['--import', 'tsx', 'test/suite/inCodeServer.ts', resultsFile('suite')], results: resultsFile('suite'), missing: inVscode },
    mocha('in the workbench', ['--config', 'test/browser/.mocharc.json'], inVscode),
  ];
}

function mocha(name: string, args: string[], missing: string[] = []): Group {
  const results = resultsFile(name);
  const command = [
    path.join(ROOT, 'node_modules/mocha/bin/mocha.js'), ...args,
    '--reporter', path.join(ROOT, 'scripts/testing/reporter.cjs'), '--reporter-option', `results=${results}`,
  ];
  return { name, command, results, missing };
}

function resultsFile(name: string): string {
  return path.join(ROOT, 'out', `results-${name.replaceAll(/\W+/g, '-')}.json`);
}
