/** Codes that the page of AWS lacks, read on 2026-11-30. */

/** Codes that the page had until July 2023; EC2 may still answer with them. */
// biome-ignore format: names, several to a line
export const FORMER_CODES = [
  'CidrConflict', 'DisallowedForDedicatedTenancyNetwork', 'EIPMigratedToVpc', 'InstanceAlreadyLinked',
  'InvalidCapacityReservationIdMalformedException', 'InvalidCapacityReservationIdNotFoundException',
  'InvalidDevice.InUse', 'InvalidPrefixListId.NotFound', 'LogDestinationNotFoundException',
  'NetworkInterfaceNotFoundException', 'NetworkInterfaceNotSupportedException', 'VpcCidrConflict',
] as const;

/** Codes that the SDK takes for throttling and sends again (@smithy/core, retry: its list of throttling codes). */
// biome-ignore format: names, several to a line
export const THROTTLING_CODES = [
  'EC2ThrottledException', 'PriorRequestNotComplete', 'RequestThrottled', 'RequestThrottledException', 'SlowDown',
  'ThrottledException', 'Throttling', 'ThrottlingException', 'TooManyRequestsException',
] as const;

/** Codes of other pages of EC2, of its emulators and of AWS' common errors. */
// biome-ignore format: names, several to a line
export const OTHER_CODES = [
  'AccessDenied', 'AccessDeniedException', 'ExpiredToken', 'ExpiredTokenException', 'InvalidGroupId.NotFound',
  'InvalidIPAddress', 'InvalidPrivateIpAddress', 'InvalidSignatureException', 'InvalidSubnet.NotFound', 'InvalidUserData.Malformed',
  'InvalidVolume.InUse', 'InvalidVpc.Range', 'InvalidVpcId.Malformed', 'InvalidVpcId.NotFound',
  'RequestInTheFuture', 'RequestTimeTooSkewed', 'SecurityGroupsPerNetworkInterfaceLimitExceeded', 'UnrecognizedClientException', 'VolumeModificationRateExceeded',
] as const;
