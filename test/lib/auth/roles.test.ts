/** What each role may do, for every operation there is, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashOf } from '../../../lib/auth/password.ts';
import type { Role } from '../../../lib/auth/principal.ts';
import { phcOf } from '../../../lib/config/auth/password-hash.ts';
import type { Target } from '../../../lib/entities/backend.ts';
import { OPERATIONS, operationFor, VERBS, type Verb } from '../../../lib/operations/index.ts';
import { badge, badges } from '../../badges.ts';
import { type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { categoryField, type Field } from '../operations/strangers/fields.ts';
import { asked, FORMS, LEAST } from '../operations/strangers/forms.ts';

const SCHEME = 'http://schemas.ogf.org/occi/infrastructure#';
const COMPUTE = `Category: compute; scheme="${SCHEME}"; class="kind"`;
const TAG = 'Category: tag; scheme="http://example.org/tags#"; class="mixin"';

/** A place of each kind, in a tenant that has a machine with a tag. */
const PLACES: Readonly<Record<Target['is'], string>> = {
  queryInterface: '/-/',
  kindCollection: '/compute/',
  coreCollection: '/resource/',
  mixinCollection: '/tag/',
  entity: '/compute/web',
  unbound: '/',
};

const ROWS = (Object.keys(OPERATIONS) as Target['is'][]).flatMap((is) =>
  VERBS.filter((verb) => operationFor({ is } as Target, verb)).map((verb) => [is, verb] as const),
);
const READS = ROWS.filter(([, verb]) => verb === 'get');
const CHANGES = ROWS.filter(([, verb]) => verb !== 'get');

let endpoint: Endpoint;
/** A new endpoint for each role: an admin sees what any other test has left. */
async function start(): Promise<void> {
  const password = phcOf(await hashOf('a password', { ln: 14, r: 8, p: 1 }));
  // Callers come with badges; the settings tell that there are admins.
  const auth = [{ users: { root: { password, role: 'admin' } } }];
  endpoint = await startEndpoint({ schemes: [badges], settings: { auth, limits: { deleteAll: true } } });
}
const stop = () => endpoint.stop();

/** Gives a tenant a machine with a tag. */
async function furnish(tenant: string): Promise<void> {
  const headers = { ...badge('owner', tenant), 'content-type': 'text/plain' };
  for (const [method, path, body] of [
    ['POST', '/-/', `${TAG}; location="/tag/"`],
    ['PUT', '/compute/web', `${COMPUTE}\n${TAG}`],
  ] as const) {
    expect((await endpoint.send(method, path, { headers, body })).status).toBeLessThan(300);
  }
}

const TAGGED = categoryField('http://example.org/tags#tag', '; class="mixin"');
const NAMED = ['X-OCCI-Location', '/compute/web'] as const;

/** What a request says beside the least that its verb needs. */
const ALSO: { readonly [K in Target['is']]?: { readonly [V in Verb]?: readonly Field[] } } = {
  queryInterface: { delete: [TAGGED] },
  coreCollection: { act: [NAMED] },
  mixinCollection: { post: [NAMED], put: [NAMED], delete: [NAMED], act: [NAMED] },
};

/** The answers to an operation in a tenant, by each of its methods. */
async function attempt(tenant: string, role: Role, is: Target['is'], verb: Verb): Promise<readonly Reply[]> {
  const written = FORMS[0]!(LEAST[verb](is, 'compute'), { fields: ALSO[is]?.[verb] ?? [] });
  const replies: Reply[] = [];
  for (const { method, path, query, headers, body } of asked(verb, PLACES[is], verb === 'get' ? {} : written)) {
    replies.push(
      await endpoint.send(method, query ? `${path}?${query}` : path, {
        headers: { ...headers, ...badge('caller', tenant, role) },
        ...(body !== undefined && { body }),
      }),
    );
  }
  return replies;
}

const statusesOf = (replies: readonly Reply[]) => [...new Set(replies.map(({ status }) => status))];

describe.each(['reader', 'admin'] as const)('The role %s', (role) => {
  const tenant = `tenant-of-${role}`;
  beforeAll(async () => {
    await start();
    await furnish(tenant);
  });
  afterAll(stop);

  test.each(READS)('may GET, HEAD and OPTIONS %s', async (is, verb) => {
    expect(statusesOf(await attempt(tenant, role, is, verb))).toEqual([200]);
  });

  test.each(CHANGES)('may not change %s by %s, and nothing is written', async (is, verb) => {
    endpoint.reset();
    const replies = await attempt(tenant, role, is, verb);
    expect(statusesOf(replies)).toEqual([403]);
    for (const { body } of replies) expect(body).toContain(`Your role here is ${role}, which changes nothing.`);
    expect(endpoint.calls).toEqual({});
  });

  test.each(['PATCH', 'TRACE', 'PURGE', 'LOCK'])('may not send %s: it may be a change', async (method) => {
    const { status } = await endpoint.send(method, '/compute/web', { headers: badge('caller', tenant, role) });
    expect(status).toBe(403);
  });

  test('learns nothing from a refusal about what there is', async () => {
    const [there, nowhere] = await Promise.all(
      ['/compute/web', '/compute/none'].map((path) =>
        endpoint.send('DELETE', path, { headers: badge('caller', tenant, role) }),
      ),
    );
    expect(there!.body).toBe(nowhere!.body);
  });
});

describe('The role member', () => {
  beforeAll(start);
  afterAll(stop);

  test.each(ROWS)('may do everything in its tenant: %s by %s', async (is, verb) => {
    const tenant = `tenant-of-${is}-${verb}`;
    await furnish(tenant);
    for (const status of statusesOf(await attempt(tenant, 'member', is, verb))) expect([200, 201]).toContain(status);
  });
});
