import { type Event, session, tells, tellsAll } from '../story.ts';

const VOLUME = '0de0ca28-762c-424d-be7e-733bd4d20185';
const SERVER = 'c5247107-5f3a-4aad-a177-5a9dcb685b04';
const SNAPSHOT = '10457885-110f-4cd4-b453-0b489d0562b9';
const BOOTABLE = '37ce399a-b764-40b8-b813-d52f5251eadb';
const LAST = 'c88f9d8e-c22c-4773-84fc-097d0770ef78';

const volumes = (...cases: readonly string[]): string[] => cases.map((one) => `cinder.volumes.${one}`);

const settled: Event = ({ stand }) => stand.site.steps.settle();

/** A volume with its recorded id, available. */
const made =
  (id: string): Event =>
  async (story) => {
    await story.call('alice', 'volume', ['POST', '/v3/volumes', { volume: { size: 1 } }, id]);
    story.stand.site.steps.settle();
  };

/** Attached by Nova. */
const attached =
  (id: string): Event =>
  ({ stand: { site } }) => {
    const attachmentId = 'e5cba5e4-a170-4764-acb0-1fd9b813f24f';
    site.between.volumes.reserve(id, { serverId: SERVER, attachmentId });
    site.between.volumes.attach(id, { serverId: SERVER, attachmentId, device: '/dev/sdc' });
  };

const detached =
  (id: string): Event =>
  ({ stand: { site } }) =>
    site.between.volumes.detach(id, SERVER);

const deleted =
  (path: string): Event =>
  async (story) => {
    await story.call('alice', 'volume', ['DELETE', path]);
    story.stand.site.steps.settle();
  };

const expected =
  (id: string): Event =>
  ({ stand }) =>
    stand.site.ids.expect(id);

/** Microseconds of a creation. */
const FREE = [/^\/(volume|snapshot)\/created_at$/];

const steps: readonly (string | Event)[] = [
  'cinder.versions--root',
  ...volumes('list--no-token-401'),
  'cinder.types.list--default',
  'cinder.limits.show--own',
  ...volumes('detail--empty'),
  expected(VOLUME),
  ...volumes('create--1GB', 'show--creating'),
  settled,
  ...volumes('show--available', 'show--available-3.71', 'create--size-0-400', 'create--no-size-400'),
  ...volumes('create--name-256-400', 'create--size-text-400', 'create--metadata-value-256-400'),
  ...volumes('create--over-quota-413', 'create--unknown-type-404', 'create--unknown-az-400'),
  ...volumes('create--unknown-property', 'create--by-reader-403', 'show--foreign-project-path'),
  settled,
  ...volumes('list--microversion-unsupported-406', 'show--no-project-in-path-3.67'),
  attached(VOLUME),
  ...volumes('show--in-use', 'action.extend--in-use', 'delete--in-use-400'),
  detached(VOLUME),
  ...volumes('action.extend--ok'),
  settled,
  ...volumes('action.extend--smaller-400', 'update--rename'),
  expected(SNAPSHOT),
  'cinder.snapshots.create--ok',
  settled,
  'cinder.snapshots.show--available',
  ...volumes('delete--has-snapshot-400', 'action.reset-status--member-403', 'list--limit-1'),
  deleted(`/v3/snapshots/${SNAPSHOT}`),
  ...volumes('delete--ok'),
  settled,
  ...volumes('show--deleted-404'),
  made(BOOTABLE),
  ...volumes('action.set-bootable--ok'),
  ({ stand }) => stand.site.between.volumes.remove(BOOTABLE),
  settled,
  ...volumes('show--deleted-with-its-server'),
  made(LAST),
  attached(LAST),
  detached(LAST),
  ...volumes('show--after-server-delete'),
  'cinder.any--unscoped-token',
];

tells({
  title: 'recorded volumes',
  steps,
  free: FREE,
  callers: { 'cinder.any--unscoped-token': 'unscoped' },
});

/** In the sessions, where a recording shows what had come to its end. */
const AFTER_WAIT = [
  'volumes.create--no-envelope-400',
  'volumes.list--two',
  'volumes.show--after-extend',
  'snapshots.list--own',
  'volumes.create--from-snapshot',
  'volumes.show--from-snapshot',
  'snapshots.show--deleted-404',
  'quota-sets.update--by-member-403',
].map((name) => `cinder.${name}`);

const withWaits = (names: readonly string[]): (string | Event)[] =>
  names.flatMap((name) => (AFTER_WAIT.includes(name) ? [settled, name] : [name]));

const FIRST = session('cinder', '2026-11-30T16:03', '2026-11-30T16:11');
const SECOND = session('cinder', '2026-11-30T16:11', '2026-11-30T16:20');

tells({
  title: 'volumes, snapshots and backups',
  steps: withWaits(FIRST),
  free: FREE,
  notReplayed: {
    'cinder.volumes.show--from-image': 'The fake driver of the recorded site could not write an image.',
  },
});

tells({ title: 'quotas and microversions of volumes', steps: withWaits(SECOND), free: FREE });

tellsAll('cinder', [...steps, ...FIRST, ...SECOND]);
