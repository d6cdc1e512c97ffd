import assert from 'node:assert/strict';
import { createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { proxyFetch } from '../../src/models/hub/proxyFetch';

const listening = (server: Server): Promise<string> => new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)));

describe('fetch through a proxy', () => {
  const before = { HTTP_PROXY: process.env.HTTP_PROXY, NO_PROXY: process.env.NO_PROXY };
  const restore = (name: 'HTTP_PROXY' | 'NO_PROXY'): void => { if (before[name] === undefined) delete process.env[name]; else process.env[name] = before[name]; };
  afterEach(() => { restore('HTTP_PROXY'); restore('NO_PROXY'); });

  it('asks the proxy where one is set, not where NO_PROXY names the host, with headers either way', async () => {
    const passed: string[] = [];
    const origin = createServer((asked, answer) => answer.end(`${asked.headers.authorization} ${asked.url}`));
    const target = await listening(origin);
    const proxy = createServer((asked, answer) => {
      passed.push(asked.url!);
      asked.pipe(request(asked.url!, { headers: asked.headers }, from => from.pipe(answer)));
    }).on('connect', (asked, socket) => {
      passed.push(asked.url!);
      const [host, port] = asked.url!.split(':');
      const through = connect(Number(port), host, () => { socket.write('HTTP/1.1 200 OK\r\n\r\n'); through.pipe(socket).pipe(through); });
    });
    process.env.HTTP_PROXY = await listening(proxy);
    process.env.NO_PROXY = '';
    try {
      const answer = await proxyFetch(`${target}/model`, { headers: { authorization: 'Bearer hf_secret' } });
      assert.equal(await answer.text(), 'Bearer hf_secret /model');
      assert.equal(passed.length, 1);
      process.env.NO_PROXY = '127.0.0.1';
      assert.equal(await (await proxyFetch(`${target}/other`, { headers: { authorization: 'Bearer b' } })).text(), 'Bearer b /other');
      assert.equal(passed.length, 1);
    } finally {
      origin.closeAllConnections(); origin.close(); proxy.closeAllConnections(); proxy.close();
    }
  });
});
