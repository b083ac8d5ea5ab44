const CUT = 'The recorder kept the beginning of the answer only.';

/** Recordings that the stand-in does not answer as Nova did, with the reason. */
export const notReplayed: Readonly<Record<string, string>> = {
  'nova.hypervisors.detail--admin': 'Only administrators see hosts, of which the stand-in has none to show.',
  'nova.images.detail--proxy-2.1': "Nova's copy of Glance's listing, gone from 2.36 on: images are read from Glance.",
  'nova.servers.create--user-data-too-long-400': 'The recorder shortened the text that the answer quotes.',
  'nova.servers.detail--1000-of-1090-2.1': CUT,
  'nova.servers.detail--1000-of-1090-latest': CUT,
  'nova.servers.detail--limit-100': CUT,
  'nova.servers.detail--limit-5000': CUT,
  'nova.servers.list--1000-of-1090': CUT,
  'nova.servers.show--error-with-fault-admin': 'An administrator sees the traceback of Python in the fault.',
  'nova.servers.show--same-port-at-once-outcome':
    'The loser of the same race, with another of its two sentences: the one in after-race-2 is replayed.',
};
