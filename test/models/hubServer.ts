/** A small hub: revision, tree and resolve as huggingface.co answers them, with faults to order. Large files redirect to a second host, as its CDN does. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const commit = '0123456789abcdef0123456789abcdef01234567';

export interface HubRequest { path: string; range: string | undefined; authorization: string | undefined; host: 'hub' | 'cdn' }

/** Files from this size on are LFS. */
const lfsBytes = 2000;

export class HubServer {
  readonly requests: HubRequest[] = [];
  /** Cuts the next transfers of a file after so many bytes, one entry a transfer. */
  readonly cuts = new Map<string, number[]>();
  /** Answers instead of the file, by name: bytes that are not what the listing says. */
  readonly replaced = new Map<string, Buffer>();
  /** Answers every request of the API with this. */
  refusal: { status: number; code?: string } | undefined;
  ignoresRanges = false;
  endpoint = '';
  private cdnEndpoint = '';
  private readonly hub: Server;
  private readonly cdn: Server;

  constructor(readonly id: string, readonly files: Map<string, Buffer>) {
    this.hub = createServer((request, response) => this.answer(request, response));
    this.cdn = createServer((request, response) => {
      this.note(request, 'cdn');
      this.send(decodeURIComponent(request.url!.slice(1)), request, response);
    });
  }

  async start(): Promise<void> {
    for (const server of [this.hub, this.cdn]) await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    this.endpoint = `http://127.0.0.1:${(this.hub.address() as AddressInfo).port}`;
    this.cdnEndpoint = `http://localhost:${(this.cdn.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const server of [this.hub, this.cdn]) {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    }
  }

  /** Names of the files of which bytes were sent, in order. */
  get transfers(): string[] {
    return this.requests.filter(({ path, host }) => host === 'cdn' || (path.includes('/resolve/') && !this.isLfs(nameOf(path)))).map(({ path }) => nameOf(path));
  }

  private isLfs(name: string): boolean { return (this.files.get(name)?.length ?? 0) >= lfsBytes; }

  private note(request: IncomingMessage, host: 'hub' | 'cdn'): void {
    this.requests.push({ path: request.url!, range: request.headers.range, authorization: request.headers.authorization, host });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.note(request, 'hub');
    const path = request.url!.split('?')[0]!;
    if (this.refusal) {
      response.writeHead(this.refusal.status, this.refusal.code === undefined ? {} : { 'x-error-code': this.refusal.code }).end('{}');
    } else if (path.startsWith(`/api/models/${this.id}/revision/`)) {
      const revision = path.split('/revision/')[1];
      if (revision !== 'main' && revision !== commit) response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end();
      else json(response, { _id: '1', id: this.id, sha: commit, private: false, gated: false, downloads: 0, likes: 0, lastModified: '2026-01-01T00:00:00Z' });
    } else if (path === `/api/models/${this.id}/tree/${commit}`) {
      json(response, [...this.files].map(([name, bytes]) => ({ type: 'file', path: name, size: bytes.length, oid: gitId(bytes), ...(this.isLfs(name) ? { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 } } : {}) })));
    } else if (path.startsWith(`/${this.id}/resolve/${commit}/`)) {
      const name = nameOf(path), bytes = this.files.get(name);
      if (!bytes) response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
      else if (this.isLfs(name)) response.writeHead(302, { location: `${this.cdnEndpoint}/${encodeURIComponent(name)}`, 'x-repo-commit': commit, 'x-linked-etag': `"${sha256(bytes)}"`, 'x-linked-size': String(bytes.length) }).end();
      else this.send(name, request, response);
    } else {
      response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end();
    }
  }

  private send(name: string, request: IncomingMessage, response: ServerResponse): void {
    const bytes = this.replaced.get(name) ?? this.files.get(name)!, range = /^bytes=(\d+)-/.exec(request.headers.range ?? '');
    const from = range && !this.ignoresRanges ? Number(range[1]) : 0;
    if (from > 0 && from >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    const body = bytes.subarray(from), isPartial = range !== null && !this.ignoresRanges;
    response.writeHead(isPartial ? 206 : 200, {
      'content-length': String(body.length), etag: `"${sha256(bytes)}"`,
      ...(isPartial ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    const cut = this.cuts.get(name)?.shift();
    if (cut === undefined || cut >= body.length) response.end(body);
    else response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 20));
  }
}

export function gitId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function nameOf(path: string): string {
  return decodeURIComponent(path.split('?')[0]!.split('/').at(-1)!);
}
