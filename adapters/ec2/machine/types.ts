/** Instance types: the cores and memory of each. They never change, so a process caches them. */
import type { Ec2 } from '../api/client.ts';
import { type InstanceTypeAnswer, instanceTypes } from '../native/catalogue.ts';
import { KNOWN_TYPES, type TypeSize } from './known-types.ts';

/** Types per call (EC2 API, DescribeInstanceTypes). */
const AT_ONCE = 100;

const sizeOf = (type: InstanceTypeAnswer): TypeSize => ({
  cores: type.VCpuInfo.DefaultVCpus,
  memory: type.MemoryInfo.SizeInMiB / 1024,
  // EC2 counts instance storage in GB of 10^9 bytes.
  ephemeral: Math.floor(((type.InstanceStorageInfo?.TotalSizeInGB ?? 0) * 1e9) / 2 ** 30),
  architectures: type.ProcessorInfo?.SupportedArchitectures ?? [],
  burstable: type.BurstablePerformanceSupported,
});

/** How long the absence of a type in the region is cached. */
const ABSENT = 600_000;

/** The instance types that a process knows, for all accounts. */
export class InstanceTypes {
  readonly #read = new Map<string, TypeSize>();
  /** Types that the region does not offer, and when we asked. */
  readonly #absent = new Map<string, number>();

  /** The size of a type, if it is known. */
  get(type: string): TypeSize | undefined {
    return this.#read.get(type) ?? KNOWN_TYPES.get(type);
  }

  /** The size of a type that EC2 has confirmed for the region. */
  offered(type: string): TypeSize | undefined {
    return this.#read.get(type);
  }

  /** Makes sure that the sizes of these types are known: usually no call, else as `read`. */
  async know(ec2: Ec2, types: Iterable<string>): Promise<void> {
    await this.read(
      ec2,
      [...types].filter((type) => !this.get(type)),
    );
  }

  /**
   * Reads the types that are not cached: one call per hundred. A type that the region does not offer is skipped, and
   * asked for again after ten minutes, because regions get new types. Throws as `Ec2.call`.
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
