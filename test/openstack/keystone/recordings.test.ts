import { replays } from '../replay.ts';
import { notReplayed } from './not-replayed.ts';
import { scenes } from './scenes.ts';

replays('keystone', {
  recorded: 66,
  scenes,
  notReplayed,
  free: [
    // Random texts, no two alike.
    /audit_ids\[\]$/,
    /application_credential\/secret$/,
    // Placement is not part of the stand-in.
    /catalog\[\]\/(name|type|endpoints\[\]\/url)$/,
  ],
});
