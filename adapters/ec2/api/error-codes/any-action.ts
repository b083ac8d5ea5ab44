/**
 * Codes that every action of EC2 may refuse with. Source: "Error codes for the Amazon EC2 API", section "Common client
 * error codes" (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html), read on 2026-11-30.
 */
// biome-ignore format: names, several to a line
export const COMMON_CODES = [
  'AuthFailure', 'Blocked', 'DryRunOperation', 'IdempotentParameterMismatch', 'IncompleteSignature', 'InvalidAction',
  'InvalidCharacter', 'InvalidClientTokenId', 'InvalidPaginationToken', 'InvalidParameter',
  'InvalidParameterCombination', 'InvalidParameterDependency', 'InvalidParameterValue', 'InvalidQueryParameter',
  'MalformedQueryString', 'MissingAction', 'MissingAuthenticationToken', 'MissingParameter', 'OptInRequired',
  'PendingVerification', 'RequestExpired', 'TagPolicyViolation', 'UnauthorizedOperation', 'UnknownParameter',
  'UnsupportedInstanceAttribute', 'UnsupportedOperation', 'UnsupportedProtocol', 'ValidationError',
] as const;
