/**
 * Sizes of the most common instance types. AWS never changes a type, so these need no call; a test compares them with
 * EC2's answers. Only EC2 knows whether a region offers a type.
 */
/** The size of an instance type: memory in GiB, ephemeral storage in GiB. */
export interface TypeSize {
  readonly cores: number;
  readonly memory: number;
  readonly ephemeral: number;
  readonly architectures: readonly string[];
  /** True for a type that earns and spends CPU credits. */
  readonly burstable: boolean;
}

/** Cores and memory in GiB (EC2 User Guide, Instance types, General purpose). */
const BURSTABLE = {
  nano: [2, 0.5],
  micro: [2, 1],
  small: [2, 2],
  medium: [2, 4],
  large: [2, 8],
  xlarge: [4, 16],
  '2xlarge': [8, 32],
} as const;

const GENERAL = {
  large: [2, 8],
  xlarge: [4, 16],
  '2xlarge': [8, 32],
  '4xlarge': [16, 64],
  '8xlarge': [32, 128],
} as const;

/** Families without instance storage. */
const FAMILIES = {
  t3: { sizes: BURSTABLE, architecture: 'x86_64' },
  t3a: { sizes: BURSTABLE, architecture: 'x86_64' },
  t4g: { sizes: BURSTABLE, architecture: 'arm64' },
  m5: { sizes: GENERAL, architecture: 'x86_64' },
  m6i: { sizes: GENERAL, architecture: 'x86_64' },
  m6a: { sizes: GENERAL, architecture: 'x86_64' },
  m6g: { sizes: GENERAL, architecture: 'arm64' },
  m7i: { sizes: GENERAL, architecture: 'x86_64' },
  m7g: { sizes: GENERAL, architecture: 'arm64' },
} as const;

/** By the name of the type. */
export const KNOWN_TYPES: ReadonlyMap<string, TypeSize> = new Map(
  Object.entries(FAMILIES).flatMap(([family, { sizes, architecture }]) =>
    Object.entries(sizes).map(([size, [cores, memory]]): [string, TypeSize] => [
      `${family}.${size}`,
      { cores, memory, ephemeral: 0, architectures: [architecture], burstable: sizes === BURSTABLE },
    ]),
  ),
);
