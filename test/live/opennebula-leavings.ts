/** What the suite makes on a real site, and how it is taken away again. */
import * as z from 'zod';
import type { OneClient } from '../../adapters/opennebula/api/client.ts';
import { objectOfMixin } from '../../adapters/opennebula/mixins.ts';
import { vmTemplatePool } from '../../adapters/opennebula/native/index.ts';
import type { Adapter, KindAdapter, PageQuery } from '../../lib/adapter/contract.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { typeId } from '../../lib/occi/types.ts';

/** In this order nothing is in use any more when its turn comes. */
const ORDER = ['compute', 'ipreservation', 'network', 'securitygroup', 'storage'] as const;
/** Milliseconds that a kind may take to be gone, and between two looks at it. */
const PATIENCE = 120_000;
const PAUSE = 500;

/** One user of the site: through the adapter, and directly for what an endpoint has no way to. */
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
 * Takes away what a user owns and the suite has made, again and again until it is gone; all of it for a user of the
 * suite's own. Throws an `Error` for what stays.
 */
export async function takeAway({ adapter, client }: SiteUser, made: ReadonlySet<string> | 'all'): Promise<void> {
  const isOurs = (name: string) => made === 'all' || made.has(name);
  for (const { ID } of await client.call('one.templatepool.info', [-3, -1, -1], vmTemplatePool)) {
    if (isOurs(nameOf('template', ID))) await client.call('one.template.delete', [ID, false], z.unknown());
  }
  for (const term of ORDER) {
    const kind = adapter.kinds[term] as KindAdapter;
    const give = Date.now() + PATIENCE;
    for (;;) {
      const ours = (await own(kind)).filter((id) => isOurs(nameOf(term, id)));
      if (ours.length === 0) break;
      const failures: unknown[] = [];
      for (const id of ours) await kind.remove!(id).catch((error) => failures.push(error));
      if (Date.now() > give) throw new AggregateError(failures, `${term} ${ours.join(', ')} could not be removed`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
