/** The host's end of a trainer's socket: as long as it stands, the trainer lives. The system tells at once when it does not. */
import fs from 'node:fs';
import net from 'node:net';
import { z } from 'zod';
import type { JobFolder } from './jobFolder';

/** What trainer.socket says. */
const socketFile = z.object({ address: z.string(), pid: z.number().int().positive() });

export interface TrainerLink {
  readonly pid: number;
  readonly isOpen: boolean;
  close(): void;
}

/** `absent`: no trainer has said where it listens. `refused`: one has, and is gone. */
export type LinkAnswer = TrainerLink | 'absent' | 'refused';

/** `onEnd` is called once, when the trainer is gone. */
export async function connectTrainer(folder: JobFolder, onEnd: () => void): Promise<LinkAnswer> {
  let named: z.infer<typeof socketFile>;
  try {
    named = socketFile.parse(JSON.parse(fs.readFileSync(folder.socket, 'utf8')));
  } catch {
    return 'absent';
  }
  const { address, pid } = named;
  return new Promise(resolve => {
    const connection = net.connect(address);
    connection.unref();
    // Its greeting is not needed: the address is used by one process ever.
    connection.on('data', () => {});
    connection.once('error', () => resolve('refused'));
    connection.once('connect', () => {
      connection.on('error', () => connection.destroy());
      connection.once('close', onEnd);
      resolve({
        pid,
        get isOpen() { return !connection.destroyed; },
        close: () => {
          connection.off('close', onEnd);
          connection.destroy();
        },
      });
    });
  });
}
