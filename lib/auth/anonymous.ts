import type { AuthScheme } from './scheme.ts';

/** Everybody is one caller. Only for an endpoint that nobody else can reach: `npm start` serves it on loopback alone. */
export const anonymous: AuthScheme = {
  name: 'anonymous',
  authenticate: () => ({ name: 'anonymous' }),
};
