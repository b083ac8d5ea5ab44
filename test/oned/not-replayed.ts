/** Recordings that the stand-in does not answer as oned did, with the reason; the test holds that no other is left out. */
export const NOT_REPLAYED: Readonly<Record<string, string>> = {
  'one.host.info--ok': 'Only administrators see hosts; PCI devices, NUMA nodes and their monitoring are not kept.',
  'one.system.config--as-alice': 'Never called: the answer holds a key of the site (ONE_KEY).',
  'system.listMethods--ok': 'Names what the stand-in has, which is what a facade calls.',
};
