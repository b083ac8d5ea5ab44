/** SCENARIOS: the total table target × verb → requests that a process may die over. A kind that is added is in them. */
import type { Target } from '../../lib/entities/backend.ts';
import { KIND_TERMS, type KindTerm } from '../../lib/occi/kinds/index.ts';
import type { Verb } from '../../lib/operations/index.ts';
import { pathOf, plain } from '../lib/operations/payloads.ts';
import { act, definition, naming, post, postAll, put, remove, TAGS } from './requests.ts';
import type { Scenario } from './scenario.ts';
import { isLinkKind, type Setup } from './setup.ts';

/** `reads`: it changes nothing. `none`: there is no such operation. */
type Row = Readonly<Record<Verb, readonly Scenario[] | 'reads' | 'none'>>;

const KEY = 'one-key';
const TEXTS = { 'occi.core.title': 'a title', 'occi.core.summary': 'a summary' };
const TITLE = { 'occi.core.title': 'a title' };
/** The id that a client proposes for one of several. */
const PROPOSED = 'urn:uuid:0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c';
const FIRST_INTERFACE = 'the first interface of a machine goes with the machine only';
/** The cloud whose external networks give addresses to links. */
const OPENSTACK = ['openstack'] as const;
const NO_NETWORK_STATE = 'its networks go neither up nor down';

/** A machine with links of every kind, texts and a tag. */
async function machine(setup: Setup) {
  const { id } = await setup.tag('made');
  return setup.wanted('compute', { links: await setup.links(), attributes: TEXTS, mixins: [id] });
}

/** A link of a machine to an external network, which takes an address of it. */
async function outside(setup: Setup) {
  const target = await setup.publishedNetwork();
  const source = await setup.make('compute', { links: [await setup.link('networkinterface')] });
  return { kind: 'networkinterface', attributes: { 'occi.core.source': source, 'occi.core.target': target } };
}

/** Makes such a link: the paths of its machine and its own. */
async function linkedOutside(setup: Setup) {
  const wanted = await outside(setup);
  const { headers } = await setup.send(post('/networkinterface/', wanted));
  return { machine: wanted.attributes['occi.core.source'], link: pathOf(headers.location!) };
}

/** What a second attempt without a key meets: the first has the storage, the name or the range of what it wants. */
const TAKEN = [409];

const creates = KIND_TERMS.map(
  (kind): Scenario => ({
    name: `create a ${kind}`,
    request: async (setup) => post(`/${kind}/`, await setup.wanted(kind)),
    ...((isLinkKind(kind) || kind === 'network') && { afterwards: TAKEN }),
  }),
);

const createsUnderKey = KIND_TERMS.map(
  (kind): Scenario => ({
    name: `create a ${kind} with a key`,
    request: async (setup) => post(`/${kind}/`, await setup.wanted(kind), KEY),
    once: true,
  }),
);

const removes = KIND_TERMS.map(
  (kind): Scenario => ({
    name: `delete a ${kind}`,
    request: async (setup) => remove(await setup.make(kind)),
    once: true,
    afterwards: [404],
  }),
);

const placed = (kind: KindTerm): Scenario => ({
  name: `make a ${kind} at a path`,
  request: async (setup) =>
    put(`/${kind}/chosen`, await setup.wanted(kind, { attributes: isLinkKind(kind) ? TITLE : TEXTS })),
  once: true,
});

const several = async (setup: Setup, key?: string) => {
  const disk = await setup.wanted('storage', { attributes: TEXTS });
  const links = [{ kind: 'storagelink', target: PROPOSED }];
  const computes = [await setup.wanted('compute', { links }), await setup.wanted('compute')];
  return postAll('/', [{ ...disk, id: PROPOSED }, ...computes], key);
};

/** Three machines, the first with links. */
async function machines(setup: Setup) {
  const first = await setup.make('compute', { links: await setup.links() });
  return [first, await setup.make('compute'), await setup.make('compute')] as const;
}

