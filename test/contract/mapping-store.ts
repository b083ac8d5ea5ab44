/** What every mapping store must do, on any table. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Identities } from '../../lib/mapping/identity.ts';
import type { Mapping } from '../../lib/mapping/rows.ts';
import { MappingStore } from '../../lib/mapping/store.ts';
import { type PartitionKey, partitionsOf } from '../../lib/table/partition-keys.ts';
import type { Table } from '../../lib/table/table.ts';

export interface MappingStoreContract {
  readonly name: string;
  /** Starts a table; `stop` removes it. */
  start(): Promise<{ readonly table: Table; stop?(): Promise<void> }>;
}

const identities = new Identities('dummy', 'test');
const compute: Mapping = { uuid: identities.of('compute', 'c-1').uuid, kind: 'compute', nativeId: 'c-1' };
const partitions = partitionsOf('dummy', 'test');
let tenants = 0;

/** Runs the contract suite on a table. */
export function mappingStoreContract({ name, start }: MappingStoreContract): void {
  describe(`A mapping store over ${name}`, () => {
    let running: Awaited<ReturnType<MappingStoreContract['start']>>;
    let tenant: PartitionKey;
    let store: MappingStore;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running.stop?.());
    beforeEach(() => {
      tenant = partitions.tenant(`tenant-${process.pid}-${name}-${++tenants}`);
      store = new MappingStore(running.table, tenant);
    });
    const another = (of = tenant) => new MappingStore(running.table, of);
    const rows = async (prefix = '') => (await running.table.query(tenant, prefix)).items;

    describe('mappings', () => {
      test('a stored mapping is found by every store of the tenant', async () => {
        const mapping = await store.remember(compute);
        expect(mapping).toEqual(compute);
        expect(await store.find(mapping.uuid)).toEqual(mapping);
        expect(await another().find(mapping.uuid)).toEqual(mapping);
      });

      test('a mapping keeps its creation time', async () => {
        const made = { ...compute, made: 1_795_000_000 };
        await store.remember(made);
        expect(await store.find(compute.uuid)).toEqual(made);
        // Existing tables use the attribute name `native`.
        const { nativeId: native, ...others } = made;
        expect(await rows('entity#')).toEqual([expect.objectContaining({ ...others, native })]);
      });

      test('the same row written twice concurrently is one row', async () => {
        await Promise.all(Array.from({ length: 10 }, () => another().remember(compute)));
        expect(await rows('entity#')).toHaveLength(1);
      });

      test('another tenant does not find it, not even in the cache of the process', async () => {
        const { uuid } = await store.remember(compute);
        expect(await another(partitions.tenant(`${tenant}-other`)).find(uuid)).toBeUndefined();
      });

      test('an entity that never existed is not found', async () => {
        expect(await store.find(identities.of('compute', 'none').uuid)).toBeUndefined();
      });
    });

    describe('annotations', () => {
      const kept = async () => (await store.annotationsOf([compute.uuid])).get(compute.uuid);

      test('a new entity without annotations has no row, even if its predecessor left one', async () => {
        await store.startAnnotation(compute, { tags: ['a#b'], alias: '/web' });
        expect(await kept()).toMatchObject({ ...compute, tags: ['a#b'], alias: '/web' });
        await store.startAnnotation(compute, {});
        expect(await kept()).toBeUndefined();
        expect(await rows()).toEqual([]);
      });

      test('concurrent changes are not lost', async () => {
        const add = (tag: string) => another().annotate(compute, ({ tags = [] }) => ({ tags: [...tags, tag] }));
        await Promise.all(['a', 'b', 'c', 'd'].map(add));
        expect((await kept())!.tags!.toSorted()).toEqual(['a', 'b', 'c', 'd']);
      });

      test('a change keeps what it does not mention', async () => {
        await store.startAnnotation(compute, { alias: '/web', extras: { 'occi.core.summary': 'x' } });
        await store.annotate(compute, () => ({ tags: ['a#b'] }));
        expect(await kept()).toMatchObject({ alias: '/web', extras: { 'occi.core.summary': 'x' }, tags: ['a#b'] });
      });

      test('an empty annotation is removed', async () => {
        await store.annotate(compute, () => ({ tags: ['a#b'] }));
        await store.annotate(compute, () => ({ tags: [] }));
        expect((await store.annotations()).size).toBe(0);
      });

      test('a listing reads the annotations of all pages', async () => {
        const summary = 'x'.repeat(60_000);
        for (let n = 0; n < 40; n++) {
          const { uuid } = identities.of('compute', `c-${n}`);
          await store.startAnnotation(
            { uuid, kind: 'compute', nativeId: `c-${n}` },
            { extras: { 'occi.core.summary': summary } },
          );
        }
        expect((await store.annotations()).size).toBe(40);
      });

      test('of many entities are read in one batch, even if one is asked for twice', async () => {
        const all = Array.from({ length: 150 }, (_, n) => identities.of('storage', `s-${n}`).uuid);
        await store.startAnnotation({ uuid: all[3]!, kind: 'storage', nativeId: 's-3' }, { tags: ['a#b'] });
        await store.startAnnotation({ uuid: all[149]!, kind: 'storage', nativeId: 's-149' }, { tags: ['a#b'] });
        expect([...(await store.annotationsOf([...all, all[3]!])).keys()].toSorted()).toEqual(
          [all[3], all[149]].toSorted(),
        );
        expect((await store.annotationsOf([])).size).toBe(0);
      });
    });

    describe('forgetting', () => {
      test('removes mapping, annotation and alias', async () => {
        const mapping = await store.remember(compute);
        const alias = { path: '/compute/web', kind: 'compute', token: 't', started: Date.now() } as const;
        const reserved = await store.reserve(alias, undefined);
        await store.rebind(reserved!, { uuid: mapping.uuid });
        await store.startAnnotation(mapping, { alias: '/compute/web', tags: ['a#b'] });
        const annotation = (await store.annotationsOf([mapping.uuid])).get(mapping.uuid);
        await store.forget(mapping, annotation, 0);
        expect(await store.find(mapping.uuid)).toBeUndefined();
        expect(await store.alias('/compute/web')).toBeUndefined();
        expect(await rows()).toEqual([]);
      });

      test('leaves a tombstone while the cloud lists the entity; it expires, and a new entity clears it', async () => {
        const mapping = await store.remember(compute);
        await store.forget(mapping, undefined, 86_400);
        expect((await store.annotations()).get(mapping.uuid)).toMatchObject({ deleted: true });
        const [row] = await rows('annotation#');
        const hours = ((row!.expires ?? Number.POSITIVE_INFINITY) - Date.now() / 1000) / 3600;
        expect(hours).toBeGreaterThan(23.9);
        expect(hours).toBeLessThan(24.1);
        await store.startAnnotation(mapping, {});
        expect((await store.annotations()).size).toBe(0);
      });

      test('is idempotent', async () => {
        const mapping = await store.remember(compute);
        await store.forget(mapping, undefined, 0);
        await store.forget(mapping, undefined, 0);
        expect(await rows()).toEqual([]);
      });
    });

    describe('chosen paths', () => {
      const alias = { path: '/compute/web', kind: 'compute', token: 't', started: 0 } as const;

      test('when many claim one path at once, exactly one gets it', async () => {
        const wanted = Array.from({ length: 8 }, (_, n) => ({ ...alias, token: `t${n}` }));
        const got = await Promise.all(wanted.map((one) => another().reserve(one, undefined)));
        expect(got.filter(Boolean)).toHaveLength(1);
        expect(await store.alias(alias.path)).toEqual(got.find(Boolean));
      });

      test('when many take over one path at once, exactly one gets it', async () => {
        const earlier = await store.reserve(alias, undefined);
        const wanted = Array.from({ length: 8 }, (_, n) => ({ ...alias, token: `t${n}` }));
        const got = await Promise.all(wanted.map((one) => another().reserve(one, earlier)));
        expect(got.filter(Boolean)).toHaveLength(1);
        expect((await store.alias(alias.path))!.token).toBe(got.find(Boolean)!.token);
      });

      test('a writer that lost a path can no longer change it', async () => {
        const slow = await store.reserve(alias, undefined);
        const fast = await another().reserve({ ...alias, token: 'fast' }, slow);
        await store.rebind(slow!, { uuid: 'slow' });
        await another().rebind(fast!, { uuid: 'fast' });
        expect((await store.alias(alias.path))!.uuid).toBe('fast');
      });

      test('a released path can be claimed again', async () => {
        const reserved = await store.reserve(alias, undefined);
        await store.release(reserved!);
        expect(await store.reserve(alias, undefined)).toMatchObject(alias);
      });

      test('the paths below a path are found', async () => {
        const reserved = await store.reserve({ ...alias, path: '/teams/a/web' }, undefined);
        expect(await store.hasAliasBelow('/teams/')).toBe(false);
        await store.rebind(reserved!, { uuid: 'u' });
        expect(await store.hasAliasBelow('/teams/')).toBe(true);
        expect(await store.hasAliasBelow('/teams/a/')).toBe(true);
        expect(await store.hasAliasBelow('/teams/b/')).toBe(false);
        expect(await store.hasAliasBelow('/team/')).toBe(false);
      });

      test('a path longer than a key has no owner, and looking it up is not an error', async () => {
        const path = `/${'x'.repeat(2000)}`;
        expect(await store.alias(path)).toBeUndefined();
        expect(await store.hasAliasBelow(`${path}/`)).toBe(false);
        await expect(store.reserve({ ...alias, path }, undefined)).rejects.toMatchObject({ failure: 'tooLarge' });
      });
    });
  });
}
