import { type Event, session, tells, tellsAll } from '../story.ts';

const IMAGE = '991abbb1-5a4e-4201-af3a-8935da181af7';

const images = (...cases: readonly string[]): string[] => cases.map((one) => `glance.images.${one}`);

const isProtected =
  (value: boolean): Event =>
  (story) =>
    story.call(
      'alice',
      'image',
      ['PATCH', `/v2/images/${IMAGE}`, [{ op: 'replace', path: '/protected', value }]],
      'application/openstack-images-v2.1-json-patch',
    );

/** The image of a server, as Nova makes it. */
const snapshot =
  (id: string, name: string, base: string): Event =>
  ({ stand: { site } }) => {
    const project = site.people.projectNamed('alpha')!.id;
    const user = site.people.userNamed('alice')!.id;
    site.ids.expect(id);
    const wish = { name, serverId: 'c5247107-5f3a-4aad-a177-5a9dcb685b04', baseImageId: base, metadata: {} };
    site.between.images.snapshot(project, user, wish);
  };

/** Sums of data that the stand-in has not; the order of roles, which changes from one snapshot to the next. */
const FREE = [/os_hash_value$/, /boot_roles$/];

const CIRROS = '7ee45757-09e6-46e6-9bc8-847da7c611f0';

const steps: readonly (string | Event)[] = [
  'glance.versions--root-300',
  'glance.any--unscoped-token',
  ...images('list--no-token-401', 'list--public', 'list--limit-2', 'list--limit-2-marker', 'list--by-name'),
  ...images('list--limit-negative-400', 'list--unknown-marker-400', 'list--unknown-filter'),
  ...images('show--public', 'show--unknown-404', 'create--private', 'create--public-by-member-403'),
  ...images('create--by-reader-403', 'create--id-in-use-409', 'create--name-256-400', 'show--foreign-private-404'),
  ...images('upload--wrong-content-type-415', 'upload--ok', 'upload--again-409', 'show--own'),
  ...images('update--rename', 'update--read-only-403', 'update--wrong-content-type-415'),
  ...images('deactivate--foreign-403', 'delete--foreign-private-404', 'delete--foreign-public-403'),
  isProtected(true),
  ...images('delete--protected-403'),
  isProtected(false),
  ...images('delete--own', 'delete--again-404'),
  snapshot('182415fa-5584-4876-809f-0420e5e9b714', 'snap-2', CIRROS),
  ...images('show--snapshot'),
  snapshot('9e4e3dfa-7514-47bf-a09e-b1ef29e7d41e', 'snap', CIRROS),
  ...images('show--snapshot-15-s-later'),
];

tells({
  title: 'recorded images',
  steps,
  free: FREE,
  callers: { 'glance.any--unscoped-token': 'unscoped', 'glance.images.delete--foreign-public-403': 'alice' },
});

const SESSION = session('glance', '2026-11-30T16:03', '2026-11-30T16:11');

tells({ title: 'images', steps: SESSION, free: FREE });

tellsAll('glance', [...steps, ...SESSION]);
