/** Addresses for a network that asks for none: a part of the VPC that no subnet has. */

import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { readAll } from '../api/pages.ts';
import type { Cloud } from '../cloud.ts';
import { type Subnet, subnets } from '../native/index.ts';

/** Bits of a network that asks for nothing: 256 addresses, of which EC2 keeps five. */
const USUAL = 24;
/** Bits of the smallest that EC2 makes. */
const SMALLEST = 28;

const vpcs = z.object({
  Vpcs: z
    .array(
      z.object({
        CidrBlock: z.string(),
        CidrBlockAssociationSet: z
          .array(z.object({ CidrBlock: z.string(), CidrBlockState: z.object({ State: z.string() }).optional() }))
          .default([]),
      }),
    )
    .default([]),
});

/** First address and the one behind the last, as numbers. */
type Span = readonly [from: number, to: number];

function spanOf(cidr: string): Span {
  const [address = '', length] = cidr.split('/');
  const from = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [from, from + 2 ** (32 - Number(length))];
}

const written = (from: number, length: number): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(from / 2 ** shift) % 256).join('.')}/${length}`;

/** The parts of these blocks, of a length in bits, that overlap with nothing that is taken; the first few of them. */
export function freeBlocks(blocks: readonly string[], taken: readonly string[], length: number, most = 16): string[] {
  const spans = taken.map(spanOf);
  const step = 2 ** (32 - length);
  const free: string[] = [];
  for (const block of blocks) {
    const [from, to] = spanOf(block);
    for (let at = from; at + step <= to && free.length < most; ) {
      const over = spans.find(([start, end]) => start < at + step && at < end);
      if (over) at = Math.max(at + step, Math.ceil(over[1] / step) * step);
      else {
        free.push(written(at, length));
        at += step;
      }
    }
  }
  return free;
}

/** What the VPC has: its subnets, and addresses for one more. */
export interface Room {
  readonly subnets: readonly Subnet[];
  /** One of the parts that are free; another each time, so that two creates at once seldom choose the same. */
  choose(): string;
}

/** The room that is left in a VPC: 2 calls. `choose` throws `conflict` where there is none. */
export async function roomIn(cloud: Cloud, vpc: string): Promise<Room> {
  const [{ Vpcs }, present] = await translateErrors('network', () =>
    Promise.all([
      cloud.ec2.call('DescribeVpcs', { VpcIds: [vpc] }, vpcs),
      readAll(cloud, 'DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: [vpc] }] }, subnets),
    ]),
  );
  const blocks = Vpcs.flatMap(({ CidrBlock, CidrBlockAssociationSet }) => [
    CidrBlock,
    ...CidrBlockAssociationSet.filter(({ CidrBlockState: state }) => !state || /^associated$/.test(state.State)).map(
      (one) => one.CidrBlock,
    ),
  ]);
  const taken = present.flatMap(({ CidrBlock }) => CidrBlock ?? []);
  return {
    subnets: present,
    choose() {
      for (const length of [USUAL, SMALLEST]) {
        const free = freeBlocks([...new Set(blocks)], taken, length);
        const chosen = free[Math.floor(Math.random() * free.length)];
        if (chosen !== undefined) return chosen;
      }
      throw new OcciError('conflict', 'The provider has no addresses left for another network.');
    },
  };
}
