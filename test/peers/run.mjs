// npm run test:peers: what stands against peers over the wire. It installs each peer that the selected tests need, once,
// starts moto, MiniStack and OpenStack for all tests, and runs them. Where a peer cannot be, its tests are left out; only where CI is set that is a failure.
import { installMinistack } from '../deployed/install.mjs';
import { startMinistack } from '../deployed/ministack.mjs';
import { listTests, runJest } from '../jest.mjs';
import { installMoto } from './install-moto.mjs';
import { Missing } from './installed.mjs';
import { installJocci } from './jocci/install-jocci.mjs';
import { installKeystone } from './keystone/install-keystone.mjs';
import { startMoto } from './moto.mjs';
import { installOpenStack } from './openstack/install-openstack.mjs';
import { startOpenStack } from './openstack/openstack.mjs';

/** Each peer, with the tests that need it, by their paths. One that is started is told to the tests by its variables. */
const PEERS = {
  moto: {
    tests: '/(ec2|tables/moto|keystone/logins-on-ec2)',
    install: installMoto,
    start: async () => {
      const { endpoint, stop } = await startMoto();
      return { env: { MOTO_ENDPOINT: endpoint }, stop };
    },
  },
  dynalite: { tests: '/tables/dynalite', install: async () => {} },
  MiniStack: {
    tests: '/tables/ministack',
    install: installMinistack,
    start: async () => {
      const { endpoint, stop } = await startMinistack();
      return { env: { MINISTACK_ENDPOINT: endpoint }, stop };
    },
  },
  Keystone: { tests: '/keystone/', install: installKeystone },
  jOCCI: { tests: '/jocci/', install: installJocci },
  OpenStack: {
    tests: '/openstack[./-]',
    install: installOpenStack,
    start: async () => {
      const { keystone, database, stop } = await startOpenStack();
      return { env: { OPENSTACK_KEYSTONE: keystone, OPENSTACK_DATABASE: database }, stop };
    },
    // One that somebody has started.
    isThere: () => process.env.OPENSTACK_KEYSTONE !== undefined,
  },
};

// Behind what was given, for jest takes a pattern after it for one more of its own.
const argumentsWith = (...more) => [
  ...process.argv.slice(2),
  '--testTimeout=30000',
  '--testMatch=**/test/{adapters,peers}/**/*.peer.ts',
  ...more,
];

const selected = listTests(argumentsWith());
const needs = ({ tests }) => selected.some((path) => new RegExp(tests).test(path));
for (const path of selected) {
  if (!Object.values(PEERS).some(({ tests }) => new RegExp(tests).test(path)))
    throw new Error(`${path} needs none of the peers: name it in ${import.meta.url}`);
}

/** A peer that is ready; undefined where there can be none. */
const ready = async ([name, { install, start, isThere }]) => {
  try {
    if (isThere?.()) return { env: {} };
    await install();
    return (await start?.()) ?? { env: {} };
  } catch (error) {
    if (!(error instanceof Missing) || process.env.CI) throw error;
    console.error(`The tests with ${name} are left out: ${error.message}.`);
    return undefined;
  }
};

const needed = Object.entries(PEERS).filter(([, peer]) => needs(peer));
const peers = await Promise.all(needed.map(ready));
const missing = needed.filter((_, index) => !peers[index]).map(([, { tests }]) => tests);
const left = missing.length > 0 ? [`--testPathIgnorePatterns=${missing.join('|')}`, '--passWithNoTests'] : [];
process.exitCode = await runJest(argumentsWith(...left), Object.assign({}, ...peers.map((peer) => peer?.env)));
for (const peer of peers) await peer?.stop?.();
