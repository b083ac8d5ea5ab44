import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { probe, settings } from '../../../adapters/opennebula/index.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { startOpenNebula } from '../../oned/index.ts';
import { recording } from './recordings.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Asks what answers at an address, for a second. */
const ask = (endpoint: string): Promise<void> =>
  probe({
    settings: settings.parse({ endpoint, serverCipher: { user: 'a', password: { parameter: '/one' } } }),
    site: 'test',
    table: memoryTable(),
    local: false,
  })(Date.now() + 1000);

/** A server that answers everything so. */
const answering = async (status: number, body: string): Promise<string> => {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/RPC2`;
};

describe('OpenNebula is reachable', () => {
  test('when oned answers a call without a valid session', async () => {
    const one = await startOpenNebula();
    ends.push(() => one.close());
    await ask(one.endpoint);
    expect(one.methods).toEqual(['system.methodSignature']);
  });

  test.each(['system.methodSignature--vm.info', 'protocol--no-params', 'one.system.version--bad-password'])(
    'as a real daemon answers: %s',
    async (name) => {
      await ask(await answering(200, recording(name).response.body));
    },
  );

  test('and is not when nothing listens, or when something else answers', async () => {
    const endpoint = await answering(502, '<html>Bad Gateway</html>');
    await expect(ask(endpoint)).rejects.toThrow('the answer has the status 502');
    await expect(ask(await answering(200, '<html>Welcome</html>'))).rejects.toThrow();
    await expect(ask('http://127.0.0.1:1/RPC2')).rejects.toThrow(/ECONNREFUSED/);
  });
});
