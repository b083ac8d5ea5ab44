/** Chooses a free block of the VPC for a network that does not ask for addresses. */

import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { readAll } from '../api/pages.ts';
import type { Cloud } from '../cloud.ts';
import { type Subnet, subnets } from '../native/index.ts';

/** Prefix length of a network that does not ask for a size: 256 addresses, of which EC2 reserves five. */
const DEFAULT_PREFIX_BITS = 24;
/** Prefix length of the smallest subnet that EC2 allows. */
const LONGEST_PREFIX_BITS = 28;

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

/** First address and the address after the last, as numbers. */
type Span = readonly [from: number, to: number];

function spanOf(cidr: string): Span {
  const [address = '', length] = cidr.split('/');
  const from = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [from, from + 2 ** (32 - Number(length))];
}

const formatCidr = (from: number, length: number): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(from / 2 ** shift) % 256).join('.')}/${length}`;

/** The first `most` blocks of a prefix length in the given CIDR blocks that do not overlap with a taken one. */
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
        free.push(formatCidr(at, length));
        at += step;
      }
    }
  }
  return free;
}

/** True if two IPv4 blocks have addresses in common. */
export function overlap(one: string, other: string): boolean {
  const [[from, to], [start, end]] = [spanOf(one), spanOf(other)];
  return from < end && start < to;
}

/** The subnets of a VPC, and a free block for one more. */
interface Room {
  readonly subnets: readonly Subnet[];
  /** A random free block, so that two concurrent creates seldom choose the same one. */
  choose(): string;
}

/** The free space of a VPC: 2 calls. `choose` throws `conflict` if there is none. */
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
      for (const length of [DEFAULT_PREFIX_BITS, LONGEST_PREFIX_BITS]) {
        const free = freeBlocks([...new Set(blocks)], taken, length);
        const chosen = free[Math.floor(Math.random() * free.length)];
        if (chosen !== undefined) return chosen;
      }
      throw new OcciError('conflict', 'The provider has no addresses left for another network.');
    },
  };
}
