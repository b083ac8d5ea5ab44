/** What may stand before the routes of the gateway. */
export const AUTHORIZERS = ['none', 'iam', 'jwt', 'lambda'] as const;
export type AuthorizerName = (typeof AUTHORIZERS)[number];
