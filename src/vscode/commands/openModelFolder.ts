/** Merlina: Open Model Folder. Where a model of the sidebar lies, in the system's file manager. */
import { isModelItem } from '../models/modelItems';
import { pickModelItem } from '../models/pickModelItem';
import { revealFolder } from '../revealFolder';
import type { Command } from './command';

export const openModelFolder: Command = {
  id: 'merlina.openModelFolder',
  async run(host, subject) {
    const item = isModelItem(subject) ? subject : await pickModelItem(host);
    if (item) await revealFolder(item.path);
  },
};
