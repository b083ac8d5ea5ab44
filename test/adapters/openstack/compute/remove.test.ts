/** Deletes of computes that Nova refuses: the compute runs on with all that it has. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../../lib/occi/types.ts';
import { make, read } from '../../../lib/operations/payloads.ts';
import { type Alice, startAlice } from '../alice.ts';

let alice: Alice;
let path: string;
let id: string;

const key = (): string => {
  const parts = [[0, 0, 0, 11], Buffer.from('ssh-ed25519'), [0, 0, 0, 32], Buffer.alloc(32, 7)];
  return `ssh-ed25519 ${Buffer.concat(parts.map((part) => Buffer.from(part))).toString('base64')}`;
};

/** A call by hand, with alice's token or another's. */
async function by(user: string, service: 'compute' | 'network', to: string, body?: object) {
  const version = service === 'compute' ? '/v2.1' : '/v2.0';
  const response = await fetch(`${alice.cloud.site.origins[service]}${version}${to}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'x-auth-token': alice.cloud.token(user), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
  const text = await response.text();
  return text === '' ? {} : JSON.parse(text);
}

const keys = async () => (await by('alice', 'compute', '/os-keypairs')).keypairs.length;
const addresses = async () =>
  (await by('alice', 'network', '/floatingips')).floatingips.map(
    ({ port_details: port }: { port_details: { device_id: string } | null }) => port?.device_id,
  );

beforeEach(async () => {
  alice = await startAlice();
  const { networks } = await by('alice', 'network', '/networks?router:external=true');
  await alice.stop();
  alice = await startAlice({}, { externalNetwork: networks[0].id });
  const net = await make(alice.endpoint, { kind: 'network' });
  const reserved = await make(alice.endpoint, { kind: 'ipreservation' });
  path = await make(alice.endpoint, {
    kind: 'compute',
    mixins: [typeId(MIXINS.ssh_key)],
    attributes: { 'occi.credentials.ssh.publickey': key() },
    links: [net, reserved].map((target) => ({ kind: 'networkinterface', target })),
  });
  await alice.eventually(
    () => read(alice.endpoint, path),
    ({ attributes }) => attributes['occi.compute.state'] === 'active',
  );
  [id] = [...alice.cloud.nova.servers.keys()] as [string];
}, 30_000);
afterEach(() => alice.stop());

test('a locked compute keeps its key and its address, and a delete after the lock takes both', async () => {
  await by('alice', 'compute', `/servers/${id}/action`, { lock: null });
  const refused = await alice.endpoint.send('DELETE', path);
  expect([refused.status, refused.body]).toEqual([409, expect.stringContaining('locked')]);
  expect([await keys(), await addresses()]).toEqual([1, [id]]);
  await by('alice', 'compute', `/servers/${id}/action`, { unlock: null });
  expect((await alice.endpoint.send('DELETE', path)).status).toBe(200);
  expect([await keys(), await addresses()]).toEqual([0, [undefined]]);
});
