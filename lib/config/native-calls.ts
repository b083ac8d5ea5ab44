/** Settings of native calls that are the same for every cloud. */
import * as z from 'zod';

export const nativeTimeout = (defaultSeconds: number) =>
  z
    .number()
    .min(1)
    .max(28)
    .default(defaultSeconds)
    .describe('Timeout of one native call, in seconds. The deadline of the request may end it sooner.');

/** `whose` is the certificate that these authorities may sign, in the words of the description. */
export const certificateAuthorities = (whose: string) =>
  z
    .string()
    .regex(/^-----BEGIN CERTIFICATE-----/m, 'must be a certificate in PEM form')
    .optional()
    .describe(`CA certificates that may sign ${whose}, in PEM. By default those of the platform.`);

export const answerBytes = z
  .int()
  .min(65_536)
  .max(1_073_741_824)
  .default(33_554_432)
  .describe('Largest native answer that is read, in bytes. It must fit the memory of the function.');
