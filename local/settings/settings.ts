/** What `npm start` was told: environment (where to serve) and arguments, or `OCCI_…` variables (what to serve). */

import { LOCAL_LIMITS } from '../body.ts';
import { Refusal } from '../refusal.ts';
import { createArguments } from './arguments.ts';

/** Where the server listens and keeps its data, and the service's own configuration. */
export interface Settings {
  /** 0 takes any free port. */
  port: number;
  host: string;
  dataDir: string;
  /** embedded: on disk in dataDir; memory: gone when the process ends. */
  table: 'embedded' | 'memory';
  /** What OCCI_CONFIG holds, but for the table. */
  service: ServiceConfig;
}

/** The part of OCCI_CONFIG that arguments decide; lib/config/index.ts checks it like any other configuration. */
export interface ServiceConfig {
  adapter: { name: string; site: string; settings: Record<string, unknown> };
  auth: string[];
  publicUrl?: string;
  trustProxy: boolean;
  states: 'extended' | 'standard';
  limits: { bodyBytes: number; responseHeaderBytes: number; deleteAll: boolean };
  local: true;
}

/**
 * Reads the settings.
 * @param argv arguments, without node and script
 * @throws {Refusal} naming the argument or variable that is wrong, or the address that must not be served
 */
export const readSettings = (argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Settings => {
  const args = createArguments(argv, env);
  const adapter = args.text('adapter', 'dummy');
  const settings: Settings = {
    port: readPort(env.PORT || '3300'),
    host: env.HOST || '127.0.0.1',
    dataDir: env.DATA_DIR || './data',
    table: args.oneOf('table', ['embedded', 'memory']),
    service: {
      adapter: { name: adapter, site: args.text('site', 'local'), settings: {} },
      // OpenNebula proves its users itself; the embedded cloud has none, and EC2 knows no passwords.
      auth: [args.oneOf('auth', adapter === 'opennebula' ? ['basic', 'anonymous'] : ['anonymous', 'basic'])],
      trustProxy: args.truth('trust-proxy', false),
      states: args.oneOf('states', ['extended', 'standard']),
      limits: {
        bodyBytes: args.count('limits.bodyBytes', 1_048_576),
        responseHeaderBytes: args.count('limits.responseHeaderBytes', 32_768),
        deleteAll: args.truth('limits.deleteAll', false),
      },
      local: true,
    },
  };
  const publicUrl = args.text('public-url', '');
  if (publicUrl && !/^https?:\/\/[^/?#]/.test(publicUrl)) {
    throw new Refusal(`--public-url "${publicUrl}" is not an http or https URL`);
  }
  if (publicUrl) settings.service.publicUrl = publicUrl;
  const others = args.others();
  if ('limits' in others) throw new Refusal(`--limits has only: ${Object.keys(settings.service.limits).join(', ')}`);
  settings.service.adapter.settings = others;
  refuseLargeBodies(settings.service.limits);
  refuseAnonymousOffLoopback(settings);
  return settings;
};

const readPort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new Refusal(`PORT "${text}" is not a port: a whole number up to 65535`);
  return port;
};

/** A limit beyond what the server reads at all would say what is not so. */
const refuseLargeBodies = ({ bodyBytes }: ServiceConfig['limits']): void => {
  if (bodyBytes <= LOCAL_LIMITS.each) return;
  throw new Refusal(
    `--limits.bodyBytes ${bodyBytes} is more than this server reads: choose ${LOCAL_LIMITS.each} at most`,
  );
};

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|0:0:0:0:0:0:0:1)$/;

const refuseAnonymousOffLoopback = ({ host, service }: Settings): void => {
  if (LOOPBACK.test(host) || !service.auth.includes('anonymous')) return;
  throw new Refusal(
    `HOST ${host} can be reached from outside and requests need no credentials: serve on 127.0.0.1, or choose an ` +
      'authentication scheme: --auth basic, with a cloud that knows its users',
  );
};
