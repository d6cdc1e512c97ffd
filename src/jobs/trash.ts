/** Puts a folder into the system's trash, where it has one on the same disk; else removes it. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** `home`: whose trash; tests pass their own. */
export function moveToTrash(folder: string, { platform = process.platform, home = os.homedir() }: { platform?: NodeJS.Platform; home?: string } = {}): 'trash' | 'removed' {
  if (platform === 'linux' && toFreedesktopTrash(folder, path.join(process.env.XDG_DATA_HOME ?? path.join(home, '.local/share'), 'Trash'))) return 'trash';
  if (platform === 'darwin' && tryRename(folder, path.join(home, '.Trash', uniqueName(folder)))) return 'trash';
  // The name goes first, so that a removal that is interrupted leaves no half of a job.
  const going = path.join(path.dirname(folder), `.deleted-${path.basename(folder)}`);
  fs.renameSync(folder, going);
  fs.rmSync(going, { recursive: true, force: true });
  return 'removed';
}

/** https://specifications.freedesktop.org/trash-spec/: the information first, then the move. */
function toFreedesktopTrash(folder: string, trash: string): boolean {
  const name = uniqueName(folder);
  const info = path.join(trash, 'info', `${name}.trashinfo`);
  if (!['info', 'files'].every(part => fs.existsSync(path.join(trash, part)))) return false;
  try {
    const encoded = path.resolve(folder).split('/').map(encodeURIComponent).join('/');
    fs.writeFileSync(info, `[Trash Info]\nPath=${encoded}\nDeletionDate=${new Date().toISOString().slice(0, 19)}\n`, { flag: 'wx' });
  } catch {
    return false;
  }
  if (tryRename(folder, path.join(trash, 'files', name))) return true;
  fs.rmSync(info, { force: true });
  return false;
}

/** Fails across disks. */
function tryRename(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function uniqueName(folder: string): string {
  return `${path.basename(folder)}-${randomBytes(3).toString('hex')}`;
}
