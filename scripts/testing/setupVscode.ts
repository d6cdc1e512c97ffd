/** `npm run setup:vscode`: installs the VS Code that the suites run in (300 MB, once). */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CODE_SERVER_VERSION, INSTALLED_MARK, isVscodeInstalled, SERVER_ROOT, VSCODE_FOLDER } from './vscodeServer';

if (isVscodeInstalled()) {
  console.log(`VS Code (code-server ${CODE_SERVER_VERSION}) is installed in ${VSCODE_FOLDER}.`);
} else {
  mkdirSync(VSCODE_FOLDER, { recursive: true });
  writeFileSync(path.join(VSCODE_FOLDER, 'package.json'), '{ "private": true }\n');
  npm(VSCODE_FOLDER, ['install', '--ignore-scripts', `code-server@${CODE_SERVER_VERSION}`]);
  // `npm ci` fails there: its lock file is for another layout.
  npm(SERVER_ROOT, ['install', '--omit=dev', '--ignore-scripts']);
  readyMadeParts();
  writeFileSync(INSTALLED_MARK, `${CODE_SERVER_VERSION}\n`);
}

/** Two native parts come by install scripts (compiler, download); the same lie ready-made in packages without one. */
function readyMadeParts(): void {
  const platform = `${process.platform}-${process.arch}`;
  npm(VSCODE_FOLDER, ['install', '--ignore-scripts', '@lydell/node-pty@1.1.0', '@vscode/ripgrep@1.18.0']);
  copyPart(`@lydell/node-pty-${platform}/pty.node`, 'node-pty/build/Release/pty.node', 'the terminal');
  copyPart(`@vscode/ripgrep-${platform}/bin/rg`, '@vscode/ripgrep/bin/rg', 'finding files');
}

function copyPart(from: string, to: string, what: string): void {
  const source = path.join(VSCODE_FOLDER, 'node_modules', from);
  const target = path.join(SERVER_ROOT, 'node_modules', to);
  if (!existsSync(source)) return console.warn(`No ready-made ${from} for ${what}: tests of that will fail here.`);
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(source, target);
}

function npm(cwd: string, args: readonly string[]): void {
  const script = process.env.npm_execpath;
  const [program, ...first] = script ? [process.execPath, script] : ['npm'];
  // npm passes its settings on as variables; those of this repository are not meant for that folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?:config_(?:local_prefix|prefix)|package_)/.test(name)));
  const { status, error } = spawnSync(program, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
