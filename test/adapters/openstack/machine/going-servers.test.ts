/** What a compute uses while Nova deletes it: no client sees the compute any more, so refusals say that they pass. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { make, read } from '../../../lib/operations/payloads.ts';
import { Stage } from '../../../openstack/stage.ts';
import { type Alice, startAlice } from '../alice.ts';

let alice: Alice;
let compute: string;
let used: readonly string[];

const inState = (path: string, kind: string, state: string) =>
  alice.eventually(
    () => read(alice.endpoint, path),
    ({ attributes }) => attributes[`occi.${kind}.state`] === state,
  );

/** Answers to a delete of each thing that the compute uses. */
async function refusals() {
  const seen = [];
  for (const path of used) {
    const { status, headers, body } = await alice.endpoint.send('DELETE', path);
    seen.push({ status, retry: headers['retry-after'], isGoing: body.includes('a compute that is being deleted') });
  }
  return seen;
}

beforeEach(async () => {
  alice = await startAlice();
  const { networks } = await new Stage(alice.cloud).call<{ networks: { id: string }[] }>(
    'alice',
    'network',
    'GET',
    '/v2.0/networks?router:external=true',
  );
  await alice.stop();
  alice = await startAlice({}, { externalNetwork: networks[0]!.id });
  const net = await make(alice.endpoint, { kind: 'network' });
  const address = await make(alice.endpoint, { kind: 'ipreservation' });
  const disk = await make(alice.endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  const group = await make(alice.endpoint, { kind: 'securitygroup' });
  await inState(disk, 'storage', 'online');
  used = [disk, net, group, address];
  compute = await make(alice.endpoint, {
    kind: 'compute',
    links: [
      ...[net, address].map((target) => ({ kind: 'networkinterface', target })),
      { kind: 'storagelink', target: disk },
      { kind: 'securitygrouplink', target: group },
    ],
  });
  await inState(compute, 'compute', 'active');
}, 30_000);
afterEach(() => alice.stop());

test('what a compute uses cannot be deleted, and trying again does not help', async () => {
  const refused = { status: 409, retry: undefined, isGoing: false };
  expect(await refusals()).toEqual(used.map(() => refused));
});

test('what a compute uses that is being deleted can be deleted in a moment, and then it is', async () => {
  alice.cloud.site.steps.hold();
  // Neutron cannot free the address before the compute is gone.
  const failure = {
    status: 500,
    body: { NeutronError: { type: 'HTTPInternalServerError', message: 'x', detail: '' } },
  };
  const when = { service: 'network', method: 'PUT', path: '/floatingips/', times: 1 } as const;
  alice.cloud.badDays.add({ kind: 'answer', answer: failure }, when);
  expect((await alice.endpoint.send('DELETE', compute)).status).toBe(200);
  expect((await alice.endpoint.send('GET', compute)).status).toBe(404);
  const refused = { status: 409, retry: '5', isGoing: true };
  expect(await refusals()).toEqual(used.map(() => refused));
  alice.cloud.site.steps.settle();
  expect((await alice.endpoint.send('GET', compute)).status).toBe(404);
  expect((await refusals()).map(({ status }) => status)).toEqual(used.map(() => 200));
});
