/** A caller whose role shows him all projects in OpenStack sees his own here, as everybody does. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { type OpenStack, startOpenStack } from '../../openstack/index.ts';
import { addUser, PROJECTS } from '../../openstack/seed.ts';
import { CIRROS } from './alice.ts';

const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
const KINDS = ['compute', 'storage', 'network', 'securitygroup', 'ipreservation'] as const;
const LINKS = ['networkinterface', 'storagelink', 'securitygrouplink'] as const;

let cloud: OpenStack;
let endpoint: Endpoint;
/** Paths of what alice has, by kind. */
const alices = new Map<string, string>();

type User = 'alice' | 'bob' | 'admin' | 'mia';

const send = (user: User, method: string, path: string, entity?: { kind: string; lines: readonly string[] }) =>
  endpoint.send(method, path, {
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${user}-secret`).toString('base64')}`,
      accept: 'text/plain',
      ...(entity && { 'content-type': 'text/plain' }),
    },
    ...(entity && {
      body: [`Category: ${entity.kind}; scheme="${INFRASTRUCTURE}"; class="kind"`, ...entity.lines].join('\n'),
    }),
  });

async function made(kind: string, lines: readonly string[] = []): Promise<string> {
  const { status, headers, body } = await send('alice', 'POST', `/${kind}/`, { kind, lines });
  expect([status, body]).toEqual([201, expect.anything()]);
  const path = new URL(headers.location!).pathname;
  alices.set(kind, path);
  return path;
}

