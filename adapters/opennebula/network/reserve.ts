/** Reserves an address: any of a pool, or a specific one. */

import * as z from 'zod';
import { addressOf, has } from '../../../lib/adapter/addresses.ts';
import type { Draft, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import type { Cloud } from '../cloud.ts';
import { objectAmong } from '../mixins.ts';
import { type AddressRange, type Vnet, vnet as vnetShape } from '../native/index.ts';
import { type Vector, writeTemplate } from '../template/template.ts';
import { vnetOfToken } from './reads.ts';

/** The range of a pool that has the address. */
function holding(
  wanted: string,
  { AR_POOL }: Vnet,
): { readonly range: AddressRange; readonly name: 'IP' | 'IP6' } | undefined {
  const address = addressOf(wanted);
  if (!address) return undefined;
  const name = address.bits === 32 ? 'IP' : 'IP6';
  const range = AR_POOL.AR.find((one) => {
    const [first, last] = [addressOf(one[name]), addressOf(one[`${name}_END`])];
    return first && last && first.bits === last.bits && has({ ...first, last: last.last }, address);
  });
  return range && { range, name };
}

/**
 * The requested address: any, or a specific one, for which oned needs its address range. Throws `invalid` for one
 * outside the pool.
 */
async function wantedOf(cloud: Cloud, pool: number, wanted: string | undefined): Promise<Vector> {
  if (wanted === undefined) return {};
  const network = await translateErrors('network', () =>
    cloud.client.call('one.vn.info', [pool], vnetShape, { repeatable: true }),
  );
  const found = holding(wanted, network);
  if (!found) throw new OcciError('invalid', `The address ${wanted} is not one of the pool.`);
  return { [found.name]: wanted, AR_ID: found.range.AR_ID };
}

/** Reserves an address: 1 call, and 1 more for a certain one. A name that is taken was taken by the same create. */
export async function reserve(
  cloud: Cloud,
  draft: Draft<'ipreservation'>,
  name: string,
  token: string,
): Promise<NativeId> {
  const pool = objectAmong('floatingippool', draft.mixins);
  if (pool === undefined) {
    throw new OcciError('invalid', 'An ipreservation needs the mixin of the pool that its address is to come from.');
  }
  const wanted = draft.attributes['occi.ipreservation.address'];
  const template = { SIZE: 1, NAME: name, ...(await wantedOf(cloud, pool, wanted)) };
  try {
    return String(await cloud.client.call('one.vn.reserve', [pool, writeTemplate(template)], z.int()));
  } catch (error) {
    if (!(error instanceof OneRefusal)) throw error;
    const made = /NAME is already taken/i.test(error.sentence)
      ? await vnetOfToken(cloud, 'ipreservation', token)
      : undefined;
    if (made) return String(made.ID);
    if (error.code === 1024)
      throw new OcciError('invalid', 'There is no such pool of addresses, or it may not be used.', { cause: error });
    if (!/Not enough free addresses/i.test(error.sentence)) throw error;
    const what = wanted === undefined ? 'has no free address' : `has the address ${wanted}, but it is not free`;
    throw new OcciError('conflict', `The pool ${what}.`, { cause: error });
  }
}
