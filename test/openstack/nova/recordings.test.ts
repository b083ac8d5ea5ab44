import { replays } from '../replay.ts';
import { notReplayed } from './not-replayed.ts';
import { scenes } from './scenes/index.ts';

replays('nova', {
  recorded: 244,
  scenes,
  notReplayed,
  free: [
    // Counts the servers of the whole site.
    /instance_name$/,
    // Secrets and keys, of which no two are alike.
    /adminPass$/,
    /keypair\/(private_key|public_key|fingerprint)$/,
  ],
});
