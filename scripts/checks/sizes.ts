/** How large each room is: shown, not judged. A file far beyond the usual length is named, to ask which second idea moved in. */
import type { SourceFile } from './sourceFile';

/** Style: "at about 300 lines ask which second idea moved in". */
const LONG_FILE_LINES = 300;

export interface RoomSize {
  room: string;
  files: number;
  lines: number;
  longFiles: { file: string; lines: number }[];
}

/** Rooms of src/, in order of name; files that lie directly in src/ are the room "src". */
export function roomSizes(sources: readonly SourceFile[]): RoomSize[] {
  const rooms = new Map<string, RoomSize>();
  for (const { file, text } of sources) {
    const path = /^(src|webview)\/(?:([^/]+)\/)?[^/].*\.tsx?$/.exec(file);
    if (!path) continue;
    const room = path[2] ? `${path[1]}/${path[2]}` : path[1];
    const size = rooms.get(room) ?? { room, files: 0, lines: 0, longFiles: [] };
    const lines = text.split('\n').length - 1;
    size.files++;
    size.lines += lines;
    if (lines > LONG_FILE_LINES) size.longFiles.push({ file, lines });
    rooms.set(room, size);
  }
  return [...rooms.values()].sort((a, b) => a.room.localeCompare(b.room));
}

export function renderSizes(sizes: readonly RoomSize[]): string {
  const rows = sizes.map(({ room, files, lines, longFiles }) => {
    const long = longFiles.map(({ file, lines: count }) => `${file.slice(room.length + 1)} ${count}`).join(', ');
    return `  ${room.padEnd(16)} ${String(files).padStart(4)} files ${String(lines).padStart(6)} lines${long && `   long: ${long}`}`;
  });
  return rows.join('\n');
}
