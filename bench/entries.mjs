/** For each bench with a name, its entry point and the files of its processes, below `bench/`. */
const BENCHES = {
  auth: ['auth'],
  opennebula: ['opennebula', 'opennebula/stand-in', 'opennebula/calls', 'opennebula/lister'],
  ec2: ['ec2', 'ec2/account'],
  openstack: ['openstack', 'openstack/lister'],
  cold: ['cold', 'cold/world'],
};

/** The generator has a folder; its process is started as `dist/bench/generator.mjs`. */
const sourceOf = (name) => (name === 'generator' ? 'generator/generator' : name);

/**
 * What esbuild bundles for a bench; the first is its entry point.
 * @param {string} [adapter] name of a bench; without it, the bench of the endpoint
 * @returns {{ in: string, out: string }[]}
 */
export const entriesFor = (adapter) =>
  (BENCHES[adapter] ?? ['bench', 'generator', 'hello', 'codec']).map((name) => ({
    in: `bench/${sourceOf(name)}.ts`,
    out: name,
  }));

/**
 * True for the name of a bench.
 * @param {string} [name]
 */
export const isNamed = (name) => Object.hasOwn(BENCHES, name ?? '');
