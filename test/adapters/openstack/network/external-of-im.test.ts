/** A public address as IM 1.9.0 asks for it (`add_public_ip`, written for ooi) and as it looks for it in the compute. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PUBLIC_NETWORK } from '../../../openstack/neutron/seed.ts';
import { type Alice, startAlice } from '../alice.ts';

let alice: Alice;

beforeAll(async () => {
  alice = await startAlice({}, { defaultNetwork: 'only', externalNetwork: PUBLIC_NETWORK });
});
afterAll(() => alice.stop());

/** A request of IM's; the body of its answer. */
async function send(method: string, path: string, lines: readonly string[] = []): Promise<string> {
  const { status, body } = await alice.endpoint.send(method, path, {
    headers: { accept: 'text/plain', ...(lines.length > 0 && { 'content-type': 'text/plain,text/occi' }) },
    ...(lines.length > 0 && { body: lines.join('\n') }),
  });
  if (status !== 200 && status !== 201) throw new Error(`${method} ${path}: ${status} ${body}`);
  return body.trimEnd();
}

const kind = (term: string): string =>
  `Category: ${term};scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"`;
const pathOf = (created: string): string => new URL(created.split(' ').at(-1)!).pathname;

test('IM links the compute to the external network and then sees the address', async () => {
  const networks = (await send('GET', '/network/')).split('\n').map(pathOf);
  const texts = await Promise.all(networks.map((path) => send('GET', path)));
  const external = networks[texts.findIndex((text) => text.includes('external'))]!;
  const range = 'X-OCCI-Attribute: occi.network.address="10.6.0.0/24"';
  const mixin = 'Category: ipnetwork;scheme="http://schemas.ogf.org/occi/infrastructure/network#";class="mixin"';
  await send('POST', '/network/', [kind('network'), mixin, range]);
  const compute = pathOf(await send('POST', '/compute/', [kind('compute')]));
  await alice.eventually(
    () => send('GET', compute),
    (text) => text.includes('occi.compute.state="active"'),
  );

  const [, pool] = /^Category: ([^;]+); *scheme="http:\/\/schemas\.openstack\.org\/network\/floatingippool#"/m.exec(
    await send('GET', '/-/'),
  )!;
  const link = pathOf(
    await send('POST', '/networkinterface/', [
      kind('networkinterface'),
      `Category: ${pool};scheme="http://schemas.openstack.org/network/floatingippool#";class="mixin"`,
      'X-OCCI-Attribute: occi.core.id="imnet-3d0c9a2e-ee6b-11ee-9a0c-0242ac110002"',
      `X-OCCI-Attribute: occi.core.target="${external}"`,
      `X-OCCI-Attribute: occi.core.source="${compute}"`,
    ]),
  );
  const shown = (await send('GET', compute)).split('\n').find((line) => line.includes(`self="${link}"`));
  expect(shown).toMatch(/^Link: <[^>]*\/network\//);
  expect(shown).toMatch(/occi\.networkinterface\.address="203\.0\.113\.\d+"/);

  await send('DELETE', compute);
  expect(await send('GET', '/ipreservation/')).toBe('');
});
