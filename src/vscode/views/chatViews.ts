/** Tells VS Code who shows chats after a reload. The code that does is loaded then. */
import { window, type Disposable } from 'vscode';
import type { Host } from '../host';

export const CHAT_PANEL = 'merlina.chat';

export function registerChatViews(host: Host): Disposable[] {
  return [
    window.registerWebviewPanelSerializer(CHAT_PANEL, {
      deserializeWebviewPanel: async (panel, kept) => (await import('./chatView')).restoreChat(host, panel, kept),
    }),
  ];
}
