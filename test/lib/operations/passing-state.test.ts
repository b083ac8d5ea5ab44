/** A state that passes by itself: what it refuses says when to try again; a state that lasts does not. */
import { afterEach, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';

const OCCI = 'http://schemas.ogf.org/occi/infrastructure';
const KIND = (term: string) => `Category: ${term}; scheme="${OCCI}#"; class="kind"`;
const TEXT = { 'Content-Type': 'text/plain' };

let endpoint: Endpoint | undefined;
afterEach(() => endpoint?.stop());

async function booting(bootDelay: number): Promise<{ readonly send: Endpoint['send']; readonly path: string }> {
  endpoint = await startEndpoint({ cloud: { bootDelay } });
  const made = await endpoint.send('POST', '/compute/', { headers: TEXT, body: KIND('compute') });
  return { send: endpoint.send, path: new URL(made.headers.location!).pathname };
}

const act = ({ send }: Pick<Endpoint, 'send'>, path: string, term: string) =>
  send('POST', `${path}?action=${term}`, {
    headers: TEXT,
    body: `Category: ${term}; scheme="${OCCI}/compute/action#"; class="action"`,
  });

test('an action on a machine that boots is 409 with Retry-After, and its DELETE succeeds', async () => {
  const { send, path } = await booting(3600);
  for (const term of ['start', 'stop']) {
    const { status, headers } = await act({ send }, path, term);
    expect([term, status, headers['retry-after']]).toEqual([term, 409, '5']);
  }
  expect((await send('DELETE', path)).status).toBe(200);
  expect((await send('GET', path)).status).toBe(404);
});

test('so is an action on the collection, if nothing else is in its way', async () => {
  const { send } = await booting(3600);
  const { status, headers } = await act({ send }, '/compute/', 'stop');
  expect([status, headers['retry-after']]).toEqual([409, '5']);
});

test('an action on a machine that runs, and goes on running, is 409 without Retry-After', async () => {
  const { send, path } = await booting(0);
  for (const one of [path, '/compute/']) {
    const { status, headers } = await act({ send }, one, 'start');
    expect([status, headers['retry-after']]).toEqual([409, undefined]);
  }
});
