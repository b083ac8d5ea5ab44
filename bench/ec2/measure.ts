/** One row: how many native calls, how long with the adapter, and how long a bare client takes for the same commands. */
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Adapter } from '../../lib/adapter/contract.ts';
import { type Cost, costOf, medianOf } from '../opennebula/measure.ts';
import { commandsOf, sendAgain } from './commands.ts';
import type { Operation } from './operations.ts';

/** A new container: the adapter of one request of a caller. */
export type Container = () => (caller: string) => Adapter;

export interface Row {
  readonly label: string;
  /** Native calls of the first request in a container, and of those that follow. */
  readonly first: readonly string[];
  readonly later: readonly string[];
  readonly most?: number | undefined;
  readonly rounds: number;
  readonly adapter: Cost;
  readonly bare: Cost;
}

const namesOf = (commands: readonly { readonly name: string }[]): string[] => commands.map(({ name }) => name);

/** With and without the adapter in turn, so that both meet the same other work. */
export async function measure(
  { label, caller, most, perform, again }: Operation,
  container: Container,
  client: EC2Client,
  rounds: number,
): Promise<Row> {
  const requests = container();
  const ask = () => perform(requests(caller));
  const first = await commandsOf(ask);
  const later = await commandsOf(ask);
  const replay = () => sendAgain(client, again?.(later) ?? later);
  await replay();
  const adapter: Cost[] = [];
  const bare: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    adapter.push(await costOf(ask));
    bare.push(await costOf(replay));
  }
  return {
    label,
    first: namesOf(first),
    later: namesOf(later),
    most,
    rounds,
    adapter: medianOf(adapter),
    bare: medianOf(bare),
  };
}
