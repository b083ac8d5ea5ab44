/** Every recorded volume is valid storage, every recorded refusal of Cinder a failure with one sentence. */
import { describe, expect, test } from '@jest/globals';
import { refusalIn } from '../../../../adapters/openstack/api/answers.ts';
import { toOcciError } from '../../../../adapters/openstack/api/errors.ts';
import { meaning } from '../../../../adapters/openstack/api/refusals/index.ts';
import { regionMixin, zoneMixin } from '../../../../adapters/openstack/mixins.ts';
import { type Volume, volume } from '../../../../adapters/openstack/native/volume.ts';
import { toStorage } from '../../../../adapters/openstack/storage/reads.ts';
import { storageState } from '../../../../adapters/openstack/volume-states.ts';
import type { Failure } from '../../../../lib/errors.ts';
import { expectValid } from '../../../contract/adapter/validity.ts';
import { type Recording, recordingsOf } from '../../../openstack/recordings.ts';

const CINDER = recordingsOf('cinder');

function volumesIn({ response: { body } }: Recording): unknown[] {
  const { volume: one, volumes = [] } = (body ?? {}) as { volume?: unknown; volumes?: unknown[] };
  return [...(one === undefined ? [] : [one]), ...volumes].filter((found) => Object.hasOwn(found as object, 'status'));
}

const answered = CINDER.filter(({ response }) => response.status < 300);
/** 406 is for a microversion that Cinder does not have: none is sent before it has said that it does. */
const refused = CINDER.filter(({ response }) => response.status >= 400 && response.status !== 406);

const asFailure = ({ request, response: { status, headers, body } }: Recording, kind = 'storage') => {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return toOcciError(refusalIn('volume', { status, headers: lower, text }, request.method === 'GET', meaning), kind);
};

describe('a recorded volume', () => {
  const all = answered.flatMap((recording) => volumesIn(recording).map((one) => [recording.name, one] as const));

  test('is there in many states', () => {
    const states = new Set(all.map(([, one]) => (one as Volume).status));
    expect([...states].sort()).toEqual(expect.arrayContaining(['available', 'creating', 'deleting', 'in-use']));
  });

  test.each(all)('of %s is valid storage', (_name, one) => {
    const found = volume.parse(one);
    const shown = toStorage(found, 'RegionOne');
    expectValid(shown, [zoneMixin(found.availability_zone ?? 'nova'), regionMixin('RegionOne')]);
    expect(shown.id).toBe(found.id);
    expect(shown.attributes['occi.core.title']).toBe(found.name || undefined);
    expect(shown.attributes['occi.storage.size']).toBe(found.size);
    expect(shown.attributes['occi.storage.state']).toBe(storageState(found.status).state);
  });
});

describe('a state of Cinder', () => {
  test.each([
    ['available', 'online', undefined],
    ['in-use', 'online', undefined],
    ['creating', 'waiting', /being made/],
    ['extending', 'waiting', /larger/],
    ['reserved', 'waiting', /reserved/],
    ['detaching', 'waiting', /detached/],
    ['backing-up', 'waiting', /backup/i],
    ['error', 'error', /could not make/],
    ['error_deleting', 'error', /could not delete/],
    ['error_extending', 'error', /larger/],
  ])('%s is %s, with its reason', (status, state, message) => {
    const shown = storageState(status);
    expect(shown.state).toBe(state);
    if (message) expect(shown.message).toMatch(message);
    else expect(shown.message).toBeUndefined();
  });

  test('of a newer Cinder is waiting, and named', () => {
    expect(storageState('levitating')).toEqual({ state: 'waiting', message: expect.stringContaining('levitating') });
    expect(storageState('toString').state).toBe('waiting');
  });
});

describe('a recorded refusal of Cinder', () => {
  test.each(refused.map((one) => [one.name, one] as const))('%s is one sentence without ids', (_name, recording) => {
    const { message, failure } = asFailure(recording);
    expect(message).toMatch(/^[A-Z][^\n]*\.$/);
    expect(message).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{32}|Policy|req-|http/);
    expect(failure).not.toBe('internal');
  });

  const EXPECTED: readonly (readonly [string, Failure, RegExp])[] = [
    [
      'cinder.volumes.create--over-quota-413',
      'conflict',
      /quota .* 100000 GiB more than the 1 GiB in use, of 1000 GiB/,
    ],
    ['cinder.volumes.create--one-too-many-413', 'conflict', /quota/],
    ['cinder.snapshots.create--one-too-many-413', 'conflict', /quota/],
    ['cinder.volumes.action.extend--over-quota-413', 'conflict', /quota/],
    ['cinder.volumes.action.extend--in-use', 'conflict', /present state/],
    ['cinder.volumes.delete--in-use-400', 'conflict', /present state/],
    ['cinder.volumes.delete--has-snapshot-400', 'conflict', /present state/],
    ['cinder.volumes.create--by-reader-403', 'forbidden', /does not permit/],
    ['cinder.volumes.create--unknown-az-400', 'invalid', /availability_zone/],
    ['cinder.volumes.create--name-256-400', 'invalid', /as it is asked for/],
    ['cinder.volumes.show--deleted-404', 'notFound', /no such storage/],
    ['cinder.volumes.show--foreign-own-path-404', 'notFound', /no such storage/],
    ['cinder.volumes.list--no-token-401', 'unauthenticated', /credentials/],
  ];
  test.each(EXPECTED)('%s is %s', (name, failure, message) => {
    const error = asFailure(CINDER.find((one) => one.name === name)!);
    expect([error.failure, error.message]).toEqual([failure, expect.stringMatching(message)]);
    // `Retry-After: 0` of a quota would make clients try at once, for ever.
    expect(error.headers).toEqual({});
  });
});
