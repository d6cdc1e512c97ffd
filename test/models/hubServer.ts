/** A small hub: revision, tree and resolve as huggingface.co answers them, with faults to order. Large files redirect to a second host, as its CDN does. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const commit = '0123456789abcdef0123456789abcdef01234567';

export interface HubRequest { path: string; range: string | undefined; authorization: string | undefined; host: 'hub' | 'cdn' }

/** What a branch or tag holds; files by path. */
export interface HubBranch { commit: string; files: Map<string, Buffer> }

/** Files from this size on are LFS. */
const lfsBytes = 2000;
/** Files a page of a listing holds; the hub's are longer. */
const pageFiles = 5;

export class HubServer {
  readonly requests: HubRequest[] = [];
  /** Cuts the next transfers of a file after so many bytes, one entry a transfer. */
  readonly cuts = new Map<string, number[]>();
  /** Answers instead of the file, by name: bytes that are not what the listing says. */
  readonly replaced = new Map<string, Buffer>();
  /** Answers every request of the API with this. */
  refusal: { status: number; code?: string } | undefined;
  /** Answers every request for a file but the card with this, as a gated repository does. */
  fileRefusal: { status: number; code?: string } | undefined;
  /** What /api/whoami-v2 says of any token; 401 where there is nothing. */
  account: object | undefined;
  readonly branches: Map<string, HubBranch>;
  ignoresRanges = false;
  endpoint = '';
  private cdnEndpoint = '';
  private readonly hub: Server;
  private readonly cdn: Server;

