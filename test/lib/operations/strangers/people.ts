/** What Alice has, and what Mallory has. */
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';
import { SCHEME } from './fields.ts';
import { RESOURCE_OF } from './names.ts';
import type { Answered, Asked, World } from './worlds.ts';
import { chanceFrom } from './worlds.ts';

const AS_PLAIN = { 'content-type': 'text/plain', accept: 'text/plain' };

/** What can be named of a user’s things: paths by kind, and other names by type. */
export interface Things {
  readonly ids: Readonly<Record<KindTerm, string>>;
  /** A path that was chosen below a kind’s location, and one at another place. */
  readonly aliases: readonly [string, string];
  /** The path below which the second is. */
  readonly below: string;
  readonly mixin: { readonly id: string; readonly location: string };
  /** A template that was saved of a machine. */
  readonly template: { readonly id: string; readonly location: string };
  readonly key: string;
  readonly tag: string;
}

const category = (term: string, scheme: string, of: string) => `Category: ${term}; scheme="${scheme}"; class="${of}"`;
const IP_NETWORK = category('ipnetwork', `${SCHEME.slice(0, -1)}/network#`, 'mixin');
const post = (path: string, ...lines: string[]): Asked => ({
  method: 'POST',
  path,
  headers: AS_PLAIN,
  body: lines.join('\n'),
});

/**
 * Gives a caller one of everything, under names with this ending, by a chance of its own. Answers that are not successes
 * would leave the walk with nothing to compare.
 */
export async function furnish(world: World, caller: string, ending: string, seed: number): Promise<Things> {
  chanceFrom(seed);
  world.cloud.numberFrom(seed);
  await world.cloud.chanceFrom?.(seed);
  const send = async (asked: Asked): Promise<Answered> => {
    const answered = await world.send(caller, asked);
    world.cloud.settle();
    if (answered.statusCode >= 300) throw new Error(`${asked.method} ${asked.path}: ${answered.body}`);
    return answered;
  };
  const made = async (kind: string, ...lines: string[]): Promise<string> => {
    const { headers } = await send(post(`/${kind}/`, category(kind, SCHEME, 'kind'), ...lines));
    return new URL(headers.Location!).pathname;
  };
  const tags = 'http://example.org/tags#';
  const mixin = { id: `${tags}m${ending}`, location: `/m${ending}/` };
  await send(post('/-/', `${category(`m${ending}`, tags, 'mixin')}; location="${mixin.location}"`));
  const aliases = [`/compute/a${ending}`, `/b${ending}/c`] as const;
  for (const path of aliases) {
    const lines = [category('compute', SCHEME, 'kind'), category(`m${ending}`, tags, 'mixin')];
    await send({ method: 'PUT', path, headers: AS_PLAIN, body: lines.join('\n') });
  }
  const compute = await made('compute');
  const storage = await made('storage', 'X-OCCI-Attribute: occi.storage.size=1');
  const ids: Partial<Record<KindTerm, string>> = { compute, storage };
  const address = world.cloud.addressFor?.(caller) ?? '10.9.0.0/24';
  ids.network = await made('network', `X-OCCI-Attribute: occi.network.address="${address}"`, IP_NETWORK);
  ids.securitygroup = await made('securitygroup', 'X-OCCI-Attribute: occi.securitygroup.rules="[]"');
  const { body: model } = await send({ method: 'GET', path: '/-/', headers: { accept: 'text/plain' } });
  const [pool] = /^Category: [^;]+; scheme="[^"]+"; class="mixin"(?=.*; rel="[^"]*floatingippool")/m.exec(model)!;
  ids.ipreservation = await made('ipreservation', pool);
  for (const kind of ['networkinterface', 'storagelink', 'securitygrouplink'] as const) {
    const ends = [`occi.core.source="${compute}"`, `occi.core.target="${ids[RESOURCE_OF[kind]]}"`];
    ids[kind] = await made(kind, ...ends.map((end) => `X-OCCI-Attribute: ${end}`));
  }
  const action = category('save', `${SCHEME.slice(0, -1)}/compute/action#`, 'action');
  const named = `X-OCCI-Attribute: name="t${ending}"`;
  const saved = await send({ ...post(compute, action, named), query: 'action=save' });
  const term = /Category: ([^;]+);/.exec(saved.body)![1]!;
  const template = {
    id: /scheme="([^"]+)"/.exec(saved.body)![1]! + term,
    location: /location="([^"]+)"/.exec(saved.body)![1]!,
  };
  const key = `k${ending}`;
  await send({
    ...post('/compute/', category('compute', SCHEME, 'kind')),
    headers: { ...AS_PLAIN, 'idempotency-key': key },
  });
  const { headers } = await send({ method: 'GET', path: compute });
  const tag = headers.ETag ?? '"none"';
  return { ids: ids as Things['ids'], aliases, below: `/b${ending}/`, mixin, template, key, tag };
}
