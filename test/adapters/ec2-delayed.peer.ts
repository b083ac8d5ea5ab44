/**
 * The adapter for EC2 keeps the contract where EC2 shows everything that is new 300 ms late. What the contract leaves to
 * the endpoint is done here as there: what is not visible yet (`unseen`) is tried again, for what was made a moment ago.
 */
import type { Adapter, Draft, KindAdapter, KindAdapters, NativeId } from '../../lib/adapter/contract.ts';
import { untilVisible } from '../../lib/adapter/until-visible.ts';
import { OcciError } from '../../lib/errors.ts';
import { ec2Contract } from './ec2-contract.ts';

/** What was made, and not removed, by any adapter of this run. */
const made = new Set<NativeId>();

const isUnseen = (error: unknown): boolean => error instanceof OcciError && error.unseen;

/** Work that names these: it is tried again if one of them was made here. */
const patiently = <T>(ids: readonly NativeId[], work: () => Promise<T>): Promise<T> =>
  ids.some((id) => made.has(id)) ? untilVisible(work, { isUnseen }) : work();

const endsOf = ({ source, target, links }: Draft): NativeId[] =>
  [source, target, ...links.map((link) => link.target)].flatMap((end) => end?.id ?? []);

const patient = (kind: KindAdapter): KindAdapter => {
  const { get, create, update, remove, act } = kind;
  // A link is a part of its machine, whose id its own begins with.
  const own = (id: NativeId) => [id, id.split(':', 1)[0]!];
  return {
    ...kind,
    get: (id) => patiently(own(id), () => get(id)),
    ...(create && {
      create: async (draft: Draft, token: string) => {
        const native = await patiently(endsOf(draft), () => create(draft, token));
        made.add(native.id);
        return native;
      },
    }),
    ...(update && { update: (id: NativeId, change: never) => patiently(own(id), () => update(id, change)) }),
    ...(act && {
      act: (id: NativeId, action: never, given: never) => patiently(own(id), () => act(id, action, given)),
    }),
    ...(remove && {
      remove: async (id: NativeId) => {
        await patiently(own(id), () => remove(id));
        made.delete(id);
      },
    }),
  };
};

const before = (adapter: Adapter): Adapter => ({
  ...adapter,
  kinds: Object.fromEntries(
    Object.entries(adapter.kinds).map(([term, kind]) => [term, patient(kind as KindAdapter)]),
  ) as KindAdapters,
});

ec2Contract({ name: 'ec2 that shows everything 300 ms late', sizes: [1, 3], settings: { unseen: 300 }, before });
