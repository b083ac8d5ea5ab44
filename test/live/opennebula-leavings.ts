/** Tracks what the suite makes on a real site, and removes it. */
import * as z from 'zod';
import type { OneClient } from '../../adapters/opennebula/api/client.ts';
import { objectOfMixin } from '../../adapters/opennebula/mixins.ts';
import { vmTemplatePool } from '../../adapters/opennebula/native/index.ts';
import type { Adapter, KindAdapter, PageQuery } from '../../lib/adapter/contract.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { typeId } from '../../lib/occi/types.ts';

/** The order of removal, in which each kind is no longer in use when its turn comes. */
const ORDER = ['compute', 'ipreservation', 'network', 'securitygroup', 'storage'] as const;
/** How long the removal of all entities of a kind may take, and how often it is checked. */
const REMOVAL_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 500;

/** A user of the site: through the adapter, and directly for what the adapter cannot do. */
export interface SiteUser {
  readonly adapter: Adapter;
  readonly client: OneClient;
}

const nameOf = (kind: KindTerm | 'template', id: string | number): string => `${kind} ${id}`;

async function own(kind: KindAdapter): Promise<readonly string[]> {
  const ids: string[] = [];
  let query: PageQuery = {};
  for (;;) {
    const { items, next } = await kind.list(query);
    ids.push(...items.filter((one) => !one.published).map(({ id }) => id));
    if (next === undefined) return ids;
    query = { cursor: next };
  }
}

/** The adapter; `made` gets the name of whatever is made through it, images and templates that actions leave included. */
export function recording(adapter: Adapter, made: Set<string>): Adapter {
  const storage = adapter.kinds.storage as KindAdapter;
  const recorded = (term: KindTerm, kind: KindAdapter): KindAdapter => ({
    ...kind,
    async create(draft, token) {
      const native = await kind.create!(draft, token);
      made.add(nameOf(term, native.id));
      return native;
    },
    ...(kind.act && {
      async act(id, action, attributes) {
        const before = await own(storage);
        const result = await kind.act!(id, action, attributes);
        for (const image of await own(storage)) if (!before.includes(image)) made.add(nameOf('storage', image));
        const template = result.mixin && objectOfMixin('os_tpl', typeId(result.mixin));
        if (template !== undefined) made.add(nameOf('template', template));
        return result;
      },
    }),
  });
  const kinds = Object.entries(adapter.kinds).map(([term, kind]) => [
    term,
    recorded(term as KindTerm, kind as KindAdapter),
  ]);
  return { ...adapter, kinds: Object.fromEntries(kinds) };
}

/**
 * Removes what the suite made for a user, retrying until it is gone; for the suite's own users, everything they own.
 * Throws an `Error` for what remains.
 */
export async function takeAway({ adapter, client }: SiteUser, made: ReadonlySet<string> | 'all'): Promise<void> {
  const isOurs = (name: string) => made === 'all' || made.has(name);
  for (const { ID } of await client.call('one.templatepool.info', [-3, -1, -1], vmTemplatePool)) {
    if (isOurs(nameOf('template', ID))) await client.call('one.template.delete', [ID, false], z.unknown());
  }
  for (const term of ORDER) {
    const kind = adapter.kinds[term] as KindAdapter;
    const give = Date.now() + REMOVAL_TIMEOUT_MS;
    for (;;) {
      const ours = (await own(kind)).filter((id) => isOurs(nameOf(term, id)));
      if (ours.length === 0) break;
      const failures: unknown[] = [];
      for (const id of ours) await kind.remove!(id).catch((error) => failures.push(error));
      if (Date.now() > give) throw new AggregateError(failures, `${term} ${ours.join(', ')} could not be removed`);
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }
}
