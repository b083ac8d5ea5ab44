/** What is asked, row by row. */
import { randomUUID } from 'node:crypto';
import type { Adapter, Draft, NativeId } from '../../lib/adapter/contract.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import type { Sent } from './commands.ts';
import { type Account, ASKER, ownerOf, SIZES, SPARE } from './population.ts';

export interface Operation {
  readonly label: string;
  readonly caller: string;
  /** Most native calls that were promised of a request that is not the first in its container. */
  readonly most?: number;
  perform(adapter: Adapter): Promise<unknown>;
  /** The recorded commands once more, where the same ones would be refused. */
  again?(commands: readonly Sent[]): readonly Sent[];
}

const listings = SIZES.map(
  (size): Operation => ({
    label: `list ${size.toLocaleString('en-US')}`,
    caller: ownerOf(size),
    most: 1,
    perform: ({ kinds }) => kinds.compute!.list({}),
  }),
);

/** What there is to be asked for. */
export interface Machines {
  readonly plain: NativeId;
  readonly linked: NativeId;
  readonly spare: NativeId[];
}

const draft = (image: string): Draft<'compute'> => ({
  kind: 'compute',
  attributes: { 'occi.core.title': 'one of many' },
  mixins: [
    {
      ...MIXINS.os_tpl,
      scheme: 'http://schemas.ec2.aws.amazon.com/occi/infrastructure/os_tpl#',
      term: image,
      location: `/mixin/os_tpl/${image}/`,
    },
  ],
  links: [],
});

/** A compute with a storage and a network of its own beside its primary interface. */
export async function makeLinked(adapter: Adapter, { image, subnet }: Account): Promise<NativeId> {
  const storage = await adapter.kinds.storage!.create!(
    { kind: 'storage', attributes: { 'occi.storage.size': 1 }, mixins: [], links: [] },
    randomUUID(),
  );
  const to = (kind: 'networkinterface' | 'storagelink', target: { kind: 'network' | 'storage'; id: string }) => ({
    kind,
    attributes: {},
    mixins: [],
    target,
  });
  const links = [
    to('networkinterface', { kind: 'network', id: subnet }),
    to('storagelink', { kind: 'storage', id: storage.id }),
  ];
  const { id } = await adapter.kinds.compute!.create!({ ...draft(image), links }, randomUUID());
  return id;
}

/** New tokens and ids in place of those that were recorded. */
const renewed = (commands: readonly Sent[], input: () => Readonly<Record<string, unknown>>): readonly Sent[] =>
  commands.map((command) => ({ ...command, input: { ...command.input, ...input() } }));

export const operations = (account: Account, { plain, linked, spare }: Machines): readonly Operation[] => {
  const next = (): NativeId => {
    const id = spare.pop();
    if (id === undefined) throw new Error('all machines that could be deleted are');
    return id;
  };
  return [
    ...listings,
    { label: 'get, no links', caller: ASKER, most: 1, perform: ({ kinds }) => kinds.compute!.get(plain) },
    { label: 'get, disk and network', caller: ASKER, most: 3, perform: ({ kinds }) => kinds.compute!.get(linked) },
    {
      label: 'create',
      caller: ASKER,
      perform: ({ kinds }) => kinds.compute!.create!(draft(account.image), randomUUID()),
      again: (commands) => renewed(commands, () => ({ ClientToken: randomUUID() })),
    },
    {
      label: 'delete',
      caller: SPARE.name,
      perform: ({ kinds }) => kinds.compute!.remove!(next()),
      again(commands) {
        const id = next();
        return renewed(commands, () => ({ InstanceIds: [id] }));
      },
    },
    { label: 'catalogue', caller: ASKER, perform: (adapter) => adapter.catalogue() },
  ];
};
