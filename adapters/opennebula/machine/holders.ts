/** Why something is in use: by machines that stay, or by those that are being deleted and will give it back. */
import { OcciError } from '../../../lib/errors.ts';
import type { Call } from '../api/client.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import type { Cloud } from '../cloud.ts';
import { type Vm, vm } from '../native/index.ts';
import { deletesIn, passesIn } from '../states.ts';
import { isDoomed } from './delete.ts';

/** More holders than that are not looked at: with one of them that stays, waiting is of no use. */
const MAX_LOOKED_AT = 3;
/** Least time after which to try again, in seconds: oned gives back what a machine had behind its last state. */
const MIN_WAIT_SECONDS = 5;

/** In how many seconds the machines may have given back what they hold; undefined if one of them stays. */
async function givenBackIn({ client }: Cloud, ids: readonly number[]): Promise<number | undefined> {
  if (ids.length === 0 || ids.length > MAX_LOOKED_AT) return undefined;
  const calls = ids.map((id): Call<Vm> => ({ method: 'one.vm.info', params: [id], shape: vm }));
  const found: readonly (Vm | OneRefusal)[] = await client.multicall(calls, { repeatable: true });
  const going = found.filter(
    (one): one is Vm => !(one instanceof OneRefusal) && (isDoomed(one) || deletesIn(one) === 'going'),
  );
  return going.length < ids.length ? undefined : Math.max(MIN_WAIT_SECONDS, ...going.map(passesIn));
}

/**
 * The refusal to delete what machines hold: `conflict`, or one that says when to try again, if all of them are being
 * deleted. 1 request. A user has no other way to learn that: for him those machines are gone.
 */
export async function heldBy(cloud: Cloud, holders: readonly number[], conflict: OcciError): Promise<OcciError> {
  const ids = [...new Set(holders)];
  const seconds = await givenBackIn(cloud, ids).catch(() => undefined);
  if (seconds === undefined) return conflict;
  const whose = ids.length === 1 ? 'The compute that uses it is' : 'The compute resources that use it are';
  return new OcciError('conflict', `${conflict.message} ${whose} being deleted: try again later.`, {
    cause: conflict.cause,
    headers: { 'Retry-After': String(seconds) },
  });
}
