import { startOpenStack } from '../index.ts';
import { replays } from '../replay.ts';
import { notReplayed } from './not-replayed.ts';
import { scenes } from './scenes/index.ts';

const stand = await startOpenStack();
const hasVolumes = Boolean(stand.site.between.volumes);
await stand.close();

/** Until Cinder is part of the stand-in. */
const waiting = hasVolumes
  ? {}
  : Object.fromEntries(
      Object.keys(scenes)
        .filter((name) => /volume/.test(name))
        .map((name) => [name, 'There is no Cinder.']),
    );

replays('nova', {
  recorded: 244,
  scenes,
  notReplayed: { ...notReplayed, ...waiting },
  free: [
    // Counts the servers of the whole site.
    /instance_name$/,
    // Secrets and keys, of which no two are alike.
    /adminPass$/,
    /keypair\/(private_key|public_key|fingerprint)$/,
  ],
});
