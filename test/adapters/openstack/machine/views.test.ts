/** Listings that a process keeps belong to whoever may see them. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROJECTS, USERS } from '../../../openstack/seed.ts';
import { type Alice, startAlice } from '../alice.ts';

const READER = '0123456789abcdef0123456789abcdef';
let alice: Alice;

beforeEach(async () => {
  alice = await startAlice();
  alice.cloud.site.people.applicationCredentials.set(READER, {
    ...{ id: READER, name: 'reader', secret: 'reader-secret', userId: USERS.alice, projectId: PROJECTS.alpha },
    ...{ roles: ['reader'], description: null, expires: null, unrestricted: false },
  });
});
afterEach(() => alice.stop());

const listedAs = (credentials: string) =>
  alice.cloud.callsOf(async () => {
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    const { status } = await alice.send('GET', '/compute/', { authorization, accept: 'application/occi+json' });
    expect(status).toBe(200);
  });

const ofServers = (calls: readonly string[]) => calls.filter((call) => call.includes('/servers/detail'));

test('What a token with more roles has listed is not kept for another of the same user', async () => {
  const [member, reader] = ['alice:alice-secret', `${READER}:reader-secret`];
  for (const who of [member, reader]) {
    const first = ofServers(await listedAs(who));
    expect(first).toHaveLength(1);
    expect(first[0]).not.toMatch(/changes-since|status=BUILD/);
  }
  for (const who of [member, reader]) expect(ofServers(await listedAs(who)).join()).toContain('changes-since');
});
