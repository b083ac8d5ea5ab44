/** The settings of `npm start`: environment variables say where to serve, arguments or `OCCI_…` variables what to serve. */
import type { forStart } from '../../functions/services.ts';
import { type Field, fieldsOf } from '../../lib/config/fields.ts';
import { LOCAL_LIMITS } from '../body.ts';
import { EVENT_LIMIT_BYTES } from '../event.ts';
import { Refusal } from '../refusal.ts';
import type { TlsFiles } from '../tls/server.ts';
import { createArguments } from './arguments.ts';
import { authOf } from './auth.ts';
import { NO_FILE, over, readConfigFile, refuseReferences } from './config-file.ts';
import { tlsOf } from './tls.ts';

/** What the functions know of settings: their schemas and the registry of adapters. */
export type Known = Omit<typeof forStart, 'defaultAdapter'> & { readonly defaultAdapter: string };

/** Where the server listens and keeps its data, and the settings of the service. */
export interface Settings {
  /** 0 takes any free port. */
  port: number;
  host: string;
  dataDir: string;
  /** Where Prometheus asks for metrics; absent if nobody does. */
  metrics: { readonly port: number; readonly host: string } | undefined;
  /** embedded: on disk in dataDir; memory: gone when the process ends. */
  table: 'embedded' | 'memory';
  /** Paths of the files for https; absent for http. */
  tls: TlsFiles | undefined;
  /** A sentence for each setting of the file that is not used. */
  notes: readonly string[];
  service: ServiceInput;
}

/** What OCCI_CONFIG holds, except for the table; the functions check it and add the defaults. */
export interface ServiceInput {
  adapter: { name: string; site: string; settings: Record<string, unknown> };
  auth: readonly unknown[];
  local: true;
  [setting: string]: unknown;
}

/**
 * Defaults of `npm start` that differ from those of a deployment. API Gateway bounds the headers of an answer by a size
 * that has not been measured yet, so a deployment starts low; here no gateway does (ADR-11).
 */
export const LOCAL_DEFAULTS = { limits: { responseHeaderBytes: 32_768 } } as const;

/** Settings of the service that have arguments of their own, or that no argument decides. */
const NOT_BY_NAME: readonly string[] = ['adapter', 'auth', 'table', 'authorizerParameters', 'local', 'https'];

/** The settings of the service that arguments of the same name decide. */
export const serviceFields = (known: Known): readonly Field[] =>
  fieldsOf(known.service).filter(({ key }) => !NOT_BY_NAME.includes(key.split(/\W/)[0]!));

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the settings.
 * @param argv arguments, without node and script
 * @throws {Refusal} naming the argument or variable that is wrong, or the address that must not be served
 * @throws {WrongSettings} for an adapter that does not exist
 */
export const readSettings = async (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  known: Known,
): Promise<Settings> => {
  refuseVariables(argv);
  const args = createArguments(argv, env);
  const port = readPort('PORT', env.PORT || '3300');
  const config = args.take('config', '');
  const file = config === '' ? NO_FILE : readConfigFile(config, known.notInFile);
  const table = tableOf(args.take('table', 'embedded'));
  const name = args.take('adapter', textOr(file.adapter.name, known.defaultAdapter));
  const module = await known.adapterModule(name);
  const auth = authOf(args.take('auth', ''), file, name, module);
  const site = args.take('site', textOr(file.adapter.site, 'local'));
  const tls = tlsOf(args, auth);
  const ofService = serviceFields(known);
  const given = Object.entries(args.settings([...fieldsOf(module.settings), ...ofService]));
  const isOfService = ([key]: readonly [string, unknown]) => ofService.some((field) => field.key === key);
  const own = Object.fromEntries(given.filter((one) => !isOfService(one)));
  // The settings of another cloud would mean nothing to this one.
  const settingsOfAdapter = file.adapter.name === name ? over(own, file.settings) : own;
  refuseReferences(known.referencesIn(module, settingsOfAdapter), file);
  const service: ServiceInput = {
    adapter: { ...file.adapter, name, site, settings: settingsOfAdapter },
    auth,
    local: true,
    ...(tls && { https: true }),
    ...withDefaults(over(Object.fromEntries(given.filter(isOfService)), file.service)),
  };
  const settings: Settings = {
    port,
    host: env.HOST || '127.0.0.1',
    dataDir: env.DATA_DIR || './data',
    metrics: metricsOf(env),
    table,
    tls,
    notes: file.notes,
    service,
  };
  refuseLargeBodies(service.limits);
  refuseAnonymousOffLoopback(settings);
  return settings;
};

/** Variables that are taken for arguments: they say where to serve, and hosts set them. */
const VARIABLES: Readonly<Record<string, string>> = { port: 'PORT', host: 'HOST', 'data-dir': 'DATA_DIR' };

function refuseVariables(argv: readonly string[]): void {
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const isGiven = argv.some((argument) => argument === `--${name}` || argument.startsWith(`--${name}=`));
    if (isGiven) throw new Refusal(`--${name} is the variable ${variable}: ${variable}=… npm start`);
  }
}

/** Puts the defaults of `npm start` below what was given. What is not a map is left for the check of the functions. */
const withDefaults = (given: Record<string, unknown>): Record<string, unknown> => {
  const { limits = {} } = given;
  return { ...given, limits: isMap(limits) ? { ...LOCAL_DEFAULTS.limits, ...limits } : limits };
};

/** A name in the file; one that is no text is named by the check of the functions. */
const textOr = (value: unknown, absent: string): string => (value === undefined ? absent : String(value));

const tableOf = (text: string): Settings['table'] => {
  if (text === 'embedded' || text === 'memory') return text;
  throw new Refusal(`--table "${text}" is not one of: embedded, memory`);
};

const readPort = (variable: string, text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new Refusal(`${variable} "${text}" is not a port: a whole number up to 65535`);
  return port;
};

const metricsOf = ({ METRICS_PORT, METRICS_HOST }: Readonly<Record<string, string | undefined>>) => {
  if (METRICS_PORT) return { port: readPort('METRICS_PORT', METRICS_PORT), host: METRICS_HOST || '127.0.0.1' };
  if (METRICS_HOST) throw new Refusal('METRICS_HOST needs METRICS_PORT');
};

/** Room for the headers beside a body as large as the settings allow. */
const HEADERS_BYTES = 512 * 1024;

/** The largest result of a function that is sent, in bytes of JSON: that of Lambda, unless the settings allow more. */
export const maxAnswerBytes = ({ limits }: Readonly<Record<string, unknown>>): number =>
  Math.max(EVENT_LIMIT_BYTES, (isMap(limits) ? Number(limits.responseBytes ?? 0) : 0) + HEADERS_BYTES);

/** Refuses a limit above what the server reads: a larger body would never get as far as the functions. */
const refuseLargeBodies = (limits: unknown): void => {
  const bodyBytes = isMap(limits) ? Number(limits.bodyBytes) : Number.NaN;
  if (!(bodyBytes > LOCAL_LIMITS.each)) return;
  throw new Refusal(
    `--limits.bodyBytes ${bodyBytes} is more than this server reads: choose ${LOCAL_LIMITS.each} at most`,
  );
};

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|0:0:0:0:0:0:0:1)$/;

const refuseAnonymousOffLoopback = ({ host, service }: Settings): void => {
  if (LOOPBACK.test(host) || !service.auth.includes('anonymous')) return;
  throw new Refusal(
    `HOST ${host} can be reached from outside and requests need no credentials: serve on 127.0.0.1, or choose a scheme ` +
      'that knows its callers, such as --auth basic with a cloud that checks passwords',
  );
};
