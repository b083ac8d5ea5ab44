/**
 * The life of everything that a cloud has, by the requests of one client: discovery, creates, links, actions, updates,
 * collections, filters, mixins, deletes. The same steps for every rendering and every cloud, so that none falls behind.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AttributeValue } from '../../lib/occi/types.ts';
import type { Call, Endpoint, Reply } from '../endpoint.ts';
import {
  action,
  category,
  entity,
  INFRASTRUCTURE,
  type MediaType,
  pathOf,
  RENDERINGS,
  type Wanted,
} from '../lib/operations/payloads.ts';
import { idsIn, parsedIn, type Shown, shownIn } from './shown.ts';

export interface CloudOfLife {
  readonly endpoint: Pick<Endpoint, 'send'>;
  /** Credentials, if the cloud wants them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the cloud may take to carry out what it has accepted, in seconds; default 10. */
  readonly patience?: number;
  /** Attributes that a network needs there, each time others. */
  readonly network: () => Readonly<Record<string, AttributeValue>>;
  stop(): Promise<void>;
}

/** A client, as its requests look. */
interface Client {
  readonly name: string;
  readonly mediaType: MediaType;
  readonly agent: string;
}

const CLIENTS: readonly Client[] = [
  ...RENDERINGS.map((mediaType) => ({ name: mediaType, mediaType, agent: 'life OCCI/1.2' })),
  { name: 'application/occi+json of before 1.2', mediaType: 'application/occi+json', agent: 'life OCCI/1.1' },
];

/** Text with all that means something to a rendering or a header. */
const TITLE = 'a "b", c;\td=é \\ <e>';

const USER_DATA = 'I2Nsb3VkLWNvbmZpZwo=';
/** A public key whose numbers are any. */
const KEY = (() => {
  const sized = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const blob = Buffer.concat([sized(Buffer.from('ssh-ed25519')), sized(Buffer.alloc(32, 7))]);
  return `ssh-ed25519 ${blob.toString('base64')} life@example.org`;
})();

const KEY_MIXIN = 'http://schemas.ogf.org/occi/infrastructure/credentials#ssh_key';
const DATA_MIXIN = 'http://schemas.openstack.org/compute/instance#user_data';
const IP_NETWORK = `${INFRASTRUCTURE.replace('#', '/network#')}ipnetwork`;
const SMALL = 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#small';
const TAG = { term: 'life', scheme: 'http://example.org/tags#', location: '/of-life/' };
const STATE = 'occi.compute.state';

/** Octets of headers as Node takes them, one character for each. */
const asOctets = (headers: Call['headers'] = {}) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Buffer.from(String(value)).toString('latin1')]),
  );

const POLL_MS = 50;
/** How long the start and the end of a cloud may each take. */
const START_AND_STOP_MS = 300_000;