export const SCENARIOS: { readonly [K in Target['is']]: Row } = {
  queryInterface: {
    get: 'reads',
    post: [
      {
        name: 'define two mixins',
        request: async () => ({ method: 'POST', path: '/-/', ...definition('one', 'two') }),
      },
    ],
    put: 'none',
    delete: [
      {
        name: 'remove a mixin that two entities have',
        async request(setup) {
          const { id } = await setup.tag('gone');
          await setup.make('compute', { mixins: [id] });
          await setup.make('storage', { mixins: [id] });
          return { method: 'DELETE', path: '/-/', ...plain(`Category: gone; scheme="${TAGS}"; class="mixin"`) };
        },
        afterwards: [404],
      },
    ],
    act: 'none',
  },
  kindCollection: {
    get: 'reads',
    post: [
      ...creates,
      ...createsUnderKey,
      {
        name: 'create a machine with links',
        request: async (setup) => post('/compute/', await machine(setup)),
        afterwards: TAKEN,
      },
      {
        name: 'create a machine with links and a key',
        request: async (setup) => post('/compute/', await machine(setup), KEY),
        once: true,
      },
      {
        name: 'link a machine to an external network',
        request: async (setup) => post('/networkinterface/', await outside(setup)),
        afterwards: TAKEN,
        only: OPENSTACK,
      },
      {
        name: 'link a machine to an external network with a key',
        request: async (setup) => post('/networkinterface/', await outside(setup), KEY),
        once: true,
        only: OPENSTACK,
      },
    ],
    put: 'none',
    delete: [
      {
        name: 'delete all machines',
        async request(setup) {
          await machines(setup);
          return remove('/compute/?all=true');
        },
      },
      {
        name: 'delete two machines of three',
        async request(setup) {
          const [first, second] = await machines(setup);
          return remove('/compute/', first, second);
        },
        afterwards: [400],
      },
    ],
    act: [
      {
        name: 'stop all machines',
        async request(setup) {
          await machines(setup);
          return act('/compute/', 'compute', 'stop');
        },
        once: true,
        afterwards: [409],
      },
    ],
  },
  coreCollection: {
    get: 'reads',
    post: [
      {
        name: 'create a machine among all resources',
        request: async (setup) => post('/resource/', await machine(setup), KEY),
        once: true,
      },
    ],
    put: 'none',
    delete: [
      {
        name: 'delete all links',
        async request(setup) {
          await machines(setup);
          return remove('/link/?all=true');
        },
        not: { ec2: FIRST_INTERFACE },
      },
    ],
    act: [
      {
        name: 'stop all machines among all resources',
        async request(setup) {
          await setup.make('compute');
          await setup.make('compute');
          const { path: _, ...request } = act('', 'compute', 'stop');
          return { ...request, path: '/resource/?action=stop&category=compute' };
        },
        once: true,
        afterwards: [409],
      },
    ],
  },
  mixinCollection: {
    get: 'reads',
    post: [
      {
        name: 'tag two entities',
        async request(setup) {
          const { path } = await setup.tag('tag');
          return naming('POST', path, await setup.make('compute'), await setup.make('storage'));
        },
        once: true,
      },
    ],
    put: [
      {
        name: 'make others the members of a mixin',
        async request(setup) {
          const { id, path } = await setup.tag('tag');
          const member = await setup.make('compute', { mixins: [id] });
          await setup.make('storage', { mixins: [id] });
          return naming('PUT', path, member, await setup.make('compute'));
        },
        once: true,
      },
    ],
    delete: [
      {
        name: 'take a mixin off all its members',
        async request(setup) {
          const { id, path } = await setup.tag('tag');
          await setup.make('compute', { mixins: [id], attributes: TEXTS });
          await setup.make('storage', { mixins: [id] });
          return remove(`${path}?all=true`);
        },
        once: true,
      },
    ],
    act: [
      {
        name: 'stop the machines of a mixin',
        async request(setup) {
          const { id, path } = await setup.tag('tag');
          await setup.make('compute', { mixins: [id] });
          await setup.make('compute', { mixins: [id] });
          return act(path, 'compute', 'stop');
        },
        once: true,
        afterwards: [409],
      },
    ],
  },
  entity: {
    get: 'reads',
    post: [
      {
        name: 'change texts and add a tag',
        async request(setup) {
          const { id } = await setup.tag('tag');
          return post(await setup.make('compute'), { attributes: TEXTS, mixins: [id] });
        },
        once: true,
      },
      {
        name: 'add links',
        async request(setup) {
          const compute = await setup.make('compute');
          const links = [await setup.link('storagelink'), await setup.link('networkinterface')];
          return post(compute, { attributes: TEXTS, links });
        },
        afterwards: TAKEN,
      },
    ],
    put: [
      ...KIND_TERMS.map(placed),
      {
        name: 'make a machine with links at a path',
        request: async (setup) => put('/compute/chosen', await machine(setup)),
        afterwards: [400],
      },
      {
        name: 'make a machine again at the path of one that is gone',
        async request(setup) {
          const wanted = await setup.wanted('compute', { attributes: TEXTS });
          await setup.send(put('/compute/chosen', wanted));
          await setup.send(remove('/compute/chosen'));
          return put('/compute/chosen', wanted);
        },
        once: true,
      },
      {
        name: 'replace a machine',
        async request(setup) {
          const { id } = await setup.tag('tag');
          const wanted = await setup.wanted('compute', { attributes: TEXTS, mixins: [id] });
          await setup.send(put('/compute/chosen', wanted));
          return put('/compute/chosen', { ...wanted, attributes: { 'occi.core.summary': 'another' }, mixins: [] });
        },
        once: true,
      },
    ],
    delete: [
      ...removes,
      {
        name: 'delete a link to an external network',
        request: async (setup) => remove((await linkedOutside(setup)).link),
        once: true,
        afterwards: [404],
        only: OPENSTACK,
      },
      {
        name: 'delete a machine that is linked to an external network',
        request: async (setup) => remove((await linkedOutside(setup)).machine),
        afterwards: [404],
        only: OPENSTACK,
      },
      {
        name: 'delete a machine with links',
        request: async (setup) => remove(await setup.make('compute', await machine(setup))),
        afterwards: [404],
      },
      {
        name: 'delete a machine with links at a chosen path',
        async request(setup) {
          await setup.send(put('/compute/chosen', await machine(setup)));
          return remove('/compute/chosen');
        },
        afterwards: [404],
      },
    ],
    act: [
      {
        name: 'stop a machine',
        request: async (setup) => act(await setup.make('compute'), 'compute', 'stop'),
        once: true,
        afterwards: [409],
      },
      {
        name: 'save a machine',
        request: async (setup) => act(await setup.makeSavable(), 'compute', 'save', { name: 'saved', method: 'hot' }),
        leaves: /^(?:row template#|native (?:templates|images))/,
      },
      {
        name: 'back a storage up',
        request: async (setup) => act(await setup.make('storage'), 'storage', 'backup'),
        leaves: /^native (?:images|backups)/,
      },
      {
        name: 'take a network down',
        request: async (setup) => act(await setup.make('network'), 'network', 'down'),
        once: true,
        afterwards: [409],
        not: { opennebula: NO_NETWORK_STATE, ec2: NO_NETWORK_STATE },
      },
    ],
  },
  unbound: {
    get: 'reads',
    post: [
      { name: 'create three linked entities', request: (setup) => several(setup) },
      { name: 'create three linked entities with a key', request: (setup) => several(setup, KEY), once: true },
    ],
    put: 'none',
    delete: [
      {
        name: 'delete everything',
        async request(setup) {
          await setup.make('compute', { links: await setup.links() });
          return remove('/?all=true');
        },
      },
    ],
    act: 'none',
  },
};
