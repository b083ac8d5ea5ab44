/** Every place that a request can be sent to, and how each verb is sent there, as total tables. */
import type { Target } from '../../../../lib/entities/backend.ts';
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';
import type { Verb } from '../../../../lib/operations/index.ts';
import type { Things } from './people.ts';

/** The methods of a verb, and what goes into the query. */
export const METHODS = {
  get: ['GET', 'HEAD', 'OPTIONS'],
  post: ['POST'],
  put: ['PUT'],
  delete: ['DELETE'],
  act: ['POST'],
} as const satisfies Record<Verb, readonly string[]>;

/** What a request is about, and the kind that its payload says where one is needed. */
export interface Place {
  readonly path: string;
  readonly kind: KindTerm;
}

/** A user’s places, by target: every path that contains a name. */
export const TARGETS: { readonly [K in Target['is']]: (things: Things) => readonly Place[] } = {
  queryInterface: () => [{ path: '/-/', kind: 'compute' }],
  kindCollection: () =>
    (['compute', 'storage', 'networkinterface'] as const).map((kind) => ({ path: `/${kind}/`, kind })),
  coreCollection: () => [
    { path: '/resource/', kind: 'compute' },
    { path: '/link/', kind: 'networkinterface' },
  ],
  mixinCollection: ({ mixin, template }) => [
    { path: mixin.location, kind: 'compute' },
    { path: template.location, kind: 'compute' },
  ],
  entity: ({ ids, aliases }) => [
    ...(Object.entries(ids) as [KindTerm, string][]).map(([kind, path]) => ({ path, kind })),
    ...aliases.map((path) => ({ path, kind: 'compute' as const })),
  ],
  unbound: ({ below }) => [
    { path: '/', kind: 'compute' },
    { path: below, kind: 'compute' },
  ],
};

/** Other ways to write a path, or what lies around it. */
export const AROUND: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => (path.endsWith('/') ? path.slice(0, -1) : `${path}/`),
  (path) => path.replace(/[^/]+$/, (id) => `urn:uuid:${id}`),
  (path) => path.replace(/[^/]+$/, (id) => id.toUpperCase()),
  (path) => path.replace(/^\/[^/]+/, '/storage'),
  (path) => `${path}/more`,
];
