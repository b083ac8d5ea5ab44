/** Reserved addresses (EXT-5, EXT-6): taken from a pool that all tenants share. */
import type { Draft, KindAdapter, NativeId } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';
import { typeId } from '../../lib/occi/types.ts';
import { canonical, hasHost, rangeOf } from './addresses.ts';
import { changed } from './changes.ts';
import { type Cloud, type Content, changeRow, type Holder, removeRow } from './cloud.ts';
import { claim, claimKey, claimNextAddress, release } from './links/claims.ts';
import { freed, inUse, isTaken } from './links/targets.ts';
import { poolAmong, poolId } from './mixins.ts';
import { requireQuota } from './quotas.ts';
import { insert, keptAttributes, readsOf } from './resources.ts';
import { NEW_STATE } from './states.ts';

const ADDRESS = 'occi.ipreservation.address';

/** The pool that the draft names, or the first pool. Throws `conflict` if the cloud has no such pool. */
function poolOf(cloud: Cloud, mixins: readonly string[]) {
  const pools = cloud.settings.floatingIpPools;
  const term = poolAmong(mixins);
  const pool = term === undefined ? pools[0] : pools.find((one) => one.term === term);
  if (!pool) throw new OcciError('conflict', 'This cloud has no such pool of addresses to reserve from.');
  return pool;
}

type Pool = ReturnType<typeof poolOf>;

const placeOf = (cloud: Cloud, { term }: Pool) => ({ pk: cloud.sharedPk, target: `pool-${term}` });

/** Claims `wanted`, or the next free address of a pool. Throws `invalid` outside the pool, `conflict` if taken. */
async function claimAddress(cloud: Cloud, pool: Pool, wanted: unknown, holder: Holder) {
  const range = rangeOf(pool.range);
  const place = placeOf(cloud, pool);
  if (typeof wanted !== 'string') {
    const address = await claimNextAddress(cloud, place, range, [], holder);
    if (address === undefined) throw new OcciError('conflict', `The pool ${pool.term} has no free address.`);
    return { address, key: claimKey(place, address), fresh: true };
  }
  const address = canonical(wanted);
  if (!hasHost(range, address))
    throw new OcciError('invalid', `The address ${wanted} is not one of the pool ${pool.term} (${pool.range}).`);
  const had = await claim(cloud, place, address, holder);
  if (!had) throw new OcciError('conflict', `The address ${wanted} of the pool ${pool.term} is not free.`);
  return { address, key: claimKey(place, address), fresh: had === 'taken' };
}

const holderOf = (cloud: Cloud, id: NativeId, token: string): Holder => ({
  pk: cloud.pk,
  sk: id,
  token,
  at: cloud.now(),
});

async function fromOcci(cloud: Cloud, draft: Draft<'ipreservation'>, pool: Pool, holder: Holder) {
  const claimed = await claimAddress(cloud, pool, draft.attributes[ADDRESS], holder);
  const attributes = {
    ...keptAttributes(draft.attributes),
    [ADDRESS]: claimed.address,
    'occi.ipreservation.used': false,
    'occi.ipreservation.state': NEW_STATE.ipreservation,
  };
  const mixins = [...new Set([...draft.mixins.map(typeId), poolId(pool.term)])];
  return { claimed, content: { attributes, mixins, claim: claimed.key } satisfies Content };
}

const reads = (cloud: Cloud) => readsOf(cloud, 'ipreservation', (rows) => freed(cloud, 'ipreservation', rows));

export const ipreservation = (cloud: Cloud): KindAdapter<'ipreservation'> => ({
  ...reads(cloud),

  async create(draft, token) {
    const pool = poolOf(cloud, draft.mixins.map(typeId));
    let giveBack = async (_key?: string) => {};
    try {
      return await insert(
        cloud,
        'ipreservation',
        token,
        async (id) => {
          await requireQuota(cloud, 'ipreservation', draft.attributes);
          const holder = holderOf(cloud, id, token);
          const { claimed, content } = await fromOcci(cloud, draft, pool, holder);
          giveBack = async (kept) => {
            if (claimed.fresh && claimed.key !== kept) await release(cloud, cloud.sharedPk, claimed.key, holder);
          };
          return content;
        },
        (winner) => giveBack(winner.claim),
      );
    } catch (error) {
      await giveBack();
      throw error;
    }
  },

  async update(id, change) {
    await changeRow(cloud, 'ipreservation', id, (row) => {
      const { attributes, mixins } = changed('ipreservation', row, change);
      const address = row.attributes[ADDRESS]!;
      if (canonical(String(attributes[ADDRESS] ?? address)) !== address) {
        throw new OcciError(
          'notImplemented',
          'A reserved address cannot be changed for another; reserve that one instead.',
        );
      }
      if (poolAmong(mixins) !== poolAmong(row.mixins) && poolAmong(mixins) !== undefined) {
        throw new OcciError(
          'notImplemented',
          'A reserved address cannot go to another pool; reserve one there instead.',
        );
      }
      return { ...row, attributes: { ...attributes, [ADDRESS]: address }, mixins };
    });
    return reads(cloud).get(id);
  },

  async remove(id) {
    const row = await removeRow(cloud, 'ipreservation', id, async (present) => {
      if (await isTaken(cloud, 'ipreservation', present)) throw inUse('ipreservation', 1);
    });
    if (row.claim !== undefined) await release(cloud, cloud.sharedPk, row.claim, row);
  },
});
