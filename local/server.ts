/** `npm start`, once everything is installed and built: gateway, functions and embedded table in one process. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Bodies, LOCAL_LIMITS } from './body.ts';
import { ending, endOn } from './ending.ts';
import { createGateway, createGatewayServer, type Handler, type Listener } from './gateway.ts';
import { listen } from './listen.ts';
import { Refusal } from './refusal.ts';
import { createRouter, type FunctionEntry, readFunctions } from './routes.ts';
import { helpFor } from './settings/help.ts';
import { maxAnswerBytes, readSettings, type Settings } from './settings/settings.ts';
import { readTls } from './tls/server.ts';
import { welcome } from './welcome.ts';

/** The project's folder, seen from dist/local/. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const start = async (): Promise<void> => {
  for (const [name, value] of Object.entries(ENVIRONMENT)) process.env[name] ||= value;
  const argv = process.argv.slice(2);
  const services: Services = await load('dist/functions/services.mjs');
  if (argv.includes('--help')) return console.log(await refused(helpFor(argv, process.env, services.forStart)));
  const settings = await refused(readSettings(argv, process.env, services.forStart));
  const functions = readFunctions(readFileSync(`${ROOT}serverless.yml`, 'utf8'));
  const router = createRouter(functions);

  // Bind the port first: if it is in use, the server is probably running already. Early requests wait.
  let listener: Listener = (req, res) => void opened.then(() => listener(req, res));
  const server = createGatewayServer((req, res) => listener(req, res), settings.tls && readTls(settings.tls));
  const end = ending(server);
  const authority = await listen(server, settings);
  const opened = open(settings, functions, services);
  const { store, handlers, metrics } = await opened;
  const gateway = createGateway(router, handlers, new Bodies(LOCAL_LIMITS), maxAnswerBytes(settings.service));
  listener = metrics ? metrics.counted(gateway, router) : gateway;

  endOn(['SIGINT', 'SIGTERM'], async () => {
    await end();
    metrics?.close();
    await store?.close();
  });
  const url = `${settings.tls ? 'https' : 'http'}://${authority}`;
  for (const line of welcome(url, settings, metrics?.url)) console.log(line);
};

/** Opens the table and loads the functions as Lambda does: sets the environment, then imports the module. */
const open = async (settings: Settings, functions: FunctionEntry[], services: Services) => {
  // Loaded after the functions, whose class of errors it throws (build.mjs).
  const store =
    settings.table === 'embedded' ? await (await import('./store/open.ts')).openStore(settings.dataDir) : undefined;
  if (store) services.useTable(store.table);
  process.env.OCCI_CONFIG = JSON.stringify({ ...settings.service, table: { kind: 'memory' } });
  const handlers = new Map<string, Handler>();
  for (const { name, module, handler } of functions) handlers.set(name, (await load(module))[handler]);
  // A function reports wrong settings only at its first request; `npm start` should fail with them at once.
  await refused(services.serviceFromEnvironment());
  const metrics = settings.metrics && (await (await import('./metrics.ts')).startMetrics(settings.metrics));
  return { store, handlers, metrics };
};

const load = (module: string) => import(pathToFileURL(ROOT + module).href);

/** The bundle that all functions share. It is loaded when the server starts, never bundled with it. */
type Services = typeof import('../functions/services.ts');

/** Turns wrong settings into a refusal. */
const refused = async <T>(result: Promise<T>): Promise<T> => {
  try {
    return await result;
  } catch (error) {
    // Anything else is a bug, not a setting. The class is compared by name, since it lives in another bundle.
    if (!(error instanceof Error) || !/^(WrongSettings|Error)$/.test(error.name)) throw error;
    const [what, ...issues] = error.message.split(/\s*\n\s*/);
    const lines = issues.map((line) => line.replace(/\.$/, '')).join('; ');
    throw new Refusal([what, lines].join(' ').trim(), { cause: error });
  }
};

/** Variables that Lambda sets for a function, unless they are set already. */
const ENVIRONMENT = {
  AWS_REGION: 'local',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  POWERTOOLS_SERVICE_NAME: 'serverless-occi',
  POWERTOOLS_LOG_LEVEL: 'WARN',
  POWERTOOLS_METRICS_DISABLED: 'true',
};

start().catch((error) => {
  console.error(error instanceof Refusal ? `serverless-occi: ${error.message}` : error);
  process.exit(1);
});
