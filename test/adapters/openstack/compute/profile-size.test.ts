/** Sizes of the profile (CRTP) on computes, through a whole endpoint before the stand-in. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changedProfile, profileMetadata, profileSizeOf } from '../../../../adapters/openstack/compute/profile-size.ts';
import { CRTP_TEMPLATES } from '../../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../../lib/occi/types.ts';
import { CRTP, category, entity, list, make, read } from '../../../lib/operations/payloads.ts';
import { Stage } from '../../../openstack/stage.ts';
import { type Alice, startAlice } from '../alice.ts';

const FLAVOR = 'http://schemas.openstack.org/template/resource#';

describe('A compute that was made with a size of the profile', () => {
  let alice: Alice;
  beforeAll(async () => {
    alice = await startAlice();
  });
  afterAll(() => alice.stop());

  const active = (path: string) => alice.active(path);
  const sizesOf = async (path: string) =>
    ((await active(path)).mixins as string[]).filter((id) => id.startsWith(CRTP) || id.startsWith(FLAVOR));
  const having = (mixin: string) =>
    alice.endpoint.send('GET', '/compute/', {
      headers: { Category: category(mixin, 'mixin'), Accept: 'text/uri-list' },
    });
  const send = (method: string, path: string, wanted: object) =>
    alice.endpoint.send(method, path, entity('application/occi+json', wanted));
  /** An action of another tool on the newest server. */
  const nova = async (body: object) => {
    const stage = new Stage(alice.cloud);
    const { servers } = await stage.call<{ servers: { id: string }[] }>('alice', 'compute', 'GET', '/v2.1/servers');
    return stage.call('alice', 'compute', 'POST', `/v2.1/servers/${servers[0]!.id}/action`, { body });
  };

  test('shows it in place of its flavor, and is found by it', async () => {
    const path = await make(alice.endpoint, { kind: 'compute', mixins: [`${CRTP}medium`] });
    expect(await sizesOf(path)).toEqual([`${CRTP}medium`]);
    expect((await having(`${CRTP}medium`)).body).toContain(path);
    expect((await having(`${CRTP}small`)).body).not.toContain(path);
    expect(await list(alice.endpoint, '/mixin/resource_tpl/medium/')).toEqual([path]);
    expect((await alice.endpoint.send('DELETE', path)).status).toBe(200);
  });

  test('shows what it got of cores and memory, and takes it all back as it was read', async () => {
    const path = await make(alice.endpoint, { kind: 'compute', mixins: [`${CRTP}small`] });
    const shown = await active(path);
    expect(shown.attributes).toMatchObject({ 'occi.compute.cores': 1, 'occi.compute.memory': 2 });
    for (const method of ['POST', 'PUT']) {
      const headers = { 'Content-Type': 'application/occi+json' };
      const body = JSON.stringify(shown);
      expect((await alice.endpoint.send(method, path, { headers, body })).status).toBe(200);
    }
    expect(await sizesOf(path)).toEqual([`${CRTP}small`]);
    expect((await alice.endpoint.send('DELETE', path)).status).toBe(200);
  });

  test('gets another size of the profile, a flavor, and one by its values, and shows what it has', async () => {
    const path = await make(alice.endpoint, { kind: 'compute', mixins: [`${CRTP}small`] });
    await active(path);
    expect((await send('POST', path, { mixins: [`${CRTP}medium`] })).status).toBe(200);
    expect(await sizesOf(path)).toEqual([`${CRTP}medium`]);
    expect((await send('POST', path, { mixins: [`${FLAVOR}1`] })).status).toBe(200);
    expect(await sizesOf(path)).toEqual([`${FLAVOR}1`]);
    expect((await send('POST', path, { mixins: [`${CRTP}small`] })).status).toBe(200);
    expect(await sizesOf(path)).toEqual([`${CRTP}small`]);
    const attributes = { 'occi.compute.cores': 2, 'occi.compute.memory': 4 };
    expect((await send('PUT', path, { kind: 'compute', attributes })).status).toBe(200);
    expect(await sizesOf(path)).toEqual([`${FLAVOR}3`]);
    expect((await alice.endpoint.send('DELETE', path)).status).toBe(200);
  });

  test('keeps its flavor where that holds the other size too', async () => {
    const path = await make(alice.endpoint, { kind: 'compute', mixins: [`${CRTP}small`] });
    await active(path);
    const calls = await alice.cloud.callsOf(() => send('POST', path, { mixins: [`${FLAVOR}2`] }));
    expect(calls.filter((call) => call.endsWith('/action'))).toEqual([]);
    expect(await sizesOf(path)).toEqual([`${FLAVOR}2`]);
    expect((await send('POST', path, { mixins: [`${CRTP}small`] })).status).toBe(200);
    expect(await sizesOf(path)).toEqual([`${CRTP}small`]);
    expect((await alice.endpoint.send('DELETE', path)).status).toBe(200);
  });

  test('shows the flavor that another tool has given it, and its size again once that is taken back', async () => {
    const path = await make(alice.endpoint, { kind: 'compute', mixins: [`${CRTP}small`] });
    await active(path);
    await nova({ resize: { flavorRef: '3' } });
    const resized = (mixin: string) =>
      alice.eventually(
        () => read(alice.endpoint, path),
        ({ mixins }) => mixins.includes(mixin),
      );
    expect((await resized(`${FLAVOR}3`)).mixins).toContain(`${FLAVOR}3`);
    await alice.eventually(
      () =>
        nova({ revertResize: null })
          .then(() => true)
          .catch(() => false),
      (done) => done,
    );
    expect((await resized(`${CRTP}small`)).mixins).toContain(`${CRTP}small`);
    expect(await sizesOf(path)).toEqual([`${CRTP}small`]);
  });
});

