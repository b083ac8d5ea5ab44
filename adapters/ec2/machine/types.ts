/** Instance types: how many cores and how much memory each has. The facts of a type never change, so a process keeps them. */
import type { Ec2 } from '../api/client.ts';
import { type InstanceTypeAnswer, instanceTypes } from '../native/catalogue.ts';
import { KNOWN_TYPES, type TypeSize } from './known-types.ts';

/** Types of one call (EC2 API, DescribeInstanceTypes). */
const AT_ONCE = 100;

const sizeOf = ({ VCpuInfo, MemoryInfo, InstanceStorageInfo, ProcessorInfo }: InstanceTypeAnswer): TypeSize => ({
  cores: VCpuInfo.DefaultVCpus,
  memory: MemoryInfo.SizeInMiB / 1024,
  // EC2 counts instance storage in GB of 10^9 bytes.
  ephemeral: Math.floor(((InstanceStorageInfo?.TotalSizeInGB ?? 0) * 1e9) / 2 ** 30),
  architectures: ProcessorInfo?.SupportedArchitectures ?? [],
});

/** How long a type that the region did not have is not asked for again, in milliseconds. */
const ABSENT = 600_000;

/** What a process knows of instance types; the same for all accounts. */
export class InstanceTypes {
  readonly #read = new Map<string, TypeSize>();
  /** Types that the region did not have, and when it was asked. */
  readonly #absent = new Map<string, number>();

  /** The size of a type, if it is known. */
  get(type: string): TypeSize | undefined {
    return this.#read.get(type) ?? KNOWN_TYPES.get(type);
  }

  /** The size of a type that EC2 has shown to be in the region. */
  offered(type: string): TypeSize | undefined {
    return this.#read.get(type);
  }

  /** Sees to it that the sizes of these are known: mostly no call, else as `read`. */
  async know(ec2: Ec2, types: Iterable<string>): Promise<void> {
    await this.read(
      ec2,
      [...types].filter((type) => !this.get(type)),
    );
  }

  /**
   * Asks for those that were not read yet: one call per hundred types. Throws as `Ec2.call`; a type that the region
   * does not have is left out, and asked for again after ten minutes: regions get new ones.
   */
  async read(ec2: Ec2, types: Iterable<string>): Promise<void> {
    const isAbsent = (type: string) => Date.now() - (this.#absent.get(type) ?? Number.NEGATIVE_INFINITY) < ABSENT;
    const missing = [...new Set(types)].filter((type) => !this.#read.has(type) && !isAbsent(type));
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      const some = missing.slice(at, at + AT_ONCE);
      const filters = [{ Name: 'instance-type', Values: some }];
      let next: string | undefined;
      do {
        const answer: { items: InstanceTypeAnswer[]; next?: string } = await ec2.call(
          'DescribeInstanceTypes',
          { Filters: filters, ...(next !== undefined && { NextToken: next }) },
          instanceTypes,
        );
        for (const type of answer.items) this.#read.set(type.InstanceType, sizeOf(type));
        next = answer.next;
      } while (next !== undefined);
      for (const type of some) if (!this.#read.has(type)) this.#absent.set(type, Date.now());
    }
  }
}
