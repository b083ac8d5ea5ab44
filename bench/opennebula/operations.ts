/** The measured operations, one per row. */
import { randomUUID } from 'node:crypto';
import type { Adapter, Draft, NativeId, PageQuery } from '../../lib/adapter/contract.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { startAdapter, startEndpoint } from './containers.ts';
import { ASKER, ownerOf, SIZES, SPARE, sessionOf } from './population.ts';

export interface Operation {
  readonly label: string;
  /** Measured in cold containers that know only the caller; otherwise in a warm one. */
  readonly cold?: boolean;
  /** The goal: the maximum number of native calls, not counting those that authenticate the caller. */
  readonly most?: number;
  /** The goal: processor time beyond that of the same requests, in milliseconds. */
  readonly mostWorkMs?: number;
  /** A new container; what comes back performs the operation once. */
  start(endpoint: string): () => Promise<unknown>;
  /** The recorded requests once more, where the same ones would be refused. */
  again?(bodies: readonly string[]): readonly string[];
}

/** All pages, one after the other. */
export const readAll = async <T>(
  read: (query: PageQuery) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
): Promise<T[]> => {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await read(cursor === undefined ? {} : { cursor });
    all.push(...items);
    cursor = next;
  } while (cursor !== undefined);
  return all;
};

const through =
  (session: string, ask: (adapter: Adapter) => Promise<unknown>): Operation['start'] =>
  (endpoint) => {
    const requests = startAdapter(endpoint);
    return async () => ask(await requests(session));
  };

const listings = SIZES.flatMap((size): Operation[] => {
  const session = sessionOf(ownerOf(size));
  const machines = size === 1 ? '1 machine' : `${size.toLocaleString('en-US')} machines`;
  const most = Math.ceil(size / 500);
  return [
    { label: `list ${machines}, ids`, most, start: through(session, ({ kinds }) => readAll(kinds.compute!.ids)) },
    { label: `list ${machines}, whole`, most, start: through(session, ({ kinds }) => readAll(kinds.compute!.list)) },
  ];
});

const TEMPLATE = 'http://schemas.opennebula.org/occi/infrastructure/os_tpl#';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEEXAMPLEEXAMPLE bench@example.org';

/** small-ubuntu of the recorded site: a disk, a network interface, a context. */
const draft = (): Draft<'compute'> => ({
  kind: 'compute',
  attributes: { 'occi.core.title': 'one of many' },
  mixins: [{ ...MIXINS.os_tpl, scheme: TEMPLATE, term: 'template-0000000', location: '/os_tpl/template-0000000/' }],
  links: [],
});

const furnished = (): Draft<'compute'> => ({
  ...draft(),
  attributes: { 'occi.core.title': 'one of many', 'occi.credentials.ssh.publickey': KEY },
  mixins: [...draft().mixins, MIXINS.ssh_key],
  links: [
    { kind: 'networkinterface', attributes: {}, mixins: [], target: { kind: 'network', id: '1' } },
    { kind: 'storagelink', attributes: {}, mixins: [], target: { kind: 'storage', id: '2' } },
  ],
});

const creating = (make: () => Draft<'compute'>) =>
  through(ASKER, ({ kinds }) => kinds.compute!.create!(make(), randomUUID()));

/** What there is to be asked for. */
export interface Machines {
  /** The machine of the owner that has only one. */
  readonly only: NativeId;
  /** The machines of {@link SPARE}; each is deleted once. */
  readonly spare: NativeId[];
}

export const operations = ({ only, spare }: Machines): readonly Operation[] => {
  const next = (): NativeId => {
    const id = spare.pop();
    if (id === undefined) throw new Error('all machines that could be deleted are');
    return id;
  };
  const discover: Operation['start'] = (endpoint) => {
    const send = startEndpoint(endpoint);
    return () => send(ASKER, { method: 'GET', path: '/-/' });
  };
  const links = 'create, template, key, network and disk';
  return [
    ...listings,
    {
      label: 'get, 1 disk, 1 network',
      most: 1,
      start: through(sessionOf(ownerOf(1)), ({ kinds }) => kinds.compute!.get(only)),
    },
    { label: 'create, template', most: 2, start: creating(draft) },
    { label: `${links}, template not read`, most: 2, cold: true, start: creating(furnished) },
    { label: `${links}, template read`, most: 2, start: creating(furnished) },
    {
      label: 'delete',
      start: through(sessionOf(SPARE.name), ({ kinds }) => kinds.compute!.remove!(next())),
      again(bodies) {
        const id = `<i4>${next()}</i4>`;
        return bodies.map((body) => body.replace(/<i4>\d+<\/i4>/, id));
      },
    },
    { label: 'discovery through the endpoint, cold', cold: true, start: discover },
    { label: 'discovery through the endpoint, warm', start: discover },
  ];
};
