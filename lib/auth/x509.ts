import type { X509Settings } from '../config/auth/x509.ts';
import type { AuthScheme } from './scheme.ts';

/** Not made yet. */
export const x509 = (_settings: X509Settings): AuthScheme => {
  throw new Error('auth: x509 is not made yet');
};
