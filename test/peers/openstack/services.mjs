// The processes of a control plane, each with its command, on ports of their own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from './database.mjs';
import { own, PYTHON, programPath, VENV } from './paths.mjs';
import { freePorts, listens, supervise } from './processes.mjs';
import { APIS, SECRET, settingsOf, socketIn } from './settings.mjs';

const isRoot = process.getuid?.() === 0;
/** MariaDB asks root to say so. */
const asRoot = isRoot ? ['--user=root'] : [];

/** Services that listen on no path, and serve.py starts each. */
const MODULES = {
  keystone: 'keystone.wsgi.api',
  glance: 'glance.wsgi.api',
  placement: 'placement.wsgi.api',
  nova: 'nova.wsgi.osapi_compute',
  neutron: 'neutron.wsgi.api',
  cinder: 'cinder.wsgi.api',
};

/** Programs that work behind the APIs, with the module and function that each starts at. */
const WORKERS = {
  'neutron-rpc-server': ['neutron.cmd.server', 'main_rpc'],
  'cinder-scheduler': ['cinder.cmd.scheduler', 'main'],
  'cinder-volume': ['cinder.cmd.volume', 'main'],
  'nova-conductor': ['nova.cmd.conductor', 'main'],
  'nova-scheduler': ['nova.cmd.scheduler', 'main'],
  'nova-compute': ['nova.cmd.compute', 'main'],
};

/** Native threads instead of eventlet's. */
const THREADS = { OS_NOVA_DISABLE_EVENTLET_PATCHING: 'true', CINDER_DISABLE_EVENTLET_PATCHING: 'true' };

/**
 * A folder with the settings of everything, and what can be started in it.
 * @param {string} folder where databases and images are, or will be
 */
export const siteIn = async (folder) => {
  const ports = await freePorts([...APIS, 'queue', 'distribution', 'epmd', 'memcached']);
  const etc = join(folder, 'etc');
  for (const name of ['log', 'lock', 'queue', 'images', 'state/nova', 'state/neutron', 'state/cinder'])
    mkdirSync(join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(settingsOf({ folder, venv: VENV, ports }))) {
    mkdirSync(dirname(join(etc, name)), { recursive: true });
    writeFileSync(join(etc, name), text);
  }

  const processes = supervise(folder);
  const socket = socketIn(folder);
  const files = {
    keystone: ['keystone/keystone.conf'],
    glance: ['glance/glance-api.conf'],
    placement: ['placement/placement.conf'],
    nova: ['nova/nova.conf'],
    neutron: ['neutron/neutron.conf', 'neutron/ml2.ini'],
    cinder: ['cinder/cinder.conf'],
  };
  const options = (service) => files[service].flatMap((name) => ['--config-file', join(etc, name)]);
  const python = [PYTHON, '-W', 'ignore'];

  const site = {
    folder,
    ports,
    socket,
    processes,
    keystone: `http://127.0.0.1:${ports.keystone}/v3`,

    /** A console program of a service, such as nova-manage, to its end. */
    manage: (service, module, ...args) => {
      const name = `${service}-manage`;
      const program = [own('program.py'), name, module, 'main'];
      return processes.run(name, [...python, ...program, ...options(service), ...args], THREADS);
    },

    /** Statements of SQL. */
    sql: (statements) => sql(socket, statements),

    /** An empty MariaDB, whose root needs no password. */
    makeDatabase: () => {
      const options = ['--no-defaults', ...asRoot, `--datadir=${join(folder, 'db')}`, '--skip-test-db'];
      const program = [programPath('mariadb-install-db'), ...options, '--auth-root-authentication-method=normal'];
      return processes.run('mariadb-install-db', program);
    },

    startDatabase: async () => {
      processes.start('mariadbd', [
        programPath('mariadbd'),
        '--no-defaults',
        ...asRoot,
        `--datadir=${join(folder, 'db')}`,
        `--socket=${socket}`,
        '--skip-networking',
        '--skip-log-bin',
        '--max-connections=1000',
        '--character-set-server=utf8mb3',
        // What a crash would lose is thrown away with the folder.
        '--innodb-flush-log-at-trx-commit=0',
        '--innodb-flush-method=nosync',
        '--innodb-log-file-size=16M',
        '--innodb-buffer-pool-size=256M',
      ]);
      await processes.until('MariaDB', () => listens(socket));
    },

    startQueue: () => {
      processes.start('memcached', [
        programPath('memcached'),
        ...(isRoot ? ['-u', 'root'] : []),
        ...['-l', '127.0.0.1', '-p', String(ports.memcached), '-m', '64'],
      ]);
      const erlang = { ERL_EPMD_PORT: String(ports.epmd), ERL_EPMD_ADDRESS: '127.0.0.1', HOME: join(folder, 'queue') };
      // RabbitMQ would start one of its own, which stays.
      processes.start('epmd', [programPath('epmd')], erlang);
      processes.start('rabbitmq', [programPath('rabbitmq-server')], {
        ...erlang,
        // Without a shell around it.
        RUNNING_UNDER_SYSTEMD: 'true',
        // Its schedulers would spin while they wait.
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none',
        RABBITMQ_NODENAME: `stack${ports.queue}@localhost`,
        RABBITMQ_DIST_PORT: String(ports.distribution),
        RABBITMQ_MNESIA_BASE: join(folder, 'queue'),
        RABBITMQ_LOGS: '-',
        RABBITMQ_CONFIG_FILE: join(etc, 'rabbit.conf'),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'queue', 'plugins'),
      });
    },

    queueListens: () => processes.until('RabbitMQ', () => listens(ports.queue)),

    startApi: (name) => {
      const folderOfSettings = (variable, of) => ({ [`OS_${variable}_CONFIG_DIR`]: join(etc, of) });
      const env = {
        keystone: folderOfSettings('KEYSTONE', 'keystone'),
        glance: folderOfSettings('GLANCE', 'glance'),
        placement: folderOfSettings('PLACEMENT', 'placement'),
        nova: {
          ...folderOfSettings('NOVA', 'nova'),
          OS_NOVA_CONFIG_FILES: `${join(VENV, 'etc/nova/api-paste.ini')};nova.conf`,
        },
        neutron: { ...folderOfSettings('NEUTRON', 'neutron'), OS_NEUTRON_CONFIG_FILES: 'neutron.conf;ml2.ini' },
        cinder: {},
      };
      const rest = name === 'cinder' ? options('cinder') : [];
      const argv = [...python, own('serve.py'), MODULES[name], String(ports[name]), ...rest];
      processes.start(name, argv, { ...THREADS, ...env[name] });
    },

    startWorker: (name) => {
      const argv = [...python, own('program.py'), name, ...WORKERS[name], ...options(name.slice(0, name.indexOf('-')))];
      processes.start(name, argv, THREADS);
    },

    startAgent: () =>
      processes.start('l2agent', [
        ...python,
        own('l2agent.py'),
        ...options('neutron'),
        '--config-file',
        join(etc, 'neutron/l2agent.ini'),
      ]),

    /** Waits for the first answer of an API: it listens before its application is loaded. */
    answers: (name) =>
      processes.until(name, async () => {
        const response = await fetch(`http://127.0.0.1:${ports[name]}/`, { redirect: 'manual' });
        await response.arrayBuffer();
        return true;
      }),
  };
  return site;
};

/** The administrator's login. */
export const ADMIN = { name: 'admin', password: SECRET, project: 'admin' };
