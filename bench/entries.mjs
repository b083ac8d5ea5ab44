/** For each adapter, the entry point of its bench and the files of its processes, below `bench/`. */
const ADAPTERS = {
  opennebula: ['opennebula', 'opennebula/stand-in', 'opennebula/calls', 'opennebula/lister'],
  ec2: ['ec2', 'ec2/account'],
};

/** The generator has a folder; its process is started as `dist/bench/generator.mjs`. */
const sourceOf = (name) => (name === 'generator' ? 'generator/generator' : name);

/**
 * What esbuild bundles for a bench; the first is its entry point.
 * @param {string} [adapter] name of an adapter; without it, the bench of the endpoint
 * @returns {{ in: string, out: string }[]}
 */
export const entriesFor = (adapter) =>
  (ADAPTERS[adapter] ?? ['bench', 'generator', 'hello', 'codec']).map((name) => ({
    in: `bench/${sourceOf(name)}.ts`,
    out: name,
  }));

/**
 * True for the name of an adapter that has a bench.
 * @param {string} [name]
 */
export const isAdapter = (name) => Object.hasOwn(ADAPTERS, name ?? '');
