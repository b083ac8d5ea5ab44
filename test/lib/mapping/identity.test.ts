import { describe, expect, test } from '@jest/globals';
import { Identities, isOurUuid, NAMESPACE } from '../../../lib/mapping/identity.ts';
import { KIND_TERMS, type KindTerm } from '../../../lib/occi/kinds/index.ts';

/** Computed with another implementation of RFC 9562 §5.5. */
const PINNED: Readonly<Record<KindTerm, string>> = {
  compute: 'f5d796d8-44d3-5c0e-ab61-782ffe330208',
  storage: 'edc2fdde-bd5d-5ffb-b214-ecca6cdc8ad2',
  network: '40015763-6959-572d-8323-3b2d4815fe4f',
  securitygroup: '15afac10-db6a-5972-807a-e70791b8c73a',
  ipreservation: '3395b13f-891a-5c91-9153-1d54b6371a06',
  networkinterface: 'd94489e2-5c96-5659-85e9-921ca5ad6a3c',
  storagelink: 'f4781d9b-460e-557e-b28c-0f1d46d8ac3d',
  securitygrouplink: '9d86aadf-bd0c-5927-b850-46355051abaf',
};

describe('The id of an entity is pinned for ever (ADR-3): another one would be another entity to every client', () => {
  const identities = new Identities('opennebula', 'site-1');

  test.each(KIND_TERMS)('of a %s', (kind) => {
    const uuid = PINNED[kind];
    const { urn, path, ...identity } = identities.of(kind, '42');
    expect({ uuid: identity.uuid, urn, path }).toEqual({ uuid, urn: `urn:uuid:${uuid}`, path: `/${kind}/${uuid}` });
  });

  test('the namespace', () => {
    expect(NAMESPACE).toBe('6f6c1c5e-3c5e-5d0a-9f0e-0c0c1de17e55');
  });

  test('native ids of any characters, as UTF-8', () => {
    const { uuid } = new Identities('ec2', 'eu-1').of('networkinterface', 'i-0abc:nic0:sübnet, "x"');
    expect(uuid).toBe('940f5682-d284-5373-94c2-9c68a9ebc505');
  });

  test('it depends on adapter, site, kind and native id, and on nothing else', () => {
    const all = [
      new Identities('dummy', 'a').of('compute', '1'),
      new Identities('dummy', 'b').of('compute', '1'),
      new Identities('ec2', 'a').of('compute', '1'),
      new Identities('dummy', 'a').of('storage', '1'),
      new Identities('dummy', 'a').of('compute', '2'),
    ].map(({ uuid }) => uuid);
    expect(new Set(all).size).toBe(5);
    for (const uuid of all) expect(isOurUuid(uuid)).toBe(true);
    expect(new Identities('dummy', 'a').of('compute', '1').uuid).toBe(all[0]);
  });

  test('more entities than are remembered have the same ids as ever', () => {
    const many = new Identities('dummy', 'a');
    const first = many.of('compute', '0').uuid;
    for (let n = 0; n < 60_000; n++) many.of('compute', String(n));
    expect(many.of('compute', '0').uuid).toBe(first);
  });
});

test('an id of ours is a UUID of version 5 in its canonical form and nothing else', () => {
  const uuid = PINNED.compute;
  expect(isOurUuid(uuid)).toBe(true);
  for (const other of [
    '',
    uuid.toUpperCase(),
    `{${uuid}}`,
    `urn:uuid:${uuid}`,
    uuid.replaceAll('-', ''),
    `${uuid}\n`,
    ` ${uuid}`,
    `${uuid}0`,
  ]) {
    expect(isOurUuid(other)).toBe(false);
  }
});

test('the paths of a listing follow from its ids alone, whatever was listed before', () => {
  const identities = new Identities('dummy', 'a');
  const pathOf = (id: string) => new Identities('dummy', 'a').of('compute', id).path;
  const listings = [['1', '2'], ['2', '1'], ['1'], [], ['1', '2', '3'], ['1', '2'], ['1', '3']];
  for (const ids of listings) expect(identities.paths('compute', ids)).toEqual(ids.map(pathOf));
  expect(identities.paths('storage', ['1'])).toEqual([new Identities('dummy', 'a').of('storage', '1').path]);
});

test('a listing of the same ids gives the same frozen list again', () => {
  const identities = new Identities('dummy', 'a');
  const ids = ['1', '2'];
  const paths = identities.paths('compute', ids);
  ids.push('3');
  expect(identities.paths('compute', ['1', '2'])).toBe(paths);
  expect(identities.paths('compute', ids)).toHaveLength(3);
  expect(Object.isFrozen(paths)).toBe(true);
});
