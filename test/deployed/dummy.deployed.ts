/** The embedded cloud, deployed: whole stack, gateway, functions of their own processes, table. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runVectors } from '../conformance/vectors.ts';
import { RENDERINGS } from '../lib/operations/payloads.ts';
import { lifeCycles } from '../life-cycles/life-cycle.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { basic, users } from './people.ts';
import { deploy, type Stack } from './stack.ts';

const ORIGIN = 'https://portal.example.org';

let stack: Stack;
let gateway: Gateway;

beforeAll(async () => {
  const settings = {
    adapter: { name: 'dummy', site: 'test', settings: {} },
    auth: [await users()],
    // The life cycles end with a DELETE of everything.
    limits: { deleteAll: true },
    cors: { origins: [ORIGIN] },
  };
  stack = await deploy({ stage: 'dummy', settings, parameters: { alarms: 'false' } });
  gateway = await startGateway(stack.outputs.HttpApiId!);
}, 240_000);

afterAll(() => gateway?.stop());

describe('the embedded cloud, deployed', () => {
  test('holds the conformance cases', async () => {
    const output = await runVectors({ BASE_URL: gateway.url, AUTH_HEADER: basic('alice') });
    expect(output.trim().split('\n').at(-1)).toBe('75 passed, 0 failed');
  }, 240_000);

  test('tells that it is well, without credentials', async () => {
    const { status, body } = await gateway.send('GET', '/.well-known/health');
    expect([status, body]).toEqual([200, '{"status":"ok"}']);
  });

  test('asks for credentials, and takes no wrong ones', async () => {
    const asked = async (headers: Record<string, string>) => {
      const { status, headers: answered } = await gateway.send('GET', '/compute/', { headers });
      return [status, answered['www-authenticate']];
    };
    const challenge = expect.stringMatching(/^Basic /);
    expect(await asked({})).toEqual([401, challenge]);
    expect(await asked({ Authorization: `Basic ${btoa('alice:bob-secret')}` })).toEqual([401, challenge]);
    expect(await asked({ Authorization: basic('alice') })).toEqual([200, undefined]);
  });

  test('lets pages of the origins in its settings read what it answers, and of no others', async () => {
    const allowed = async (Origin: string) => {
      const { status, headers } = await gateway.send('GET', '/compute/', {
        headers: { Authorization: basic('alice'), Origin },
      });
      return [status, headers['access-control-allow-origin']];
    };
    expect(await allowed(ORIGIN)).toEqual([200, ORIGIN]);
    expect(await allowed('https://elsewhere.example.org')).toEqual([200, undefined]);
  });

  test('shows a tenant nothing of another', async () => {
    const of = (Authorization: string) => ({ headers: { Authorization, 'Content-Type': 'text/plain' } });
    const body =
      'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\nX-OCCI-Attribute: occi.storage.size=1\n';
    const made = await gateway.send('POST', '/storage/', { ...of(basic('bob')), body });
    expect(made.status).toBe(201);
    const { pathname } = new URL(made.headers.location!);
    expect((await gateway.send('GET', pathname, of(basic('alice')))).status).toBe(404);
    expect((await gateway.send('DELETE', pathname, of(basic('alice')))).status).toBe(404);
    expect((await gateway.send('DELETE', pathname, of(basic('bob')))).status).toBe(200);
  });
});

let next = 1;
lifeCycles(
  'the embedded cloud, deployed',
  async () => ({
    endpoint: gateway,
    headers: { Authorization: basic('carol') },
    network: () => ({ 'occi.network.address': `10.9.${next++}.0/24`, 'occi.network.allocation': 'dynamic' }),
    async stop() {},
  }),
  // text/occi is among the limits of the emulator.
  RENDERINGS.filter((mediaType) => mediaType !== 'text/occi'),
);
