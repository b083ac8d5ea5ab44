/** The listings of EC2: where their items are, what names one, and how many are on a page. */
interface Listing {
  readonly path: readonly string[];
  readonly id: string;
  /** Least and most that MaxResults may be [documented]; absent where there are no pages. */
  readonly pages?: readonly [least: number, most: number];
  /** How many are on a page when nobody asks for one by ids [known]; else all are. */
  readonly unasked?: number;
}

export const LISTINGS = {
  DescribeInstances: {
    path: ['reservationSet', 'item', 'instancesSet'],
    id: 'instanceId',
    pages: [5, 1000],
    unasked: 1000,
  },
  DescribeVolumes: { path: ['volumeSet'], id: 'volumeId', pages: [5, 1000] },
  DescribeVolumesModifications: { path: ['volumeModificationSet'], id: 'volumeId', pages: [5, 500] },
  DescribeSnapshots: { path: ['snapshotSet'], id: 'snapshotId', pages: [5, 1000] },
  DescribeImages: { path: ['imagesSet'], id: 'imageId', pages: [1, 1000] },
  DescribeInstanceTypes: { path: ['instanceTypeSet'], id: 'instanceType', pages: [5, 100], unasked: 100 },
  DescribeNetworkInterfaces: { path: ['networkInterfaceSet'], id: 'networkInterfaceId', pages: [5, 1000] },
  DescribeAddresses: { path: ['addressesSet'], id: 'allocationId' },
  DescribeSecurityGroups: { path: ['securityGroupInfo'], id: 'groupId', pages: [5, 1000] },
  DescribeSecurityGroupRules: { path: ['securityGroupRuleSet'], id: 'securityGroupRuleId', pages: [5, 1000] },
  DescribeSubnets: { path: ['subnetSet'], id: 'subnetId', pages: [5, 1000] },
  DescribeVpcs: { path: ['vpcSet'], id: 'vpcId', pages: [5, 1000] },
  DescribeKeyPairs: { path: ['keySet'], id: 'keyPairId' },
  DescribeTags: { path: ['tagSet'], id: 'resourceId', pages: [5, 1000] },
} as const satisfies Readonly<Record<string, Listing>>;

export type ListingName = keyof typeof LISTINGS;

export const isListing = (action: string): action is ListingName => Object.hasOwn(LISTINGS, action);

export const listing = (action: ListingName): Listing => LISTINGS[action];