  constructor(readonly id: string, readonly files: Map<string, Buffer>, private readonly kind: 'model' | 'dataset' = 'model') {
    this.branches = new Map([['main', { commit, files }]]);
    this.hub = createServer((request, response) => this.answer(request, response));
    this.cdn = createServer((request, response) => {
      this.note(request, 'cdn');
      const { pathname, searchParams } = new URL(request.url!, this.cdnEndpoint), name = nameOf(pathname);
      this.send(name, this.branch(searchParams.get('commit')!)!.files.get(name)!, request, response);
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
    return this.requests.filter(({ path, host }) => host === 'cdn' || (path.includes('/resolve/') && !isLfs(this.bytesOf(path)))).map(({ path }) => nameOf(path));
  }

  /** Of the file that a path asks for, in whatever branch. */
  private bytesOf(path: string): Buffer | undefined {
    return [...this.branches.values()].map(({ files }) => files.get(nameOf(path))).find(bytes => bytes !== undefined);
  }

  private note(request: IncomingMessage, host: 'hub' | 'cdn'): void {
    this.requests.push({ path: request.url!, range: request.headers.range, authorization: request.headers.authorization, host });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.note(request, 'hub');
    const { pathname, searchParams } = new URL(request.url!, this.endpoint);
    const api = `/api/${this.kind}s/${this.id}`, page = this.kind === 'model' ? `/${this.id}` : `/datasets/${this.id}`;
    const [, tree] = pathname.split(`${api}/tree/`), [, resolved] = pathname.split(`${page}/resolve/`);
    if (this.refusal) refuse(response, this.refusal);
    else if (pathname === '/api/whoami-v2' && this.account && request.headers.authorization !== undefined) json(response, this.account);
    else if (pathname === '/api/whoami-v2') refuse(response, { status: 401 });
    else if (pathname.startsWith(`${api}/revision/`)) this.answerRevision(decodeURIComponent(pathname.slice(`${api}/revision/`.length)), response);
    else if (tree !== undefined) this.answerTree(decodeURIComponent(tree), searchParams, response);
    else if (resolved !== undefined) this.answerFile(resolved, request, response);
    else refuse(response, { status: 404, code: 'RepoNotFound' });
  }

  private branch(revision: string): HubBranch | undefined {
    return this.branches.get(revision) ?? [...this.branches.values()].find(branch => branch.commit === revision);
  }

  private answerRevision(revision: string, response: ServerResponse): void {
    const branch = this.branch(revision);
    if (!branch) return refuse(response, { status: 404, code: 'RevisionNotFound' });
    json(response, { _id: '1', id: this.id, sha: branch.commit, private: false, gated: false, downloads: 0, likes: 0, lastModified: '2026-01-01T00:00:00Z' });
  }

  private answerTree(asked: string, search: URLSearchParams, response: ServerResponse): void {
    const [revision = '', ...parts] = asked.split('/'), branch = this.branch(revision), folder = parts.join('/');
    if (!branch) return refuse(response, { status: 404, code: 'RevisionNotFound' });
    const inside = [...branch.files].filter(([name]) => folder === '' || name.startsWith(`${folder}/`));
    if (folder !== '' && inside.length === 0) return refuse(response, { status: 404, code: 'EntryNotFound' });
    const folders = new Set(inside.flatMap(([name]) => name.split('/').slice(0, -1).map((_, i, parts) => parts.slice(0, i + 1).join('/'))).filter(name => name.length > folder.length));
    const isListed = (name: string): boolean => search.get('recursive') === 'true' || !name.slice(folder === '' ? 0 : folder.length + 1).includes('/');
    const listed = [
      ...[...folders].map(name => ({ type: 'directory', path: name, size: 0, oid: '0'.repeat(40) })),
      ...inside.map(([name, bytes]) => ({ type: 'file', path: name, size: bytes.length, oid: gitId(bytes), ...(isLfs(bytes) ? { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 } } : {}) })),
    ].filter(({ path }) => isListed(path));
    const from = Number(search.get('cursor') ?? 0), next = new URL(`/api/${this.kind}s/${this.id}/tree/${asked}?${search.toString()}`, this.endpoint);
    next.searchParams.set('cursor', String(from + pageFiles));
    if (from + pageFiles < listed.length) response.setHeader('link', `<${next.href}>; rel="next"`);
    json(response, listed.slice(from, from + pageFiles));
  }

  private answerFile(asked: string, request: IncomingMessage, response: ServerResponse): void {
    const [revision = '', ...parts] = asked.split('/').map(decodeURIComponent), branch = this.branch(revision), name = parts.join('/');
    if (!branch) return refuse(response, { status: 404, code: 'RevisionNotFound' });
    if (this.fileRefusal && name !== 'README.md') return refuse(response, this.fileRefusal);
    const bytes = branch.files.get(name);
    if (!bytes) return refuse(response, { status: 404, code: 'EntryNotFound' });
    if (isLfs(bytes)) response.writeHead(302, { location: `${this.cdnEndpoint}/${encodeURIComponent(name)}?commit=${branch.commit}`, 'x-repo-commit': branch.commit, 'x-linked-etag': `"${sha256(bytes)}"`, 'x-linked-size': String(bytes.length) }).end();
    else this.send(name, bytes, request, response, { 'x-repo-commit': branch.commit, etag: `"${gitId(bytes)}"` });
  }

  private send(name: string, held: Buffer, request: IncomingMessage, response: ServerResponse, headers: Record<string, string> = {}): void {
    const bytes = this.replaced.get(name) ?? held, range = /^bytes=(\d+)-/.exec(request.headers.range ?? '');
    const from = range && !this.ignoresRanges ? Number(range[1]) : 0;
    if (from > 0 && from >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    const body = bytes.subarray(from), isPartial = range !== null && !this.ignoresRanges;
    response.writeHead(isPartial ? 206 : 200, {
      'content-length': String(body.length), etag: `"${sha256(bytes)}"`, ...headers,
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

function refuse(response: ServerResponse, { status, code }: { status: number; code?: string }): void {
  response.writeHead(status, code === undefined ? {} : { 'x-error-code': code }).end('{}');
}

function isLfs(bytes: Buffer | undefined): boolean { return (bytes?.length ?? 0) >= lfsBytes; }

/** The file's path in the repository: after resolve/COMMIT/ at the hub, all of it at the CDN. */
function nameOf(path: string): string {
  return decodeURIComponent(path.split('?')[0]!.replace(/^.*\/resolve\/[^/]+\//, '').replace(/^\//, ''));
}