describe('What a server remembers of its sizes', () => {
  const TERMS = CRTP_TEMPLATES.map(({ term }) => term);
  const term = fc.constantFrom(...TERMS);
  // Long ones differ in their last characters only.
  const flavor = fc
    .oneof(
      fc.uuid(),
      fc.integer({ min: 1, max: 9 }).map(String),
      fc.integer({ min: 1, max: 255 }).map((chars) => 'm'.repeat(chars)),
      fc.constantFrom('1', '2').map((last) => `${'m'.repeat(254)}${last}`),
      fc.constantFrom('m1.small =x', 'small,large=1', ''),
      fc.string({ maxLength: 255 }),
    )
    .map((id) => ({ id }));
  const idOf = (wanted: string) => typeId(CRTP_TEMPLATES.find((size) => size.term === wanted)!);

  test('is the size for the flavor that was chosen for it, and no other', () => {
    fc.assert(
      fc.property(term, flavor, flavor, (wanted, chosen, other) => {
        const server = { metadata: { ...profileMetadata(wanted, chosen) } };
        expect(profileSizeOf(server, chosen)).toBe(idOf(wanted));
        if (other.id !== chosen.id) expect(profileSizeOf(server, other)).toBeUndefined();
        expect(profileSizeOf({ metadata: {} }, chosen)).toBeUndefined();
      }),
    );
  });

  test('is both sizes until the new one is there, and fits what Nova takes', () => {
    fc.assert(
      fc.property(term, flavor, fc.option(term, { nil: undefined }), flavor, (before, present, wanted, next) => {
        const metadata = { ...profileMetadata(before, present) };
        const after = { ...metadata, ...changedProfile({ metadata }, { present, next, term: wanted }) };
        for (const value of Object.values(after)) expect(value.length).toBeLessThanOrEqual(255);
        expect(profileSizeOf({ metadata: after }, next)).toBe(wanted && idOf(wanted));
        if (present.id !== next.id) expect(profileSizeOf({ metadata: after }, present)).toBe(idOf(before));
      }),
    );
  });

  test('of others is not believed: unknown terms and texts without a flavor are passed over', () => {
    for (const text of ['', 'huge=1', 'small', '=1', ',,', 'small=2'])
      expect(profileSizeOf({ metadata: { 'occi.size': text } }, { id: '1' })).toBeUndefined();
  });
});
