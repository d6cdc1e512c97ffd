/** Files that come in pieces from a view. */
import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigurationTarget, Uri, workspace } from 'vscode';
import { ProblemError } from '../../src/shared/problem';
import type { Host } from '../../src/vscode/host';
import { uploadedFile, Uploads, uploadsFolder } from '../../src/vscode/uploads';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('uploads from a view', () => {
  let folder: string;
  let host: Host;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'merlina-uploads-'));
    host = { context: { globalStorageUri: Uri.file(folder) } } as Host;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are kept whole under the id that the last piece gives', async () => {
    const uploads = new Uploads(host);
    const part = { key: 'a', name: 'rows.jsonl' };
    assert.equal(await uploads.receive({ ...part, bytes: base64('{"prompt":'), isLast: false }), null);
    const id = await uploads.receive({ ...part, bytes: base64('"a"}\n'), isLast: true });
    assert.equal(await readFile(await uploadedFile(host, id!), 'utf8'), '{"prompt":"a"}\n');
  });

  it('are refused beyond the limit of the settings, and leave nothing', async () => {
    await workspace.getConfiguration('merlina').update('uploadLimitMB', 1, ConfigurationTarget.Global);
    const uploads = new Uploads(host);
    const bytes = base64('x'.repeat(700_000));
    const send = async (): Promise<void> => {
      for (let i = 0; i < 4; i++) await uploads.receive({ key: 'b', name: 'large.jsonl', bytes, isLast: i === 3 });
    };
    await assert.rejects(send(), (error: unknown) => error instanceof ProblemError && error.problems[0].id === 'dataset/upload-too-large');
    await workspace.getConfiguration('merlina').update('uploadLimitMB', undefined, ConfigurationTarget.Global);
    assert.deepEqual(await readdir(uploadsFolder(host)), []);
  });

  it('leave nothing where the view goes before they are whole', async () => {
    const uploads = new Uploads(host);
    await uploads.receive({ key: 'c', name: 'half.jsonl', bytes: base64('half'), isLast: false });
    uploads.dispose();
    for (let waited = 0; waited < 2000 && (await readdir(uploadsFolder(host))).length > 0; waited += 50) await new Promise(resolve => setTimeout(resolve, 50));
    assert.deepEqual(await readdir(uploadsFolder(host)), []);
  });
});
