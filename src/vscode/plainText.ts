/** Text from outside for VS Code's own parts, which read more into it than a view does. No 'vscode' here. */
import { visibleText } from '../shared/visibleText';

/** A hair space: seen by the parser, hardly by the reader. */
const GAP = '\u200a';

/** For notifications, where `[text](command:…)` would be a link to press. Lines stay. */
export function noticeText(text: string): string {
  return visibleText(text, '\n').replaceAll('](', `]${GAP}(`);
}

/** For the status bar and quick picks, where `$(name)` would be a picture. */
export function labelText(text: string): string {
  return visibleText(text).replaceAll('$(', `$${GAP}(`);
}
