/** Refusals that are about the request, the account or the state of EC2 itself, whatever the request is for. */
import {
  always,
  busy,
  credentials,
  fault,
  full,
  invalid,
  limited,
  listingEnded,
  missing,
  noTemplate,
  notPermitted,
  outOfOrder,
  type Rows,
  throttled,
  wrongSort,
} from './rules.ts';

/** With our own credentials it is no refusal (`failures.ts`): something is named that the account may not use. */
const notOfTheAccount = (kind: string) =>
  kind === 'compute'
    ? noTemplate(kind)
    : ({ failure: 'forbidden', message: `The account may not use what the ${kind} is to be made of.` } as const);

export const REQUESTS = {
  // The account and its rights.
  AccountDisabled: notPermitted,
  AuthFailure: notOfTheAccount,
  Blocked: notPermitted,
  DeclarativePoliciesAccessDeniedException: notPermitted,
  DeclarativePoliciesNotEnabledException: notPermitted,
  OptInRequired: notPermitted,
  PendingVerification: notPermitted,
  TagPolicyViolation: always('forbidden', 'The tag policy of the provider does not permit this.'),
  UnauthorizedOperation: notPermitted,

  // Our credentials, signature and clock.
  AccessDenied: credentials,
  AccessDeniedException: credentials,
  ExpiredToken: credentials,
  ExpiredTokenException: credentials,
  IncompleteSignature: credentials,
  InvalidClientTokenId: credentials,
  'InvalidSecurity.RequestHasExpired': credentials,
  InvalidSignatureException: credentials,
  MissingAuthenticationToken: credentials,
  RequestExpired: credentials,
  RequestInTheFuture: credentials,
  RequestTimeTooSkewed: credentials,
  SignatureDoesNotMatch: credentials,
  UnrecognizedClientException: credentials,

  // Our own calls: filters, pages and the form of a call are not the client's.
  DryRunOperation: fault,
  FilterLimitExceeded: fault,
  InvalidAction: fault,
  InvalidClientToken: fault,
  InvalidFilter: fault,
  InvalidMaxResults: fault,
  InvalidQueryParameter: fault,
  'InvalidResourceType.Unknown': fault,
  InvalidServiceName: fault,
  'InvalidTagKey.Malformed': fault,
  'InvalidUserID.Malformed': fault,
  MalformedQueryString: fault,
  MissingAction: fault,
  NoSuchVersion: fault,
  UnsupportedProtocol: fault,

  // A page's token does not last for ever.
  InvalidNextToken: listingEnded,
  InvalidPaginationToken: listingEnded,

  // Values that may be the client's.
  ClientInvalidParameterValue: invalid,
  InvalidCharacter: invalid,
  InvalidID: (kind) => ({ failure: 'notFound', message: `There is no such ${kind}.` }),
  InvalidInput: invalid,
  InvalidParameter: invalid,
  InvalidParameterCombination: invalid,
  InvalidParameterDependency: invalid,
  InvalidParameterValue: invalid,
  InvalidRegion: invalid,
  InvalidRequest: invalid,
  InvalidTime: invalid,
  MissingParameter: invalid,
  UnknownParameter: invalid,
  ValidationError: invalid,
  UnsupportedException: wrongSort,
  UnsupportedInstanceAttribute: wrongSort,
  // Such as the stop of a machine that was bought for one run only, or has no disk of its own to come back from.
  UnsupportedOperation: wrongSort,

  // Tokens of creates. `compute/launch.ts` goes on with the next token after an instance that is gone.
  IdempotentInstanceTerminated: always(
    'conflict',
    'The compute that was created under the token of this request has been deleted; use a new token.',
  ),
  IdempotentParameterMismatch: always('conflict', 'Another request was sent under the same token.'),
  'InvalidReservationID.Malformed': missing('compute'),
  'InvalidReservationID.NotFound': missing('compute'),

  // Tags.
  ConcurrentTagAccess: busy,
  TagLimitExceeded: (kind) => ({ failure: 'conflict', message: `The ${kind} has as many tags as the cloud allows.` }),

  // Quotas.
  MaxSpotInstanceCountExceeded: full,
  RequestResourceCountExceeded: limited,
  ResourceCountExceeded: full,
  ResourceCountLimitExceeded: limited,
  ResourceLimitExceeded: limited,
  UpdateLimitExceeded: limited,

  // Too many calls.
  BandwidthLimitExceeded: throttled,
  EC2ThrottledException: throttled,
  PriorRequestNotComplete: throttled,
  RequestLimitExceeded: throttled,
  RequestThrottled: throttled,
  RequestThrottledException: throttled,
  SlowDown: throttled,
  ThrottledException: throttled,
  Throttling: throttled,
  ThrottlingException: throttled,
  TooManyRequestsException: throttled,

  // EC2's own failures.
  InternalError: outOfOrder,
  InternalFailure: outOfOrder,
  RetryableError: busy,
  ServerInternal: outOfOrder,
  ServiceUnavailable: outOfOrder,
  Unavailable: outOfOrder,
} as const satisfies Rows;
