/** Files that come in pieces from a view, because they lie where only the window is (a desktop, with the extension on another machine): kept as uploads. */
import { once } from 'node:events';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { workspace } from 'vscode';
import { problemError } from '../shared/problem';
import type { Host } from './host';
import { dataDirectory } from './recipeFiles';

export interface UploadPart {
  /** One for each file, made by the view. */
  key: string;
  name: string;
  /** Base64. */
  bytes: string;
  isLast: boolean;
}

interface Incoming {
  content: PassThrough;
  stored: Promise<{ dataset_id: string }>;
}

export function uploadsFolder(host: Host): string {
  return path.join(dataDirectory(host), 'uploads');
}

/** Where an upload lies. Problems: dataset/no-such-upload. */
export async function uploadedFile(host: Host, id: string): Promise<string> {
  const { UploadStore } = await import('../datasets');
  return (await new UploadStore(uploadsFolder(host)).read(id)).file;
}

/** What a view is sending. */
export class Uploads {
  private readonly incoming = new Map<string, Incoming>();

  constructor(private readonly host: Host) {}

  /** The id of the upload with its last part, null before. Problems: dataset/upload-too-large, of which nothing is kept. */
  async receive({ key, name, bytes, isLast }: UploadPart): Promise<string | null> {
    const upload = this.incoming.get(key) ?? await this.begin(key, name);
    const fits = upload.content.write(Buffer.from(bytes, 'base64'));
    if (isLast) upload.content.end();
    try {
      // What cannot be kept ends before its last part.
      if (isLast || upload.content.destroyed) return (await upload.stored).dataset_id;
      if (!fits) await Promise.race([once(upload.content, 'drain'), upload.stored]);
      return null;
    } finally {
      if (isLast || upload.content.destroyed) this.incoming.delete(key);
    }
  }

  /** What is not whole is not kept. */
  dispose(): void {
    for (const { content } of this.incoming.values()) content.destroy(problemError('dataset/upload-ended', 'The view was closed before the file was whole.'));
    this.incoming.clear();
  }

  private async begin(key: string, name: string): Promise<Incoming> {
    const { UploadStore } = await import('../datasets');
    const limitMegabytes = workspace.getConfiguration('merlina').get<number>('uploadLimitMB') ?? 500;
    const content = new PassThrough();
    // The store hears of it where it reads; before it does, nobody would.
    content.on('error', () => {});
    const stored = new UploadStore(uploadsFolder(this.host)).store(name, content, limitMegabytes * 2 ** 20);
    // Heard with the next part, or never where the view has gone.
    stored.catch(() => content.destroy());
    const upload = { content, stored };
    this.incoming.set(key, upload);
    return upload;
  }
}
