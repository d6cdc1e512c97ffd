/** What the suites share: files of the test's workspace, and waiting for what VS Code does in its own time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Uri, workspace } from 'vscode';

const WAIT_LIMIT_MS = 20_000;
const LOOK_AGAIN_MS = 50;

export function workspaceFile(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('The suite needs a workspace folder.');
  return Uri.joinPath(folder.uri, name);
}

/** The first defined answer of `look`.  Throws with `what` after the limit. */
export async function waitFor<T>(look: () => T | undefined, what: string): Promise<T> {
  const start = performance.now();
  while (performance.now() - start < WAIT_LIMIT_MS) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new Error(`Waited ${WAIT_LIMIT_MS / 1000} s for ${what}.`);
}
