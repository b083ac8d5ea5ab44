/** The files for https among the arguments of `npm start`. */
import { Refusal } from '../refusal.ts';
import type { TlsFiles } from '../tls/server.ts';
import type { createArguments } from './arguments.ts';
import { namesIn } from './auth.ts';

/**
 * The files that the arguments name; undefined for a server of http.
 * @throws {Refusal} for arguments that have no effect without another, and for x509 without what it needs
 */
export function tlsOf(
  args: Pick<ReturnType<typeof createArguments>, 'take'>,
  auth: readonly unknown[],
): TlsFiles | undefined {
  const [cert, key, clientCa] = ['tls-cert', 'tls-key', 'client-ca'].map((name) => args.take(name, '') || undefined);
  const hasX509 = namesIn(auth).includes('x509');
  if (hasX509 && clientCa === undefined) {
    throw new Refusal(
      'x509 needs --tls-cert FILE --tls-key FILE --client-ca FILE: clients show their certificates when they connect',
    );
  }
  if (clientCa !== undefined && !hasX509) throw new Refusal('--client-ca has no effect without x509 among the schemes');
  if (clientCa !== undefined && cert === undefined) throw new Refusal('--client-ca needs --tls-cert and --tls-key too');
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw new Refusal('--tls-key needs --tls-cert too');
  if (key === undefined) throw new Refusal('--tls-cert needs --tls-key too');
  return { cert, key, clientCa };
}