const native = async (
  service: 'image' | 'network',
  method: string,
  path: string,
  user: User,
  body: object,
): Promise<{ readonly id: string }> => {
  const answer = await fetch(`${cloud.site.origins[service]}${path}`, {
    method,
    headers: { 'x-auth-token': cloud.token(user), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as { id: string };
};

/** An image of a project that can be booted, named after its visibility. */
async function image(user: User, visibility: string, sharedWith?: string): Promise<void> {
  const about = { disk_format: 'raw', container_format: 'bare', visibility };
  const { id } = await native('image', 'POST', '/v2/images', user, { name: `${visibility} of ${user}`, ...about });
  await fetch(`${cloud.site.origins.image}/v2/images/${id}/file`, {
    method: 'PUT',
    headers: { 'x-auth-token': cloud.token(user), 'content-type': 'application/octet-stream' },
    body: 'x',
  });
  if (sharedWith === undefined) return;
  await native('image', 'POST', `/v2/images/${id}/members`, user, { member: sharedWith });
  await native('image', 'PUT', `/v2/images/${id}/members/${sharedWith}`, 'admin', { status: 'accepted' });
}

beforeAll(async () => {
  cloud = await startOpenStack({ step: 2 });
  endpoint = await startEndpoint({
    settings: {
      adapter: {
        name: 'openstack',
        site: 'test',
        settings: { endpoint: cloud.endpoint, defaultOsTemplate: CIRROS },
      },
      auth: ['basic'],
    },
  });
  addUser(cloud.site, { name: 'mia', password: 'mia-secret', roles: { [PROJECTS.admin]: 'member' } });
  // A catalogue is kept for minutes.
  await image('alice', 'private');
  await image('alice', 'community');
  await image('alice', 'shared', PROJECTS.admin);
  await image('admin', 'private');
  const network = await made('network');
  const group = await made('securitygroup');
  const storage = await made('storage', ['X-OCCI-Attribute: occi.storage.size=1']);
  await made('ipreservation');
  const compute = await made('compute', [
    `Link: <${network}>; rel="${INFRASTRUCTURE}network"; category="${INFRASTRUCTURE}networkinterface"`,
    `Link: <${group}>; rel="${INFRASTRUCTURE}securitygroup"; category="${INFRASTRUCTURE}securitygrouplink"`,
  ]);
  await cloud.site.steps.settle();
  await made('storagelink', [
    `X-OCCI-Attribute: occi.core.source="${compute}"`,
    `X-OCCI-Attribute: occi.core.target="${storage}"`,
  ]);
  await cloud.site.steps.settle();
  for (const kind of ['networkinterface', 'securitygrouplink']) {
    const [path] = (await send('alice', 'GET', `/${kind}/`)).body.match(new RegExp(`/${kind}/[0-9a-f-]+`)) ?? [];
    alices.set(kind, path!);
  }
});
afterAll(async () => {
  await endpoint.stop();
  await cloud.close();
});

describe('An administrator, in a project of his own,', () => {
  test.each([...KINDS, ...LINKS])('neither sees nor deletes a %s of another project', async (kind) => {
    const path = alices.get(kind)!;
    const { pathname } = new URL(path, 'http://localhost');
    expect((await send('alice', 'GET', pathname)).status).toBe(200);
    for (const method of ['GET', 'DELETE']) expect((await send('admin', method, pathname)).status).toBe(404);
    const listed = await send('admin', 'GET', `/${kind}/`);
    expect(listed.status).toBeLessThan(300);
    expect(listed.body).not.toContain(pathname);
    expect((await send('alice', 'GET', pathname)).status).toBe(200);
  });

  test.each([
    ['compute', 'stop'],
    ['network', 'down'],
    ['storage', 'snapshot'],
  ])('cannot act on a %s of another project', async (kind, action) => {
    const scheme = `http://schemas.ogf.org/occi/infrastructure/${kind}/action#`;
    const { status } = await endpoint.send('POST', `${alices.get(kind)}?action=${action}`, {
      headers: {
        authorization: `Basic ${Buffer.from('admin:admin-secret').toString('base64')}`,
        'content-type': 'text/plain',
      },
      body: `Category: ${action}; scheme="${scheme}"; class="action"`,
    });
    expect(status).toBe(404);
  });

  test.each([
    ['storagelink', 'compute', 'storage'],
    ['networkinterface', 'compute', 'network'],
    ['securitygrouplink', 'compute', 'securitygroup'],
  ])('cannot make a %s between them', async (kind, source, target) => {
    const lines = [
      `X-OCCI-Attribute: occi.core.source="${alices.get(source)}"`,
      `X-OCCI-Attribute: occi.core.target="${alices.get(target)}"`,
    ];
    const { status } = await send('admin', 'POST', `/${kind}/`, { kind, lines });
    expect([400, 404]).toContain(status);
  });

  test('reads the ports and addresses of his own project only, whatever the cloud has', async () => {
    const authorization = `Basic ${Buffer.from('admin:admin-secret').toString('base64')}`;
    const before = cloud.log.length;
    await endpoint.send('GET', '/compute/', { headers: { authorization, accept: 'application/occi+json' } });
    const listings = cloud.log
      .slice(before)
      .filter(({ service, path }) => service === 'network' && /ports|ips/.test(path));
    expect(listings.length).toBeGreaterThan(0);
    for (const { query } of listings) expect(query).toContain(`project_id=${PROJECTS.admin}`);
  });
});

describe('Security groups that other projects share', () => {
  test('are published for those they are shared with, and not for an administrator', async () => {
    const path = alices.get('securitygroup')!;
    const groups = (await fetch(`${cloud.site.origins.network}/v2.0/security-groups`, {
      headers: { 'x-auth-token': cloud.token('alice') },
    }).then((answer) => answer.json())) as { security_groups: { id: string; name: string }[] };
    const { id } = groups.security_groups.find(({ name }) => name !== 'default')!;
    expect((await send('bob', 'GET', path)).status).toBe(404);
    await native('network', 'POST', '/v2.0/rbac-policies', 'alice', {
      rbac_policy: {
        object_type: 'security_group',
        object_id: id,
        action: 'access_as_shared',
        target_tenant: PROJECTS.beta,
      },
    });
    expect((await send('bob', 'GET', path)).status).toBe(200);
    expect((await send('bob', 'GET', '/securitygroup/')).body).toContain(path);
    expect((await send('bob', 'DELETE', path)).status).toBe(403);
    expect((await send('admin', 'GET', path)).status).toBe(404);
  });
});

describe('Images of other projects', () => {
  test('are in no catalogue of an administrator, who leaves that of his project whole', async () => {
    const imagesOf = async (user: User) =>
      [...(await send(user, 'GET', '/-/')).body.matchAll(/title="(\w+ of \w+)"/g)].map(([, title]) => title).sort();
    expect(await imagesOf('admin')).toEqual(['private of admin']);
    expect(await imagesOf('mia')).toEqual(['private of admin', 'shared of alice']);
    expect(await imagesOf('alice')).toEqual(['community of alice', 'private of alice', 'shared of alice']);
  });
});
