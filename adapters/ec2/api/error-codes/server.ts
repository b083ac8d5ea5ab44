/**
 * Codes of EC2's own failures. Source: "Error codes for the Amazon EC2 API", section "Server error codes"
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html), read on 2026-11-30.
 */
// biome-ignore format: names, several to a line
export const SERVER_CODES = [
  'BandwidthLimitExceeded', 'InsufficientAddressCapacity', 'InsufficientCapacity', 'InsufficientInstanceCapacity',
  'InsufficientHostCapacity', 'InsufficientReservedInstanceCapacity', 'InsufficientVolumeCapacity', 'ServerInternal',
  'InternalFailure', 'RequestLimitExceeded', 'ServiceUnavailable', 'InternalError', 'Unavailable',
] as const;