/** Registers the life cycle of every client on a cloud; or of those alone that write in `renderings`, as of 1.2. */
export function lifeCycles(cloud: string, start: () => Promise<CloudOfLife>, renderings?: readonly MediaType[]): void {
  let site: CloudOfLife;
  beforeAll(async () => {
    site = await start();
  }, START_AND_STOP_MS);
  afterAll(() => site?.stop(), START_AND_STOP_MS);

  /** Repeats a look until it finds what it wants: clouds carry out later what they have accepted. */
  async function eventually<T>(look: () => Promise<T>, isThere: (seen: T) => boolean): Promise<T> {
    const end = Date.now() + (site.patience ?? 10) * 1000;
    for (;;) {
      const seen = await look();
      if (isThere(seen) || Date.now() > end) return seen;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  const clients = CLIENTS.filter(({ name }) => renderings === undefined || renderings.some((one) => one === name));
  describe.each(clients)(`${cloud}, $name`, ({ mediaType, agent }) => {
    const send = async (method: string, path: string, call: Call = {}): Promise<Reply> => {
      const headers = { Accept: mediaType, ...asOctets(call.headers), 'User-Agent': agent, ...site.headers };
      return site.endpoint.send(method, path, { ...call, headers });
    };
    const ok = (reply: Reply, status = 200): Reply => {
      const { 'x-occi-error': error } = reply.headers;
      expect([reply.status, error, reply.status === status ? '' : reply.body]).toEqual([status, undefined, '']);
      expect(reply.headers['content-type']).toMatch(new RegExp(`^${mediaType.replace('+', '\\+')}(;|$)`));
      return reply;
    };
    const get = async (path: string): Promise<Shown> => shownIn(ok(await send('GET', path)), path);
    const make = async (kind: string, wanted: Wanted): Promise<string> => {
      const reply = ok(await send('POST', `/${kind}/`, entity(mediaType, { kind, ...wanted })), 201);
      return pathOf(reply.headers.location!);
    };
    const list = async (path: string, headers: Call['headers'] = {}) => idsIn(ok(await send('GET', path, { headers })));
    const idOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
    /** The entity, once the cloud shows all of it: a new one is `waiting` until then. */
    const settled = (path: string) =>
      eventually(
        () => get(path),
        ({ attributes }) =>
          !Object.entries(attributes).some(([name, value]) => name.endsWith('.state') && value === 'waiting'),
      );
    const inState = (path: string, state: string) =>
      eventually(
        () => get(path),
        ({ attributes }) => attributes[STATE] === state,
      );
    const definition = (): Call => {
      const headers = { 'Content-Type': mediaType };
      const line = `${TAG.term}; scheme="${TAG.scheme}"; class="mixin"; title="${TITLE.replace(/["\\]/g, '\\$&')}"; location="${TAG.location}"`;
      if (mediaType === 'text/occi') return { headers: { ...headers, Category: line } };
      if (mediaType === 'text/plain') return { headers, body: `Category: ${line}\n` };
      return { headers, body: JSON.stringify({ mixins: [{ ...TAG, title: TITLE }] }) };
    };
    const named = (...paths: readonly string[]): Call => {
      const headers = { 'Content-Type': mediaType };
      if (mediaType === 'text/occi') return { headers: { ...headers, 'X-OCCI-Location': paths.join(', ') } };
      if (mediaType === 'text/plain')
        return { headers, body: paths.map((path) => `X-OCCI-Location: ${path}\n`).join('') };
      return { headers, body: JSON.stringify({ locations: paths }) };
    };

    let template: string;
    const made: Record<string, string> = {};

    test('discovers kinds, templates and actions', async () => {
      const categories = parsedIn(ok(await send('GET', '/-/'))).parts.flatMap((part) => part.categories);
      const terms = categories.map(({ term }) => term);
      expect(terms).toEqual(expect.arrayContaining(['compute', 'storage', 'network', 'storagelink', 'stop', 'small']));
      const image = categories.find(({ rel, scheme }) => rel?.includes(`${INFRASTRUCTURE}os_tpl`) && scheme)!;
      template = image.scheme + image.term;
      expect(ok(await send('HEAD', '/-/')).body).toBe('');
    });

    test('finds a part of discovery by a filter', async () => {
      const headers = { Category: `compute; scheme="${INFRASTRUCTURE}"; class="kind"` };
      const [part] = parsedIn(ok(await send('GET', '/-/', { headers }))).parts;
      expect(part!.categories.map(({ term }) => term)).toEqual(['compute']);
    });

    test('creates a storage whose title holds everything that a header may carry', async () => {
      const attributes = { 'occi.core.title': TITLE, 'occi.core.summary': TITLE, 'occi.storage.size': 2 };
      made.storage = await make('storage', { attributes });
      expect((await settled(made.storage)).attributes).toMatchObject(attributes);
      made.spare = await make('storage', { attributes: { 'occi.storage.size': 1 } });
      await settled(made.spare);
    });

    test('creates a network with an address', async () => {
      const attributes = { 'occi.core.title': 'net', ...site.network() };
      made.network = await make('network', { mixins: [IP_NETWORK], attributes });
      const shown = await settled(made.network);
      expect(shown.categories).toContain(IP_NETWORK);
      expect(shown.attributes).toMatchObject(attributes);
    });

    test('creates a machine with templates, key, user data and links', async () => {
      const links = [
        { target: made.storage!, kind: 'storagelink' },
        { target: made.network!, kind: 'networkinterface' },
      ];
      const attributes = {
        'occi.core.title': TITLE,
        'occi.credentials.ssh.publickey': KEY,
        'org.openstack.compute.user_data': USER_DATA,
      };
      made.machine = await make('compute', { mixins: [template, SMALL, KEY_MIXIN, DATA_MIXIN], attributes, links });
      const shown = await inState(made.machine, 'active');
      expect(shown.attributes).toMatchObject({ 'occi.core.title': TITLE, [STATE]: 'active' });
      expect(shown.categories).toEqual(expect.arrayContaining([`${INFRASTRUCTURE}compute`, template]));
      const linked = await eventually(
        () => get(made.machine!),
        ({ targets }) => targets.length >= 2,
      );
      expect(linked.targets).toEqual(expect.arrayContaining([made.storage, made.network]));
    });

    test('stops the machine and starts it', async () => {
      for (const [term, state] of [
        ['stop', 'inactive'],
        ['start', 'active'],
      ] as const) {
        const id = `${INFRASTRUCTURE.replace('#', '/compute/action#')}${term}`;
        const invoke = () => send('POST', `${made.machine}?action=${term}`, action(mediaType, id));
        ok(await eventually(invoke, ({ status }) => status !== 409));
        const { attributes } = await inState(made.machine!, state);
        expect(attributes[STATE]).toBe(state);
      }
    });

    test('changes a part of the machine', async () => {
      const attributes = { 'occi.core.title': `${TITLE}2`, 'occi.core.summary': '42' };
      const changed = ok(await send('POST', made.machine!, entity(mediaType, { attributes })));
      expect(shownIn(changed, made.machine!).attributes).toMatchObject(attributes);
      expect((await get(made.machine!)).attributes).toMatchObject(attributes);
    });

    test('replaces what can be replaced of a storage, and removes what it leaves out', async () => {
      const attributes = { 'occi.core.title': 'replaced', 'occi.storage.size': 2 };
      ok(await send('PUT', made.storage!, entity(mediaType, { kind: 'storage', attributes })));
      const shown = await get(made.storage!);
      expect(shown.attributes).toMatchObject(attributes);
      expect(shown.attributes['occi.core.summary']).toBeUndefined();
    });

    test('links another storage and removes the link', async () => {
      const attributes = {
        'occi.core.source': made.machine!,
        'occi.core.target': made.spare!,
        'occi.core.title': TITLE,
      };
      const link = await make('storagelink', { attributes });
      expect((await settled(link)).attributes).toMatchObject({ ...attributes, 'occi.core.target': made.spare });
      expect(await list('/storagelink/')).toContain(idOf(link));
      ok(
        await eventually(
          () => send('DELETE', link),
          ({ status }) => status !== 409,
        ),
      );
      const gone = await eventually(
        () => send('GET', link),
        ({ status }) => status === 404,
      );
      expect(gone.status).toBe(404);
    });

    test('lists collections, pages of them, and what a filter selects', async () => {
      expect(await list('/storage/')).toEqual(expect.arrayContaining([idOf(made.storage!), idOf(made.spare!)]));
      expect(await list('/storage/?page=1&number=1')).toHaveLength(1);
      const byTitle = { 'X-OCCI-Attribute': 'occi.core.title="replaced"' };
      expect(await list('/storage/', byTitle)).toEqual([idOf(made.storage!)]);
      for (const mixin of [template, SMALL]) {
        const byMixin = { Category: category(mixin, 'mixin') };
        expect(await list('/compute/', byMixin)).toContain(idOf(made.machine!));
      }
      expect(await list('/')).toEqual(expect.arrayContaining([idOf(made.machine!), idOf(made.network!)]));
    });

    test('defines a mixin, puts entities into it and takes them out', async () => {
      ok(await send('POST', '/-/', definition()));
      ok(await send('POST', TAG.location, named(made.storage!, made.spare!)));
      expect([...(await list(TAG.location))].sort()).toEqual([idOf(made.storage!), idOf(made.spare!)].sort());
      expect((await get(made.spare!)).categories).toContain(TAG.scheme + TAG.term);
      ok(await send('DELETE', TAG.location, named(made.storage!)));
      expect(await list(TAG.location)).toEqual([idOf(made.spare!)]);
      ok(await send('DELETE', '/-/', definition()));
      expect((await send('GET', TAG.location)).status).toBe(404);
    });

    test('creates a security group with rules', async () => {
      const rules = [{ type: 'inbound', protocol: 'tcp', range: '192.0.2.0/24', port: '22' }];
      const attributes = { 'occi.core.title': `group ${idOf(made.machine!)}`, 'occi.securitygroup.rules': rules };
      made.group = await make('securitygroup', { attributes });
      const { attributes: shown } = await settled(made.group);
      const value = shown['occi.securitygroup.rules'];
      const list = typeof value === 'string' ? JSON.parse(value) : value;
      expect(list).toEqual(expect.arrayContaining([expect.objectContaining({ port: '22', range: '192.0.2.0/24' })]));
    });

    test('is told what is wrong', async () => {
      const wrong = await send(
        'POST',
        '/compute/',
        entity(mediaType, { kind: 'compute', attributes: { 'occi.compute.cores': 'many' } }),
      );
      expect([wrong.status, wrong.headers['content-type']]).toEqual([400, expect.stringContaining(mediaType)]);
      expect(wrong.body).toContain('occi.compute.cores');
    });

    test('deletes everything', async () => {
      for (const path of ['machine', 'storage', 'spare', 'network', 'group'].map((name) => made[name]!)) {
        ok(
          await eventually(
            () => send('DELETE', path),
            ({ status }) => status !== 409,
          ),
        );
        const gone = await eventually(
          () => send('GET', path),
          ({ status }) => status === 404,
        );
        expect([path, gone.status]).toEqual([path, 404]);
      }
    });
  });
}
