import { replays } from '../replay.ts';
import { notReplayed } from './not-replayed.ts';
import { scenes } from './scenes/index.ts';

replays('nova', {
  recorded: 244,
  scenes,
  notReplayed,
  free: [/instance_name$/, /adminPass$/, /keypair\/(private_key|public_key|fingerprint)$/],
});
