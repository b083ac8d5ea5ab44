/** For every operation a request that it uses whole, and what could be added to one. */
import type { Target } from '../../../lib/entities/backend.ts';
import type { PartKind } from '../../../lib/entities/reads.ts';
import type { Verb } from '../../../lib/operations/index.ts';
import type { Call, Endpoint } from '../../endpoint.ts';
import { CRTP, category, INFRASTRUCTURE, make, plain, read } from '../operations/payloads.ts';

const COMPUTE = `${INFRASTRUCTURE}compute`;
const ACTIONS = `${INFRASTRUCTURE.replace('#', '')}/compute/action#`;
const TAGS = 'http://example.org/tags#';

/** What there is before each request. */
export interface World {
  readonly endpoint: Endpoint;
  /** A machine with a tag, a machine without, another one below a path of the client, and what they could be linked to. */
  readonly web: string;
  readonly db: string;
  readonly disk: string;
  readonly net: string;
  /** From the first machine to the network. */
  readonly link: string;
  readonly id: (path: string) => { kind: string; id: string };
}

export async function makeWorld(endpoint: Endpoint): Promise<World> {
  const tag = `Category: ${category(`${TAGS}mine`, 'mixin')}; location="/mine/"`;
  await endpoint.send('POST', '/-/', plain(tag));
  const [web, db] = [await make(endpoint, { kind: 'compute' }), await make(endpoint, { kind: 'compute' })];
  const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  const net = await make(endpoint, { kind: 'network' });
  const ends = { 'occi.core.source': web, 'occi.core.target': net };
  const link = await make(endpoint, { kind: 'networkinterface', attributes: ends });
  await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${web}`));
  await endpoint.send('PUT', '/teams/web', plain(`Category: ${category(COMPUTE, 'kind')}`));
  const ids = new Map<string, { kind: string; id: string }>();
  for (const path of [web, db, disk, net, link, '/teams/web']) {
    const { kind, id } = await read(endpoint, path);
    ids.set(path, { kind, id });
  }
  return { endpoint, web, db, disk, net, link, id: (path) => ids.get(path)! };
}

type Field = readonly [name: string, value: string];

/** A request by its parts: fields of the text renderings, and the same in JSON. Without both it has no payload. */
export interface Whole {
  readonly method: string;
  readonly path: string;
  readonly fields?: readonly Field[];
  readonly json?: Readonly<Record<string, unknown>>;
}

const define = (term: string) => ({
  fields: [['Category', `${category(TAGS + term, 'mixin')}; location="/${term}/"`]] as Field[],
  json: { mixins: [{ scheme: TAGS, term, location: `/${term}/` }] },
});

const naming = (path: string, { id }: World, list: 'resources' | 'links' = 'resources') => ({
  fields: [['X-OCCI-Location', path]] as Field[],
  json: { [list]: [id(path)] },
});

const stop = {
  fields: [['Category', category(`${ACTIONS}stop`, 'action')]] as Field[],
  json: { action: `${ACTIONS}stop` },
};

const aCompute = { fields: [['Category', category(COMPUTE, 'kind')]] as Field[], json: { kind: COMPUTE } };

type Requests = { readonly [K in Target['is']]: Partial<Record<Verb, (world: World) => Whole>> };

export const WHOLE: Requests = {
  queryInterface: {
    get: () => ({ method: 'GET', path: '/-/' }),
    post: () => ({ method: 'POST', path: '/-/', ...define('other') }),
    delete: () => ({ method: 'DELETE', path: '/-/', ...define('mine') }),
  },
  kindCollection: {
    get: () => ({ method: 'GET', path: '/compute/' }),
    post: () => ({ method: 'POST', path: '/compute/', ...aCompute }),
    delete: (world) => ({ method: 'DELETE', path: '/compute/', ...naming(world.web, world) }),
    act: () => ({ method: 'POST', path: '/compute/?action=stop', ...stop }),
  },
  coreCollection: {
    get: () => ({ method: 'GET', path: '/link/' }),
    post: () => ({ method: 'POST', path: '/resource/', ...aCompute }),
    delete: (world) => ({ method: 'DELETE', path: '/link/', ...naming(world.link, world, 'links') }),
    act: () => ({ method: 'POST', path: '/resource/?action=stop&category=compute', ...stop }),
  },
  mixinCollection: {
    get: () => ({ method: 'GET', path: '/mine/' }),
    post: (world) => ({ method: 'POST', path: '/mine/', ...naming(world.db, world) }),
    put: (world) => ({ method: 'PUT', path: '/mine/', ...naming(world.db, world) }),
    delete: (world) => ({ method: 'DELETE', path: '/mine/', ...naming(world.web, world) }),
    act: () => ({ method: 'POST', path: '/mine/?action=stop', ...stop }),
  },
  entity: {
    get: ({ web }) => ({ method: 'GET', path: web }),
    post: ({ web }) => ({
      method: 'POST',
      path: web,
      fields: [['X-OCCI-Attribute', 'occi.core.title="new"']],
      json: { title: 'new' },
    }),
    put: ({ web }) => ({ method: 'PUT', path: web, ...aCompute }),
    delete: ({ web }) => ({ method: 'DELETE', path: web }),
    act: ({ web }) => ({ method: 'POST', path: `${web}?action=stop`, ...stop }),
  },
  unbound: {
    get: () => ({ method: 'GET', path: '/teams/' }),
    post: () => ({ method: 'POST', path: '/', ...aCompute }),
    delete: (world) => ({ method: 'DELETE', path: '/teams/', ...naming('/teams/web', world) }),
  },
};

/** One part more, by its kind: as a field, and as a member of a JSON object. */
export interface More {
  readonly field?: Field;
  readonly json: Readonly<Record<string, unknown>>;
}

export const moreOf = ({ db, disk, net, id }: World): Readonly<Record<Exclude<PartKind, 'itself'>, More>> => ({
  categories: {
    field: ['Category', category(`${CRTP}small`, 'mixin')],
    json: { mixins: [`${CRTP}small`] },
  },
  attributes: {
    field: ['X-OCCI-Attribute', 'occi.core.summary="more"'],
    json: { attributes: { 'occi.core.summary': 'more' } },
  },
  links: {
    field: ['Link', `<${net}>; rel="${INFRASTRUCTURE}network"; category="${INFRASTRUCTURE}networkinterface"`],
    json: { links: [{ kind: `${INFRASTRUCTURE}networkinterface`, target: { location: net } }] },
  },
  actionLinks: {
    field: ['Link', `<${db}?action=stop>; rel="${ACTIONS}stop"`],
    json: { actions: [`${ACTIONS}stop`] },
  },
  // Another entity's, so that it can never be that of the request itself; and no member of its collection.
  locations: { field: ['X-OCCI-Location', disk], json: { locations: [disk] } },
  ids: { json: { resources: [id(disk)] } },
  several: { json: { resources: [{ kind: COMPUTE }, { kind: COMPUTE }] } },
});

export const inText = (fields: readonly Field[]): Call => plain(...fields.map(([name, value]) => `${name}: ${value}`));

/** Header fields of one name are joined by commas. */
export function headersOf(fields: readonly Field[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields)
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  return headers;
}

export const inHeaders = (fields: readonly Field[]): Call => ({
  headers: { 'Content-Type': 'text/occi', ...headersOf(fields) },
});

export const inJson = (body: object): Call => ({
  headers: { 'Content-Type': 'application/occi+json' },
  body: JSON.stringify(body),
});

/** A request in each rendering; once where it has no payload. */
export function written({ fields, json }: Whole): readonly Call[] {
  return fields && json ? [inText(fields), inHeaders(fields), inJson(json)] : [{}];
}
