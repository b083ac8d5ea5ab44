/** Hostnames of computes, on the stand-in. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { entity, make, read } from '../../../lib/operations/payloads.ts';
import type { StandInOptions } from '../../../openstack/index.ts';
import { Stage } from '../../../openstack/stage.ts';
import { type Alice, CIRROS, startAlice } from '../alice.ts';

const HOSTNAME = 'occi.compute.hostname';
const TITLE = 'occi.core.title';

let alice: Alice;
afterEach(() => alice.stop());

const start = async (options: StandInOptions = {}) => {
  alice = await startAlice(options);
};
const compute = (attributes: Readonly<Record<string, string>>) => ({ kind: 'compute', attributes });
const hostnameOf = async (path: string) => (await read(alice.endpoint, path)).attributes[HOSTNAME];
const active = (path: string) => alice.active(path);
/** The newest server, as its cloud has it. */
async function newest(): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'openstack-api-version': `compute ${alice.cloud.site.newest.compute}` };
  const { servers } = await new Stage(alice.cloud).call<{ servers: Record<string, unknown>[] }>(
    'alice',
    'compute',
    'GET',
    '/v2.1/servers/detail',
    { headers },
  );
  return servers[0]!;
}

describe('From 2.90 on', () => {
  test('a compute without a title has a name that a host can have, each another, and not our mark', async () => {
    await start();
    const paths = [await make(alice.endpoint, compute({})), await make(alice.endpoint, compute({}))];
    const names = await Promise.all(paths.map(hostnameOf));
    for (const name of names) expect(name).toMatch(/^compute-[0-9a-f]{12}$/);
    expect(new Set(names).size).toBe(2);
    const { title, attributes } = await read(alice.endpoint, paths[0]!);
    expect(JSON.stringify([title, attributes])).not.toContain('occi-token');
  });

  test('a compute with a title is called by it, as Nova does', async () => {
    await start();
    const path = await make(alice.endpoint, compute({ [TITLE]: 'Web 1' }));
    expect(await hostnameOf(path)).toBe('web-1');
  });

  test('the hostname that is asked for counts, and can be changed to another that Nova takes', async () => {
    await start();
    const path = await make(alice.endpoint, compute({ [HOSTNAME]: 'db-1' }));
    expect(await hostnameOf(path)).toBe('db-1');
    await active(path);
    for (const wanted of ['db-2', 'db.example.org']) {
      const reply = await alice.endpoint.send(
        'POST',
        path,
        entity('text/plain', { attributes: { [HOSTNAME]: wanted } }),
      );
      expect([reply.status, await hostnameOf(path)]).toEqual([200, wanted]);
    }
    const wrong = entity('text/plain', { attributes: { [HOSTNAME]: 'under score!' } });
    expect((await alice.endpoint.send('POST', path, wrong)).status).toBe(400);
    expect(await hostnameOf(path)).toBe('db.example.org');
  });

  test('a hostname that Nova made of a mark is not shown', async () => {
    await start();
    const name = `occi-token-${'Ab_9'.repeat(10)}xyz`;
    const server = { name, flavorRef: '1', imageRef: CIRROS, networks: 'none' };
    const headers = { 'openstack-api-version': 'compute 2.90' };
    await new Stage(alice.cloud).call('alice', 'compute', 'POST', '/v2.1/servers', { body: { server }, headers });
    expect(String((await newest())['OS-EXT-SRV-ATTR:hostname'])).toMatch(/^occi-token-/);
    const listed = await alice.endpoint.send('GET', '/compute/', { headers: { Accept: 'application/occi+json' } });
    expect(listed.body).toContain('occi.compute.state');
    expect(listed.body).not.toContain('occi-token');
  });
});

test('From 2.90 to 2.93 a domain is no hostname', async () => {
  await start({ microversions: { compute: '2.93' } });
  const refused = await alice.endpoint.send(
    'POST',
    '/compute/',
    entity('text/plain', compute({ [HOSTNAME]: 'a.example.org' })),
  );
  expect([refused.status, refused.body]).toEqual([400, expect.stringContaining(HOSTNAME)]);
  expect(await hostnameOf(await make(alice.endpoint, compute({ [HOSTNAME]: 'ab' })))).toBe('ab');
});

test('Below 2.90 none can be asked for, and none is told', async () => {
  await start({ microversions: { compute: '2.89' } });
  const refused = await alice.endpoint.send('POST', '/compute/', entity('text/plain', compute({ [HOSTNAME]: 'db-1' })));
  expect([refused.status, refused.body]).toEqual([501, expect.stringContaining(HOSTNAME)]);
  expect(alice.cloud.log.filter(({ method, path }) => method === 'POST' && path.endsWith('/servers'))).toEqual([]);
  const path = await make(alice.endpoint, compute({}));
  expect(await hostnameOf(path)).toBeUndefined();
});
