/** Codes of EC2 that are no decision about the request, and what a client learns of them. */

/** Codes with which EC2 asks for patience: the SDK sends these again by itself. */
export const THROTTLED =
  /^(BandwidthLimitExceeded|EC2ThrottledException|PriorRequestNotComplete|RequestLimitExceeded|RequestThrottled(Exception)?|SlowDown|ThrottledException|Throttling(Exception)?|TooManyRequestsException)$/;
/** Codes of what EC2 did not do and would do a moment later; the SDK does not know them (`repeated`, client.ts). */
export const SOON = /^ConcurrentTagAccess$/;
/** Codes of EC2's own failures. They stay refusals by name where EC2 says that nothing was done. */
export const OUT_OF_ORDER = /^(InternalError|InternalFailure|ServerInternal|Unavailable|ServiceUnavailable)$/;
/** Codes that are about our signature, clock or credentials. */
export const CREDENTIALS =
  /^(AccessDenied(Exception)?|CredentialsProviderError|ExpiredToken(Exception)?|IncompleteSignature|InvalidClientTokenId|InvalidSecurity\.RequestHasExpired|InvalidSignatureException|MissingAuthenticationToken|RequestExpired|RequestInTheFuture|RequestTimeTooSkewed|SignatureDoesNotMatch|UnrecognizedClientException)$/;

export const THROTTLED_MESSAGE = 'The cloud has too many requests at the moment; try again later.';
export const OUT_OF_ORDER_MESSAGE = 'The cloud is out of order at the moment; try again later.';
export const REFUSED_CREDENTIALS_MESSAGE = 'The cloud does not let this endpoint work in your account.';
